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

class RemotePathTest {
  @ParameterizedTest
  @CsvSource({"/,/", "//,/", "/a/,/a", "//a//b/./c//,/a/b/c", "/.,/"})
  void isTidied(String typed, String path) throws CliException {
    assertThat(RemotePath.parse(typed).text()).isEqualTo(path);
  }

  @Test
  void hasToBeAbsolute() {
    assertThatThrownBy(() -> RemotePath.parse("a/b"))
        .hasMessage("path 'a/b' is not absolute; allowed: a path that begins with '/'");
  }

  @Test
  void childAndName() throws CliException {
    assertThat(RemotePath.ROOT.child("a").text()).isEqualTo("/a");
    assertThat(RemotePath.parse("/a/b").name()).isEqualTo("b");
    assertThat(RemotePath.ROOT.name()).isEmpty();
  }
}
