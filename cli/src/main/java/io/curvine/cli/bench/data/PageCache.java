/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import io.curvine.cli.CliException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The kernel's page cache. Stateless. */
final class PageCache {
  private PageCache() {}

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
