/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Makes another directory hold the same journal. */
final class JournalCopy {
  /** The newest segment is copied, not linked, as it still changes. */
  static final long COPY_MAX_BYTES = 1 << 20;

  private JournalCopy() {}

  /**
   * Into {@code to}, which holds no segments; durable when it returns.
   *
   * @param newestMaxBytes of the newest segment, which may be longer by now
   */
  static void copy(Path from, List<Long> baseOffsets, long newestMaxBytes, Path to)
      throws IOException {
    Files.createDirectories(to);
    for (int i = 0; i < baseOffsets.size(); i++) {
      long base = baseOffsets.get(i);
      linkIfThere(from, to, base, JournalFiles.CHAIN);
      if (i < baseOffsets.size() - 1) {
        linkIfThere(from, to, base, JournalFiles.INDEX);
      }
      Path source = JournalFiles.path(from, base, JournalFiles.LOG);
      Path target = JournalFiles.path(to, base, JournalFiles.LOG);
      if (i < baseOffsets.size() - 1) {
        JournalFiles.linkOrCopy(source, target);
      } else {
        JournalFiles.copy(source, target, newestMaxBytes);
      }
    }
    JournalFiles.syncDirectory(to);
  }

  private static void linkIfThere(Path from, Path to, long base, String suffix) throws IOException {
    Path source = JournalFiles.path(from, base, suffix);
    if (Files.exists(source)) {
      JournalFiles.linkOrCopy(source, JournalFiles.path(to, base, suffix));
    }
  }
}
