/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HdfsPathsTest {
  private final HdfsPaths below = new HdfsPaths("host:8020", "/a/b");
  private final HdfsPaths all = new HdfsPaths("host:8020", "");

  @Test
  void aPathIsFromTheLocation() {
    assertThat(below.path("")).hasToString("hdfs://host:8020/a/b");
    assertThat(below.path("c d/%41").toUri().getPath()).isEqualTo("/a/b/c d/%41");
    assertThat(all.path("")).hasToString("hdfs://host:8020/");
    assertThat(all.path("c").toUri().getPath()).isEqualTo("/c");
    assertThat(below.name("c")).isEqualTo("hdfs://host:8020/a/b/c");
    assertThat(all.name("")).isEqualTo("hdfs://host:8020");
  }

  @Test
  void whatIsInTheLocationIsFound() {
    assertThat(below.relative("/a/b/c/d")).contains("c/d");
    assertThat(below.relative("/a/b")).contains("");
    assertThat(below.relative("/a/bc")).isEmpty();
    assertThat(below.relative("/a")).isEmpty();
    assertThat(all.relative("/a/b")).contains("a/b");
  }

  @Test
  void whatIsAboveTheLocationIsFound() {
    assertThat(below.isBelow("/a")).isTrue();
    assertThat(below.isBelow("/")).isTrue();
    assertThat(below.isBelow("/a/b")).isFalse();
    assertThat(below.isBelow("/a/bc")).isFalse();
    assertThat(all.isBelow("/a")).isFalse();
  }
}
