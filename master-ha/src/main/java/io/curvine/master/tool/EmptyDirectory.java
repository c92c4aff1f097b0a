/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a tool writes into holds nothing that could be lost. Stateless. */
final class EmptyDirectory {
  /** Made by the file system in the root of a disk. */
  static final String LOST_AND_FOUND = "lost+found";

  private EmptyDirectory() {}

  /**
   * Refuses what is there and not an empty directory.
   *
   * @throws IOException naming it
   */
  static void require(Path directory) throws IOException {
    if (directory.getFileName() == null) {
      throw new IOException(directory + " is not a directory to write into");
    }
    if (Files.exists(directory) && !isEmpty(directory)) {
      throw new IOException(
          directory + " is not empty; allowed: an empty directory, or one that does not exist");
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
  }

  /** Whether it is a directory in which there is nothing but what the file system made. */
  static boolean isEmpty(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.allMatch(entry -> entry.endsWith(LOST_AND_FOUND));
    }
  }
}
