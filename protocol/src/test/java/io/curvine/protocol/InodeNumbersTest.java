/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class InodeNumbersTest {
  @Test
  void everyCommandHasItsOwn() {
    long[] sessions = {1, 2, 3, 1L << 20, (1L << 30) - 1};
    long[] seqs = {1, 2, 3, 1L << 31, (1L << 32) - 1};
    Set<Long> all = new HashSet<>();
    for (long session : sessions) {
      for (long seq : seqs) {
        long inode = InodeNumbers.ofCommand(session, seq);
        assertThat(inode).isPositive();
        assertThat(InodeNumbers.isOfCommand(inode)).isTrue();
        all.add(inode);
      }
    }
    assertThat(all).hasSize(sessions.length * seqs.length);
  }

  @Test
  void whatIsTooLargeHasNone() {
    assertThat(InodeNumbers.ofCommand(0, 1)).isEqualTo(InodeNumbers.NONE);
    assertThat(InodeNumbers.ofCommand(1, 0)).isEqualTo(InodeNumbers.NONE);
    assertThat(InodeNumbers.ofCommand(1L << 30, 1)).isEqualTo(InodeNumbers.NONE);
    assertThat(InodeNumbers.ofCommand(1, 1L << 32)).isEqualTo(InodeNumbers.NONE);
    assertThat(InodeNumbers.isOfCommand(1L << 40)).isFalse();
    assertThat(InodeNumbers.isOfCommand(InodeNumbers.NONE)).isFalse();
  }
}
