/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Names and numbers of this machine's users and groups. Immutable. */
final class Accounts {
  private final Map<Integer, String> names = new HashMap<>();
  private final Map<String, Integer> numbers = new HashMap<>();
  private final String what;

  private Accounts(String what, Path file) {
    this.what = what;
    try {
      for (String line : Files.readAllLines(file)) {
        String[] fields = line.split(":", -1);
        if (fields.length > 2 && fields[2].matches("\\d{1,9}")) {
          names.putIfAbsent(Integer.valueOf(fields[2]), fields[0]);
          numbers.putIfAbsent(fields[0], Integer.valueOf(fields[2]));
        }
      }
    } catch (IOException e) {
      names.clear(); // a system without that file has numbers only
    }
  }

  static Accounts users() {
    return new Accounts("user", Path.of("/etc/passwd"));
  }

  static Accounts groups() {
    return new Accounts("group", Path.of("/etc/group"));
  }

  /** The name, or the number where there is none. */
  String name(int number) {
    return names.getOrDefault(number, Integer.toUnsignedString(number));
  }

  /**
   * The number of a name, or the number that is written.
   *
   * @throws CliException where it is neither
   */
  int number(String text) throws CliException {
    Integer known = numbers.get(text);
    if (known != null) {
      return known;
    }
    try {
      return Integer.parseUnsignedInt(text);
    } catch (NumberFormatException e) {
      throw new CliException(
          "there is no " + what + " '" + text + "' on this machine; allowed: a name or a number",
          e);
    }
  }
}
