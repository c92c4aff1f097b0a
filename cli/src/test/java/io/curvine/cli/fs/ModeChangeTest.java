/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.fs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.cli.CliException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModeChangeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "755 0 0755", "4755 0 4755", "u+x 0644 0744", "go-r 0644 0600", "a=r 0777 0444",
            "+x 0644 0755",
        "u=rwx,go=rx 0 0755", "o+t 0777 1777", "u+s 0755 4755", "g+s 0755 2755", "a+X 0644 0644",
            "a+X 0744 0755",
      })
  void changes(String text, String before, String after) throws CliException {
    assertThat(ModeChange.parse(text).apply(Integer.parseInt(before, 8), false))
        .isEqualTo(Integer.parseInt(after, 8));
  }

  @Test
  void capitalXIsForDirectories() throws CliException {
    assertThat(ModeChange.parse("a+X").apply(0644, true)).isEqualTo(0755);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8", "77777", "z+x", "u*x", "u+x,", "rwx"})
  void others(String text) throws CliException {
    assertThatThrownBy(() -> ModeChange.parse(text))
        .hasMessage(
            "mode is '" + text + "'; allowed: octal 0 to 7777, or clauses such as u+rwx,go-w,a=rX");
  }
}
