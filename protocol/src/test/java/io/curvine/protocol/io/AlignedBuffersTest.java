/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class AlignedBuffersTest {
  @Test
  void aBufferBeginsAtAPageAndHasTheSizeThatWasAsked() {
    for (int bytes : new int[] {0, 1, 100, 4095, 4096, 4097, 1 << 20}) {
      ByteBuffer buffer = AlignedBuffers.allocate(bytes);
      assertThat(buffer.capacity()).isEqualTo(bytes);
      assertThat(buffer.isDirect()).isTrue();
      assertThat(buffer.alignmentOffset(0, 4096)).isZero();
    }
  }
}
