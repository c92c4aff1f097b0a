/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.chaos.readers.Content.Stamp;
import io.curvine.chaos.readers.Content.TornException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Every part of an object tells what it is of, and a mixture of two is found out. */
final class ContentTest {
  private static final Stamp STAMP = Stamp.of("d/k", 7, 1_000);

  @Test
  void everyPartTellsWhatItIsOf() throws Exception {
    byte[] all = Content.of(STAMP);
    assertThat(all).hasSize(1_000);
    for (int from = 0; from <= 1_000 - Content.LENGTH_MIN_BYTES; from++) {
      for (int to : new int[] {from + Content.LENGTH_MIN_BYTES, 1_000}) {
        assertThat(Content.stamp(Arrays.copyOfRange(all, from, to), from)).isEqualTo(STAMP);
      }
    }
  }

  @Test
  void anyOtherByteIsTorn() {
    for (int i = 0; i < 1_000; i++) {
      byte[] all = Content.of(STAMP);
      all[i]++;
      assertThatThrownBy(() -> Content.stamp(all, 0)).isInstanceOf(TornException.class);
    }
  }

  @Test
  void aTailOfAnotherNumberOrOfAnotherKeyIsTorn() {
    for (Stamp other : new Stamp[] {Stamp.of("d/k", 8, 1_000), Stamp.of("d/l", 7, 1_000)}) {
      byte[] mixed = Content.of(STAMP);
      System.arraycopy(Content.of(other), 990, mixed, 990, 10);
      assertThatThrownBy(() -> Content.stamp(mixed, 0))
          .isInstanceOf(TornException.class)
          .hasMessageContaining("not so at 99");
    }
  }

  @Test
  void bytesAtAnotherPlaceAreTorn() {
    byte[] part = Arrays.copyOfRange(Content.of(STAMP), 160, 320);
    assertThatThrownBy(() -> Content.stamp(part, 320)).isInstanceOf(TornException.class);
  }

  @Test
  void bytesPastTheEndAreTorn() {
    byte[] longer = Content.of(STAMP);
    assertThatThrownBy(() -> Content.stamp(Arrays.copyOf(longer, 1_016), 0))
        .isInstanceOf(TornException.class);
  }
}
