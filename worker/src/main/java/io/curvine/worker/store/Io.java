/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.Limits;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.io.AlignedBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Whole reads and writes at a position, and checksums of files. */
final class Io {
  private static final ThreadLocal<ByteBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> AlignedBuffers.allocate(Limits.PAGE_SIZE_BYTES));

  private Io() {}

  /** This thread's buffer of up to a page, until the next call. */
  static ByteBuffer scratch(int bytes) {
    return SCRATCH.get().clear().limit(bytes);
  }

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

  /** The CRC32C of part of a file, up to a page; past the file's end are zeros. */
  static int checksum(FileChannel file, long at, int length) throws IOException {
    ByteBuffer part = scratch(length);
    readPadded(file, part, at);
    return Crc32c.of(part.flip());
  }

  /** The names in a directory outlive a crash of the machine. */
  static void forceFolder(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
    }
  }
}
