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
  private JournalCopy() {}

  /** All of a journal that nobody has open. */
  static void copy(Path from, List<Long> baseOffsets, Path to) throws IOException {
    linkClosed(from, baseOffsets, to);
    copyNewest(from, baseOffsets, Long.MAX_VALUE, to);
  }

  /** All segments but the newest, into {@code to}, which holds none. */
  static void linkClosed(Path from, List<Long> baseOffsets, Path to) throws IOException {
    Files.createDirectories(to);
    for (long base : baseOffsets.subList(0, baseOffsets.size() - 1)) {
      linkIfThere(from, to, base, JournalFiles.CHAIN);
      linkIfThere(from, to, base, JournalFiles.INDEX);
      JournalFiles.linkOrCopy(
          JournalFiles.path(from, base, JournalFiles.LOG),
          JournalFiles.path(to, base, JournalFiles.LOG));
    }
  }

  /**
   * The newest segment, which is copied, not linked, as it still changes; to close it instead would
   * hold who appends for some fsyncs. All that was linked and copied is durable then.
   *
   * @param maxBytes of it; it may be longer by now
   */
  static void copyNewest(Path from, List<Long> baseOffsets, long maxBytes, Path to)
      throws IOException {
    long base = baseOffsets.get(baseOffsets.size() - 1);
    linkIfThere(from, to, base, JournalFiles.CHAIN);
    JournalFiles.copy(
        JournalFiles.path(from, base, JournalFiles.LOG),
        JournalFiles.path(to, base, JournalFiles.LOG),
        maxBytes);
    JournalFiles.syncDirectory(to);
  }

  private static void linkIfThere(Path from, Path to, long base, String suffix) throws IOException {
    Path source = JournalFiles.path(from, base, suffix);
    if (Files.exists(source)) {
      JournalFiles.linkOrCopy(source, JournalFiles.path(to, base, suffix));
    }
  }
}
