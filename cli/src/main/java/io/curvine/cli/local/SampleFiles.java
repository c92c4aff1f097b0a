/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A small UFS for those who have none at hand. Stateless. */
final class SampleFiles {
  private static final int NUMBERS = 10_000;
  private static final int RANDOM_BYTES = 5 << 20;

  private SampleFiles() {}

  /** Makes what is not there; files that exist stay as they are. */
  static void create(Path directory) throws IOException {
    Files.createDirectories(directory.resolve("tables"));
    Files.createDirectories(directory.resolve("binary"));
    write(
        directory.resolve("hello.txt"),
        "Hello from the under file store. This file lies in " + directory + "\n");
    write(
        directory.resolve("tables/squares.csv"),
        IntStream.rangeClosed(1, NUMBERS)
            .mapToObj(i -> i + "," + (long) i * i)
            .collect(Collectors.joining("\n", "number,square\n", "\n")));
    Path binary = directory.resolve("binary/random-5MiB.bin");
    if (!Files.exists(binary)) {
      byte[] bytes = new byte[RANDOM_BYTES];
      new Random(1).nextBytes(bytes);
      Files.write(binary, bytes);
    }
  }

  private static void write(Path file, String text) throws IOException {
    if (!Files.exists(file)) {
      Files.writeString(file, text);
    }
  }
}
