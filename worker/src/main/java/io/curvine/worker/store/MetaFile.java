/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * The form of a block's {@code .meta} file, big-endian: two header slots of 64 bytes, written in
 * turn so that a torn one leaves the other, then 16 bytes a page. Every slot and entry ends with
 * its own CRC32C; what does not match is taken for absent.
 *
 * <pre>
 * header: magic i32, state i32, inode i64, version i64, index i32, page size i32, valid length i64,
 *         sequence i64, 0 x 12, crc i32
 * entry:  length i32, crc of the page's bytes i32, flags i32 (1: the crc is not known), crc i32
 * </pre>
 */
final class MetaFile {
  static final int SLOT_BYTES = 64;
  static final int ENTRIES_AT = 2 * SLOT_BYTES;
  static final int ENTRY_BYTES = 16;
  private static final int MAGIC = 0x43764D31;
  private static final int FLAG_OPEN = 1;

  private MetaFile() {}

  /** What a header says. */
  record Header(BlockKey key, BlockState state, long validLength, long sequence) {}

  static void writeHeader(FileChannel file, Header header) throws IOException {
    ByteBuffer slot = ByteBuffer.allocate(SLOT_BYTES);
    slot.putInt(MAGIC).putInt(header.state.code());
    slot.putLong(header.key.inode()).putLong(header.key.version()).putInt(header.key.index());
    slot.putInt(Limits.PAGE_SIZE_BYTES).putLong(header.validLength).putLong(header.sequence);
    slot.position(SLOT_BYTES - Integer.BYTES);
    slot.putInt(checksum(slot.array(), SLOT_BYTES - Integer.BYTES, 0));
    Io.writeFully(file, slot.flip(), (header.sequence & 1) * SLOT_BYTES);
  }

  /** The newest header that is whole; null where there is none of this format. */
  static Header readHeader(ByteBuffer meta) {
    Header first = slot(meta, 0);
    Header second = slot(meta, SLOT_BYTES);
    if (first == null || second == null) {
      return first == null ? second : first;
    }
    return first.sequence > second.sequence ? first : second;
  }

  private static Header slot(ByteBuffer meta, int at) {
    if (meta.limit() < at + SLOT_BYTES) {
      return null;
    }
    byte[] bytes = new byte[SLOT_BYTES];
    meta.get(at, bytes);
    ByteBuffer slot = ByteBuffer.wrap(bytes);
    boolean whole =
        slot.getInt(SLOT_BYTES - Integer.BYTES) == checksum(bytes, SLOT_BYTES - Integer.BYTES, 0);
    if (!whole || slot.getInt() != MAGIC) {
      return null;
    }
    BlockState state = BlockState.ofCode(slot.getInt());
    BlockKey key = new BlockKey(slot.getLong(), slot.getLong(), slot.getInt());
    boolean known = state != null && slot.getInt() == Limits.PAGE_SIZE_BYTES;
    return known ? new Header(key, state, slot.getLong(), slot.getLong()) : null;
  }

  /** Writes one page's entry; length 0 says that it is missing. */
  static void writeEntry(FileChannel file, int page, int length, int crc, boolean open)
      throws IOException {
    ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
    entry.putInt(length).putInt(crc).putInt(open ? FLAG_OPEN : 0);
    entry.putInt(checksum(entry.array(), ENTRY_BYTES - Integer.BYTES, page));
    Io.writeFully(file, entry.flip(), ENTRIES_AT + (long) page * ENTRY_BYTES);
  }

  /** Reads the entries into pages; torn ones are missing, and what the data file lacks. */
  static Pages readPages(ByteBuffer meta, long dataLength) {
    Pages pages = new Pages();
    byte[] bytes = new byte[ENTRY_BYTES];
    for (int page = 0; ENTRIES_AT + (page + 1) * ENTRY_BYTES <= meta.limit(); page++) {
      meta.get(ENTRIES_AT + page * ENTRY_BYTES, bytes);
      ByteBuffer entry = ByteBuffer.wrap(bytes);
      int length = entry.getInt();
      int crc = entry.getInt();
      boolean open = entry.getInt() == FLAG_OPEN;
      boolean whole = entry.getInt() == checksum(bytes, ENTRY_BYTES - Integer.BYTES, page);
      boolean there = (long) page * Limits.PAGE_SIZE_BYTES + length <= dataLength;
      if (whole && there && length > 0 && length <= Limits.PAGE_SIZE_BYTES) {
        if (open) {
          pages.putOpen(page, length);
        } else {
          pages.put(page, length, crc);
        }
      }
    }
    return pages;
  }

  private static int checksum(byte[] bytes, int length, int salt) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    crc.update(salt);
    crc.update(salt >> 8);
    return (int) crc.getValue();
  }
}
