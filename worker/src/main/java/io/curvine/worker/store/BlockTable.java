/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.block.Crc32c;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.function.BiConsumer;

/**
 * The blocks of a directory, in one file that is read as a whole at a start: a row of 128 bytes
 * each, big-endian. A row has two slots, written in turn, so that a torn one leaves the other. Rows
 * of zeros are free. Thread-safe; a row belongs to its block.
 *
 * <pre>
 * slot: magic i32 (0x43764232), state i32, inode i64, version i64, index i32, flags i32 (1: count
 *       the pages; 2: a policy keeps it; 4: published while it is written), valid length i64,
 *       bytes of its pages i64, sequence i64, 0 x 4, crc i32
 * </pre>
 */
final class BlockTable implements AutoCloseable {
  static final int SLOT_BYTES = 64;
  static final int ROW_BYTES = 2 * SLOT_BYTES;
  private static final int MAGIC = 0x43764232;
  private static final int FLAG_COUNT = 1;
  private static final int FLAG_KEPT = 2;
  private static final int FLAG_PUBLISHED = 4;
  private static final int CHECK_AT = SLOT_BYTES - Integer.BYTES;
  private static final int READ_ROWS = 8192;

  private final FileChannel file;
  private final BitSet taken = new BitSet();

  private BlockTable(FileChannel file) {
    this.file = file;
  }

  /**
   * What a row says.
   *
   * @param bytes of its pages together; where {@code counted} is false they have to be counted
   * @param kept by a policy
   * @param published of a block that is written: its writer told the masters of it
   * @param sequence of the row, growing
   */
  record Row(
      BlockKey key,
      BlockState state,
      long validLength,
      long bytes,
      boolean counted,
      boolean kept,
      boolean published,
      long sequence) {
    /** Of a new block. */
    static Row empty(BlockKey key, BlockState state) {
      return new Row(key, state, 0, 0, false, false, false, 0);
    }
  }

  /** Opens the table, or makes it, and tells of each row. */
  static BlockTable open(Path path, BiConsumer<Integer, Row> rows) throws IOException {
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    BlockTable table = new BlockTable(file);
    try {
      table.readAll(rows);
      return table;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private void readAll(BiConsumer<Integer, Row> rows) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(READ_ROWS * ROW_BYTES);
    long size = file.size();
    for (long at = 0; at < size; at += buffer.capacity()) {
      Io.readPadded(file, buffer.clear(), at);
      buffer.flip();
      int first = (int) (at / ROW_BYTES);
      for (int i = 0; i < READ_ROWS; i++) {
        Row row = readRow(buffer, i * ROW_BYTES);
        if (row != null) {
          taken.set(first + i);
          rows.accept(first + i, row);
        }
      }
    }
  }

  /** The newer slot that is whole; null: the row is free. */
  private static Row readRow(ByteBuffer rows, int at) {
    Row first = readSlot(rows.duplicate().position(at).limit(at + SLOT_BYTES));
    Row second = readSlot(rows.duplicate().position(at + SLOT_BYTES).limit(at + ROW_BYTES));
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return first.sequence > second.sequence ? first : second;
  }

  private static Row readSlot(ByteBuffer slot) {
    int at = slot.position();
    if (slot.getInt(at) != MAGIC) {
      return null;
    }
    int check = Crc32c.of(slot.duplicate().limit(at + CHECK_AT));
    if (slot.getInt(at + CHECK_AT) != check) {
      return null;
    }
    slot.getInt();
    BlockState state = BlockState.ofCode(slot.getInt());
    BlockKey key = new BlockKey(slot.getLong(), slot.getLong(), slot.getInt());
    int flags = slot.getInt();
    boolean counted = (flags & FLAG_COUNT) == 0;
    boolean kept = (flags & FLAG_KEPT) != 0;
    boolean published = (flags & FLAG_PUBLISHED) != 0;
    Row row =
        new Row(
            key, state, slot.getLong(), slot.getLong(), counted, kept, published, slot.getLong());
    return state == null ? null : row;
  }

  /** A free row, which is taken from now on. */
  synchronized int take() {
    int row = taken.nextClearBit(0);
    taken.set(row);
    return row;
  }

  /** Writes a row. */
  void write(int row, Row content) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    slot.putInt(MAGIC).putInt(content.state.code());
    slot.putLong(content.key.inode()).putLong(content.key.version()).putInt(content.key.index());
    slot.putInt(
        (content.counted ? 0 : FLAG_COUNT)
            | (content.kept ? FLAG_KEPT : 0)
            | (content.published ? FLAG_PUBLISHED : 0));
    slot.putLong(content.validLength).putLong(content.bytes).putLong(content.sequence);
    slot.putInt(CHECK_AT, Crc32c.of(slot.duplicate().position(0).limit(CHECK_AT)));
    Io.writeFully(file, slot.clear(), at(row) + (content.sequence & 1) * SLOT_BYTES);
  }

  /** Frees a row: there is no such block any more. */
  void free(int row) throws IOException {
    Io.writeFully(file, ByteBuffer.allocate(ROW_BYTES), at(row));
    synchronized (this) {
      taken.clear(row);
    }
  }

  private static long at(int row) {
    return (long) row * ROW_BYTES;
  }

  /** What was written survives a power failure. */
  void force() throws IOException {
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
