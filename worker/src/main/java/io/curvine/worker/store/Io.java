/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.Limits;
import io.curvine.protocol.io.AlignedBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/** Whole reads and writes at a position, and checksums of files. */
final class Io {
  /** A scratch page of each thread. */
  private static final ThreadLocal<ByteBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> AlignedBuffers.allocate(Limits.PAGE_SIZE_BYTES));

  private Io() {}

  static void writeFully(FileChannel file, ByteBuffer bytes, long at) throws IOException {
    long position = at;
    while (bytes.hasRemaining()) {
      position += file.write(bytes, position);
    }
  }

  /** Fills the buffer; what is past the end of the file reads as zero. */
  static void readPadded(FileChannel file, ByteBuffer into, long at) throws IOException {
    long position = at;
    while (into.hasRemaining()) {
      int count = file.read(into, position);
      if (count < 0) {
        while (into.hasRemaining()) {
          into.put((byte) 0);
        }
        return;
      }
      position += count;
    }
  }

  static int checksum(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  /** The CRC32C of part of a file; past its end are zeros. */
  static int checksum(FileChannel file, long at, int length) throws IOException {
    ByteBuffer page = SCRATCH.get().clear().limit(length);
    readPadded(file, page, at);
    return checksum(page.flip());
  }
}
