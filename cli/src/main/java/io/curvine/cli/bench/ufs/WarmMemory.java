/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.ufs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Memory of the machine that was in use a moment ago. A virtual machine may give what is free back
 * to its host, and gets it again by a fault for every piece, at 1 GiB/s or less: that would count
 * for whoever writes what is new into the page cache, as a cache does, and not for whoever reads
 * into a buffer that it has. Without state.
 */
final class WarmMemory {
  private static final int CHUNK_BYTES = 1 << 20;

  private WarmMemory() {}

  /** Uses so many bytes in the page cache, and gives them back to the kernel at once. */
  static void prepare(Path directory, long bytes) throws IOException {
    Path file = Files.createTempFile(directory, "warm-", ".tmp");
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (FileChannel out = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += chunk.limit()) {
        for (chunk.clear(); chunk.hasRemaining(); ) {
          out.write(chunk);
        }
      }
    } finally {
      Files.delete(file);
    }
  }
}
