/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.CliException;
import io.curvine.protocol.io.AlignedBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/** A file whose pages of 4 KiB begin with their place in it, so that readers can see. Stateless. */
final class DataFile {
  static final int PAGE_BYTES = 4 << 10;
  static final int CHUNK_BYTES = 1 << 20;

  private DataFile() {}

  /** Makes one, through whatever file system the path is of. */
  static void make(Path path, long bytes) throws IOException {
    byte[] random = new byte[CHUNK_BYTES];
    ThreadLocalRandom.current().nextBytes(random);
    ByteBuffer chunk = AlignedBuffers.allocate(CHUNK_BYTES).put(random);
    try (FileChannel out =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += CHUNK_BYTES) {
        for (int page = 0; page < CHUNK_BYTES; page += PAGE_BYTES) {
          chunk.putLong(page, at + page);
        }
        for (chunk.clear(); chunk.hasRemaining(); ) {
          out.write(chunk);
        }
      }
    }
  }

  /** Reads all of it once, from its beginning. */
  static void readAll(FileChannel file) throws IOException {
    long bytes = file.size();
    long[] next = {0};
    Jobs.Step step = reading(file, CHUNK_BYTES, () -> next[0]);
    for (; next[0] < bytes; next[0] += CHUNK_BYTES) {
      var unused = step.run();
    }
  }

  /**
   * Reads from it, a request at a time, and compares the first bytes of each.
   *
   * @param places where requests begin, in bytes
   */
  static Jobs.Step reading(FileChannel file, int requestBytes, LongSupplier places) {
    ByteBuffer buffer = AlignedBuffers.allocate(requestBytes);
    return () -> {
      long at = places.getAsLong();
      buffer.clear().limit(requestBytes);
      while (buffer.hasRemaining()) {
        if (file.read(buffer, at + buffer.position()) < 0) {
          throw new CliException("the file that is read ends before " + (at + requestBytes));
        }
      }
      if (buffer.getLong(0) != at) {
        throw new CliException(
            "read " + buffer.getLong(0) + " at " + at + " of a file that has its places there");
      }
      return requestBytes;
    };
  }

  /** One after the other in the part of one job of several, round and round. */
  static LongSupplier sequential(long fileBytes, int requestBytes, int job, int jobs) {
    long requests = fileBytes / requestBytes / jobs;
    long first = requests * job;
    long[] done = {0};
    return () -> (first + done[0]++ % requests) * requestBytes;
  }

  /** Anywhere. */
  static LongSupplier random(long fileBytes, int requestBytes) {
    long requests = fileBytes / requestBytes;
    return () -> ThreadLocalRandom.current().nextLong(requests) * requestBytes;
  }
}
