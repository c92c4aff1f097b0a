/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How often one thread can append to a file and have it on the disk (fdatasync): the least that a
 * mutation waits for. Stateless.
 */
final class FsyncProbe {
  /** About what a small command takes in the log. */
  private static final int APPEND_BYTES = 256;

  private FsyncProbe() {}

  /** Measures in a file of its own in that directory, and deletes it. */
  static Measured run(Path directory, Duration duration) throws IOException {
    Path file = Files.createTempFile(directory, "fsync-probe-", ".tmp");
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.APPEND)) {
      byte[] bytes = new byte[APPEND_BYTES];
      ThreadLocalRandom.current().nextBytes(bytes);
      Measured measured = new Measured();
      long start = System.nanoTime();
      long from = start;
      while (from - start < duration.toNanos()) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(false);
        long now = System.nanoTime();
        measured.succeeded(Stage.FSYNC, now - from, 1);
        from = now;
      }
      measured.ended(from - start, false);
      return measured;
    } finally {
      Files.delete(file);
    }
  }
}
