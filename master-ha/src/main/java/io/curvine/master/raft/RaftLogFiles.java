/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a Raft log that is not open. */
public final class RaftLogFiles {
  private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?(\\d+)(?:-\\d+)?");

  private final Path directory;

  /**
   * @param storage the directory given to Raft
   */
  public RaftLogFiles(Path storage, UUID group) {
    this.directory = storage.resolve(group.toString()).resolve("current");
  }

  /** Whether Raft has begun here. */
  public boolean exists() {
    return Files.isDirectory(directory);
  }

  /** Index of the first entry kept; empty where there is no log. */
  public OptionalLong firstIndex() throws IOException {
    return segments().stream().mapToLong(RaftLogFiles::start).min();
  }

  /** Puts the log aside. Term and vote stay: this master must not vote twice in a term. */
  public void moveTo(Path aside) throws IOException {
    Files.createDirectories(aside);
    for (Path segment : segments()) {
      Files.move(segment, aside.resolve(segment.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  private List<Path> segments() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      entries.filter(entry -> start(entry) >= 0).forEach(found::add);
    }
    return found;
  }

  private static long start(Path file) {
    Matcher name = SEGMENT.matcher(file.getFileName().toString());
    return name.matches() ? Long.parseLong(name.group(1)) : -1;
  }
}
