/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlockHeaderTest {
  @Test
  void whatIsWrittenIsRead() {
    long seed = new Random().nextLong();
    System.out.println("BlockHeaderTest seed " + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 1_000; i++) {
      BlockOp op = BlockOp.ofCode((byte) (1 + random.nextInt(BlockOp.values().length)));
      BlockHeader header =
          new BlockHeader(
              op,
              random.nextInt(1 << 16),
              random.nextInt(1 << 16),
              random.nextLong(),
              random.nextLong(),
              random.nextLong(),
              random.nextInt(),
              random.nextInt(),
              random.nextLong(),
              random.nextLong(),
              random.nextInt(BlockHeader.MAX_EXTRA_BYTES + 1),
              random.nextInt(BlockHeader.MAX_PAYLOAD_BYTES + 1));
      ByteBuffer buffer = ByteBuffer.allocate(BlockHeader.BYTES);
      header.writeTo(buffer);
      assertThat(buffer.hasRemaining()).isFalse();
      assertThat(BlockHeader.readFrom(buffer.flip())).isEqualTo(header);
    }
  }

  @Test
  void whatIsNotAHeaderIsRefused() {
    ByteBuffer zeros = ByteBuffer.allocate(BlockHeader.BYTES);
    assertThatThrownBy(() -> BlockHeader.readFrom(zeros))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("magic");
    ByteBuffer large = ByteBuffer.allocate(BlockHeader.BYTES);
    new BlockHeader(BlockOp.READ, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0).writeTo(large);
    large.putInt(60, BlockHeader.MAX_PAYLOAD_BYTES + 1).flip();
    assertThatThrownBy(() -> BlockHeader.readFrom(large))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("limit");
  }

  @Test
  void everyOperationHasItsOwnCode() {
    for (BlockOp op : BlockOp.values()) {
      assertThat(BlockOp.ofCode(op.code())).isEqualTo(op);
    }
    assertThat(BlockOp.ofCode((byte) 0)).isNull();
    assertThat(BlockOp.ofCode((byte) -1)).isNull();
  }
}
