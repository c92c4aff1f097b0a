/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class PageEntryTest {
  private static ByteBuffer written(PageEntry entry, int page) {
    ByteBuffer bytes = ByteBuffer.allocate(BlockFileFormat.ENTRY_BYTES);
    entry.writeTo(page, bytes);
    assertThat(bytes.hasRemaining()).isFalse();
    return bytes.flip();
  }

  private static PageEntry entry() {
    PageEntry entry = new PageEntry();
    entry.setLength(3 * BlockFileFormat.CHUNK_BYTES + 5);
    for (int chunk = 0; chunk < entry.chunks(); chunk++) {
      entry.setSum(chunk, 77 * chunk);
    }
    entry.setOpen(2);
    return entry;
  }

  @Test
  void whatIsWrittenIsRead() {
    PageEntry read = PageEntry.readFrom(7, written(entry(), 7));
    assertThat(read.length()).isEqualTo(3 * BlockFileFormat.CHUNK_BYTES + 5);
    assertThat(read.chunks()).isEqualTo(4);
    assertThat(read.chunkLength(3)).isEqualTo(5);
    assertThat(read.chunkLength(4)).isZero();
    assertThat(read.sum(3)).isEqualTo(231);
    assertThat(read.isOpen(2)).isTrue();
    assertThat(read.isOpen(1)).isFalse();
    read.setSum(2, 1);
    assertThat(read.anyOpen()).isFalse();
  }

  @Test
  void anEntryOfAnotherPageIsNone() {
    assertThat(PageEntry.readFrom(8, written(entry(), 7))).isNull();
  }

  @Test
  void whatNobodyWroteIsNone() {
    assertThat(PageEntry.readFrom(0, ByteBuffer.allocate(BlockFileFormat.ENTRY_BYTES))).isNull();
  }

  @Test
  void aFlippedBitAnywhereThatCountsIsSeen() {
    for (int bit = 0; bit < 276 * 8; bit++) {
      ByteBuffer bytes = written(entry(), 7);
      bytes.put(bit / 8, (byte) (bytes.get(bit / 8) ^ 1 << bit % 8));
      assertThat(PageEntry.readFrom(7, bytes)).as("bit %s", bit).isNull();
    }
  }
}
