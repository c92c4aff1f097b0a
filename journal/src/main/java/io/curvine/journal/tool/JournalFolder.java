/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.JournalFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What files a journal's directory has. Immutable.
 *
 * @param segments ascending
 * @param foreign files that do not belong there
 * @param leftovers of a change that did not end, or is going on; the next start removes them
 */
record JournalFolder(List<SegmentFile> segments, List<Path> foreign, List<Path> leftovers) {
  private static final Pattern NAME = Pattern.compile("(\\d{20})\\.(log|index|chain)(\\.tmp)?");

  /** A segment and where it begins. */
  record SegmentFile(Path log, long baseOffset) {
    Path beside(String suffix) {
      return log.resolveSibling(
          JournalFiles.path(Path.of(""), baseOffset, suffix).getFileName().toString());
    }
  }

  static JournalFolder of(Path directory) throws IOException {
    List<SegmentFile> segments = new ArrayList<>();
    List<Path> foreign = new ArrayList<>();
    List<Path> beside = new ArrayList<>();
    List<Path> leftovers = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches() || baseOffset(name).isEmpty() || Files.isDirectory(entry)) {
          foreign.add(entry);
        } else if (matcher.group(3) != null) {
          leftovers.add(entry);
        } else if (name.endsWith(JournalFiles.LOG)) {
          segments.add(new SegmentFile(entry, baseOffset(name).getAsLong()));
        } else {
          beside.add(entry);
        }
      }
    }
    for (Path file : beside) {
      long base = baseOffset(file.getFileName().toString()).getAsLong();
      if (segments.stream().noneMatch(segment -> segment.baseOffset() == base)) {
        leftovers.add(file);
      }
    }
    return new JournalFolder(segments, foreign, leftovers);
  }

  /** The first offset that a file's name gives; empty where it gives none. */
  static OptionalLong baseOffset(String name) {
    Matcher matcher = NAME.matcher(name);
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(matcher.group(1)));
    } catch (NumberFormatException e) {
      return OptionalLong.empty(); // more than an offset can be
    }
  }

  /** The segment that holds an offset, if any does. */
  Optional<SegmentFile> holding(long offset) {
    SegmentFile found = null;
    for (SegmentFile segment : segments) {
      if (segment.baseOffset() <= offset) {
        found = segment;
      }
    }
    return Optional.ofNullable(found);
  }

  /** The one that follows. */
  Optional<SegmentFile> after(SegmentFile segment) {
    return segments.stream().filter(each -> each.baseOffset() > segment.baseOffset()).findFirst();
  }
}
