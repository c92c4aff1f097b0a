/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.JournalFiles;
import java.nio.file.Path;
import java.util.Optional;

/** Whether one segment goes on where the one before it ends. */
final class Seam {
  private Seam() {}

  static Optional<Finding> between(Path directory, SegmentResult before, SegmentResult after) {
    // What is known to be damaged was told.
    if (before.displaced() || after.displaced() || before.nextOffset() < 0) {
      return Optional.empty();
    }
    long end = before.nextOffset();
    if (end < after.baseOffset()) {
      return Optional.of(
          new Finding(
              Finding.Kind.GAP,
              JournalFiles.path(directory, end, JournalFiles.LOG),
              -1,
              end,
              "offsets "
                  + end
                  + " to "
                  + (after.baseOffset() - 1)
                  + " are missing: a segment with them is not there, or the one before was cut",
              Advice.FROM_ANOTHER_MASTER));
    }
    if (end > after.baseOffset()) {
      return Optional.of(
          new Finding(
              Finding.Kind.OVERLAP,
              JournalFiles.path(directory, after.baseOffset(), JournalFiles.LOG),
              0,
              after.baseOffset(),
              "it begins with offset "
                  + after.baseOffset()
                  + ", the segment before it ends before "
                  + end,
              Advice.FROM_ANOTHER_MASTER));
    }
    return chain(directory, before, after).or(() -> time(directory, before, after));
  }

  private static Optional<Finding> chain(
      Path directory, SegmentResult before, SegmentResult after) {
    if (before.chainEnd().isEmpty()
        || after.chainStart().isEmpty()
        || before.chainEnd().equals(after.chainStart())) {
      return Optional.empty();
    }
    // An empty segment's hash is in its file alone, which has no checksum.
    boolean inFileOnly = after.totals().events() == 0;
    return Optional.of(
        new Finding(
            inFileOnly ? Finding.Kind.CHAIN_FILE : Finding.Kind.CHAIN,
            JournalFiles.path(
                directory, after.baseOffset(), inFileOnly ? JournalFiles.CHAIN : JournalFiles.LOG),
            inFileOnly ? -1 : 0,
            after.baseOffset(),
            "it goes on from another hash than the segment before it ends with",
            inFileOnly ? Advice.CHAIN_FILE : Advice.COMPARE));
  }

  private static Optional<Finding> time(Path directory, SegmentResult before, SegmentResult after) {
    if (before.totals().events() == 0
        || after.totals().events() == 0
        || before.totals().lastNanos() <= after.totals().firstNanos()) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            Finding.Kind.TIME,
            JournalFiles.path(directory, after.baseOffset(), JournalFiles.LOG),
            0,
            after.baseOffset(),
            "time runs backwards, by "
                + (before.totals().lastNanos() - after.totals().firstNanos())
                + " ns",
            Advice.COMPARE));
  }
}
