/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import io.curvine.cli.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** The kernel's page cache. Stateless. */
public final class PageCache {
  private static final int CHUNK_BYTES = 1 << 20;

  private PageCache() {}

  /**
   * Fills memory with a file beside others, and frees it again. A virtual machine gives memory that
   * is free for some seconds back to its host, and gets it again at a fifteenth of the speed of
   * memory, page by page: who writes first would pay for all.
   */
  public static void warm(Path directory, long bytes) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
    Path scratch = Files.createTempFile(directory, "warm-", ".scratch");
    try (FileChannel out = FileChannel.open(scratch, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += CHUNK_BYTES) {
        for (chunk.clear(); chunk.hasRemaining(); ) {
          out.write(chunk, at + chunk.position());
        }
      }
    } finally {
      Files.delete(scratch);
    }
  }

  /** Has the kernel write and forget what it keeps of the files below a directory. */
  static void drop(Path directory) throws IOException, InterruptedException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(directory)) {
      files = all.filter(Files::isRegularFile).toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path file : files) {
      dropFile(file);
    }
  }

  private static void dropFile(Path file) throws IOException, InterruptedException {
    Process dd =
        new ProcessBuilder("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0")
            .redirectErrorStream(true)
            .redirectInput(Redirect.from(new java.io.File("/dev/null")))
            .start();
    String said =
        new String(dd.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (dd.waitFor() != 0) {
      throw new CliException("the page cache of " + file + " was not dropped: " + said.trim());
    }
  }
}
