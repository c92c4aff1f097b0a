/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import io.curvine.cli.CliException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A change of permission bits as chmod takes it: {@code 644} or {@code u+rwx,go-w}. Immutable. */
final class ModeChange {
  private static final int MODE_MAX = 07777;
  private static final Pattern CLAUSE = Pattern.compile("([ugoa]*)([-+=])([rwxXst]*)");

  private final List<Clause> clauses;

  private ModeChange(List<Clause> clauses) {
    this.clauses = clauses;
  }

  /**
   * Reads one.
   *
   * @throws CliException where it is neither octal nor clauses
   */
  static ModeChange parse(String text) throws CliException {
    if (text.matches("[0-7]{1,5}") && Integer.parseInt(text, 8) <= MODE_MAX) {
      int mode = Integer.parseInt(text, 8);
      return new ModeChange(List.of((bits, directory) -> mode));
    }
    List<Clause> clauses = new ArrayList<>();
    for (String clause : text.split(",", -1)) {
      Matcher parts = CLAUSE.matcher(clause);
      if (!parts.matches()) {
        throw new CliException(
            "mode is '" + text + "'; allowed: octal 0 to 7777, or clauses such as u+rwx,go-w,a=rX");
      }
      clauses.add(clause(parts.group(1), parts.group(2).charAt(0), parts.group(3)));
    }
    return new ModeChange(clauses);
  }

  /** The bits after the change. */
  int apply(int bits, boolean directory) {
    int changed = bits;
    for (Clause clause : clauses) {
      changed = clause.apply(changed, directory);
    }
    return changed;
  }

  private static Clause clause(String who, char operator, String rights) {
    int mask = 0;
    String classes = who.isEmpty() || who.contains("a") ? "ugo" : who;
    mask |= classes.contains("u") ? 04700 : 0;
    mask |= classes.contains("g") ? 02070 : 0;
    mask |= classes.contains("o") ? 01007 : 0;
    int affected = mask;
    return (bits, directory) -> {
      boolean execute =
          rights.contains("x") || (rights.contains("X") && (directory || (bits & 0111) != 0));
      int given =
          (rights.contains("r") ? 0444 : 0)
              | (rights.contains("w") ? 0222 : 0)
              | (execute ? 0111 : 0)
              | (rights.contains("s") ? 06000 : 0)
              | (rights.contains("t") ? 01000 : 0);
      IntUnaryOperator change =
          switch (operator) {
            case '+' -> old -> old | (given & affected);
            case '-' -> old -> old & ~(given & affected);
            default -> old -> (old & ~(affected & 0777)) | (given & affected);
          };
      return change.applyAsInt(bits);
    };
  }

  private interface Clause {
    int apply(int bits, boolean directory);
  }
}
