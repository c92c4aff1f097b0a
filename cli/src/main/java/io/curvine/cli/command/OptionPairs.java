/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.CliException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Options of a mount as they are typed: {@code s3.endpoint=http://...}. Stateless. */
public final class OptionPairs {
  private OptionPairs() {}

  /**
   * Reads them.
   *
   * @throws CliException where one is not key=value, or a key comes twice
   */
  public static Map<String, String> parse(List<String> texts) throws CliException {
    Map<String, String> options = new LinkedHashMap<>();
    for (String text : texts) {
      int equals = text.indexOf('=');
      if (equals <= 0) {
        throw new CliException("option is '" + text + "'; allowed: key=value");
      }
      if (options.put(text.substring(0, equals), text.substring(equals + 1)) != null) {
        throw new CliException("option '" + text.substring(0, equals) + "' is given twice");
      }
    }
    return options;
  }
}
