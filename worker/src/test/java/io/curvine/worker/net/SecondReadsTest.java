/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.worker.store.BlockKey;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SecondReadsTest {
  private static final BlockKey KEY = new BlockKey(1, 1, 0);

  private final AtomicLong clock = new AtomicLong(-3);
  private final SecondReads reads = new SecondReads(clock::get);

  @Test
  void aReadPieceByPieceIsOne() {
    for (int i = 0; i < 100; i++) {
      assertThat(reads.isSecond(KEY)).isFalse();
      clock.addAndGet(SecondReads.ONE_READ_NANOS - 1);
    }
    clock.addAndGet(1);
    assertThat(reads.isSecond(KEY)).isTrue();
  }

  @Test
  void afterALongTimeItIsTheFirstAgain() {
    assertThat(reads.isSecond(KEY)).isFalse();
    clock.addAndGet(SecondReads.WITHIN_NANOS);
    assertThat(reads.isSecond(KEY)).isFalse();
    clock.addAndGet(SecondReads.WITHIN_NANOS - 1);
    assertThat(reads.isSecond(KEY)).isTrue();
    clock.addAndGet(SecondReads.ONE_READ_NANOS);
    assertThat(reads.isSecond(KEY)).isFalse();
  }

  @Test
  void thoseReadLongestAgoAreForgottenWhereThereAreTooMany() {
    boolean[] seconds = new boolean[2];
    boolean unused = reads.isSecond(KEY);
    clock.addAndGet(SecondReads.ONE_READ_NANOS);
    for (int i = 1; i <= SecondReads.BLOCKS_MAX; i++) {
      seconds[0] |= reads.isSecond(new BlockKey(2, 1, i));
    }
    clock.addAndGet(SecondReads.ONE_READ_NANOS);
    seconds[1] = reads.isSecond(new BlockKey(2, 1, SecondReads.BLOCKS_MAX));
    assertThat(seconds).containsExactly(false, true);
    assertThat(reads.isSecond(KEY)).isFalse();
  }
}
