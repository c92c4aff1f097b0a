/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a Raft log that is not open. */
public final class RaftLogFiles {
  private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_(\\d+)|(\\d+)-(\\d+))");
  private static final String META = "raft-meta";

  private final Path directory;

  /**
   * @param storage the directory given to Raft
   */
  public RaftLogFiles(Path storage, UUID group) {
    this.directory = storage.resolve(group.toString()).resolve("current");
  }

  /**
   * One file of the log.
   *
   * @param last index of the last entry of one that is closed; -1 of the one that is written
   */
  record File(Path path, long first, long last) {
    boolean open() {
      return last < 0;
    }
  }

  /** Whether Raft has begun here. */
  public boolean exists() {
    return Files.isDirectory(directory);
  }

  /** Index of the first entry kept; empty where there is no log. */
  public OptionalLong firstIndex() throws IOException {
    return files().stream().mapToLong(File::first).min();
  }

  /** Puts the log aside. Term and vote stay: this master must not vote twice in a term. */
  public void moveTo(Path aside) throws IOException {
    move(files(), aside);
  }

  void move(List<File> files, Path aside) throws IOException {
    Files.createDirectories(aside);
    for (File file : files) {
      Path target = aside.resolve(file.path().getFileName());
      Files.move(file.path(), target, StandardCopyOption.ATOMIC_MOVE);
    }
    sync(aside);
    sync(directory);
  }

  /** Leaves the beginning of a file, which then is the one that is written; the rest is copied. */
  void cut(File file, long goodBytes, Path aside) throws IOException {
    Files.createDirectories(aside);
    Path copy = aside.resolve(file.path().getFileName());
    Files.copy(file.path(), copy, StandardCopyOption.REPLACE_EXISTING);
    try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    sync(aside);
    try (FileChannel channel = FileChannel.open(file.path(), StandardOpenOption.WRITE)) {
      channel.truncate(goodBytes);
      channel.force(true);
    }
    if (!file.open()) {
      Path open = directory.resolve("log_inprogress_" + file.first());
      Files.move(file.path(), open, StandardCopyOption.ATOMIC_MOVE);
    }
    sync(directory);
  }

  /** Ascending. */
  List<File> files() throws IOException {
    if (!exists()) {
      return List.of();
    }
    List<File> found = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        Matcher name = SEGMENT.matcher(entry.getFileName().toString());
        if (name.matches()) {
          boolean open = name.group(1) != null;
          found.add(
              new File(
                  entry,
                  Long.parseLong(name.group(open ? 1 : 2)),
                  open ? -1 : Long.parseLong(name.group(3))));
        }
      }
    }
    found.sort(Comparator.comparingLong(File::first));
    return found;
  }

  /** The file with term and vote. */
  Path meta() {
    return directory.resolve(META);
  }

  private static void sync(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
