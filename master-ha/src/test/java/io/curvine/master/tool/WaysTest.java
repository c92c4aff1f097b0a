/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaysTest {
  private static Ways.Base snapshot(long offset) {
    return new Ways.Base("s" + offset, Path.of("s" + offset), offset);
  }

  private static Ways.Journal<String> journal(long from, long to) {
    return new Ways.Journal<>(from, to, from + "-" + to);
  }

  private static String way(Ways<String> ways, long offset) {
    return ways.to(offset, false)
        .map(way -> way.base().name() + " " + way.journal().reader())
        .orElse("none");
  }

  @Test
  void beginsFromTheNewestSnapshotThatAJournalGoesOnFrom() {
    Ways<String> ways =
        new Ways<>(
            List.of(Ways.Base.EMPTY, snapshot(100), snapshot(200)),
            List.of(journal(150, 300), journal(50, 100), journal(90, 200)));
    assertThat(way(ways, 300)).isEqualTo("s200 150-300");
    assertThat(way(ways, 200)).isEqualTo("s200 150-300");
    assertThat(way(ways, 199)).isEqualTo("s100 90-200");
    assertThat(way(ways, 100)).isEqualTo("s100 50-100");
    assertThat(way(ways, 99)).isEqualTo("none");
    assertThat(way(ways, 301)).isEqualTo("none");
    assertThat(ways.earliest()).hasValue(100);
    assertThat(ways.reachable(false)).isEqualTo("100 to 300");
    assertThat(ways.reachable(true)).isEmpty();
  }

  @Test
  void aWholeJournalLeadsEverywhere() {
    Ways<String> ways = new Ways<>(List.of(Ways.Base.EMPTY, snapshot(5)), List.of(journal(0, 9)));
    assertThat(way(ways, 4)).isEqualTo("the beginning 0-9");
    assertThat(way(ways, 5)).isEqualTo("s5 0-9");
    assertThat(ways.to(9, true).orElseThrow().base().isEmpty()).isTrue();
    assertThat(new Ways<>(List.of(snapshot(1)), List.of(journal(2, 3))).earliest()).isEmpty();
  }
}
