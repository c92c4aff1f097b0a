/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ToldLengthsTest {
  private final ToldLengths lengths = new ToldLengths();

  @Test
  void anEndBeforeTheLengthToldMeanwhileIsTooEarly() {
    long since = System.nanoTime();
    assertThat(lengths.isCutShort(7, 0, since)).as("nothing was told").isFalse();
    lengths.told(7, 100);
    assertThat(lengths.isCutShort(7, 99, since)).isTrue();
    assertThat(lengths.isCutShort(7, 100, since)).isFalse();
    assertThat(lengths.isCutShort(7 + 4_096, 99, since)).as("another inode").isFalse();
    lengths.told(7, 50);
    assertThat(lengths.isCutShort(7, 99, since)).as("the kernel knows").isFalse();
  }

  @Test
  void whatWasToldLongBeforeIsNothingToThisRequest() {
    lengths.told(7, 100);
    long soon = System.nanoTime();
    assertThat(lengths.isCutShort(7, 99, soon + TimeUnit.SECONDS.toNanos(1))).isFalse();
  }
}
