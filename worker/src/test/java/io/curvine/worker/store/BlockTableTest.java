/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.Crc32c;
import io.curvine.worker.store.BlockTable.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BlockTableTest {
  @TempDir private Path directory;
  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("blocks.table");
  }

  private static Row row(long inode, long sequence) {
    return new Row(
        new BlockKey(inode, -2, 3),
        BlockState.CACHED,
        1 << 20,
        4711,
        sequence % 2 == 0,
        sequence % 3 == 0,
        sequence % 5 == 0,
        sequence);
  }

  private Map<Integer, Row> rows() throws IOException {
    Map<Integer, Row> rows = new TreeMap<>();
    BlockTable.open(file, rows::put).close();
    return rows;
  }

  @Test
  void whatWasWrittenLastIsFoundAndWhatWasFreedIsNot() throws IOException {
    try (BlockTable table = BlockTable.open(file, (index, row) -> {})) {
      for (int i = 0; i < 5; i++) {
        int index = table.take();
        assertThat(index).isEqualTo(i);
        table.write(index, row(i, 1));
        table.write(index, row(i, 2));
      }
      table.write(3, row(3, 3));
      table.free(1);
      assertThat(table.take()).isEqualTo(1);
    }
    assertThat(rows())
        .containsOnlyKeys(0, 2, 3, 4)
        .containsEntry(0, row(0, 2))
        .containsEntry(3, row(3, 3));
  }

  @Test
  void rowsThatAreFoundAreNotGivenAgain() throws IOException {
    try (BlockTable table = BlockTable.open(file, (index, row) -> {})) {
      table.write(table.take(), row(1, 1));
    }
    try (BlockTable table = BlockTable.open(file, (index, row) -> {})) {
      assertThat(table.take()).isEqualTo(1);
    }
  }

  @Test
  void aTornSlotLeavesTheOneBefore() throws IOException {
    try (BlockTable table = BlockTable.open(file, (index, row) -> {})) {
      table.write(table.take(), row(1, 6));
      table.write(0, row(1, 7));
    }
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 0; at < 60; at++) {
      byte[] torn = bytes.clone();
      torn[BlockTable.SLOT_BYTES + at] ^= 1; // of the odd sequence
      Files.write(file, torn);
      assertThat(rows()).as("byte %s", at).containsEntry(0, row(1, 6));
    }
  }

  /** As it was written before rows said what policies keep. */
  @Test
  void anOlderTableIsReadAndKeepsNothing() throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(BlockTable.ROW_BYTES);
    slot.putInt(0x43764232).putInt(1).putLong(7).putLong(2).putInt(3).putInt(1);
    slot.putLong(4096).putLong(4096).putLong(0);
    int checkAt = BlockTable.SLOT_BYTES - Integer.BYTES;
    slot.putInt(checkAt, Crc32c.of(slot.duplicate().position(0).limit(checkAt)));
    Files.write(file, slot.array());
    BlockKey key = new BlockKey(7, 2, 3);
    assertThat(rows())
        .containsExactly(
            Map.entry(0, new Row(key, BlockState.CACHED, 4096, 4096, false, false, false, 0)));
  }

  @Test
  void manyRowsAndATailThatIsCutOff() throws IOException {
    int count = 20_000;
    try (BlockTable table = BlockTable.open(file, (index, row) -> {})) {
      for (int i = 0; i < count; i++) {
        table.write(table.take(), row(i, 1));
      }
    }
    assertThat(rows()).hasSize(count).containsEntry(count - 1, row(count - 1, 1));
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 30));
    assertThat(rows()).hasSize(count - 1);
  }
}
