/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.journal.JournalLog;
import io.curvine.master.disk.Quarantine;
import io.curvine.protocol.io.FileTrees;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the live state and journal are: one directory a generation, and a file {@code CURRENT} with
 * the number of the one in use, replaced by rename. So another state takes over at once or not at
 * all. One thread at a time.
 */
public final class StateDirectory {
  private static final String CURRENT = "CURRENT";
  private static final String SUSPECT = "suspect";

  private final Path root;
  private final Quarantine quarantine;

  private StateDirectory(Path root, Quarantine quarantine) {
    this.root = root;
    this.quarantine = quarantine;
  }

  /**
   * Opens it, and removes generations that are not in use. Where it does not say which one is, none
   * can be told from one that was being filled: all are put aside.
   *
   * @param quarantine where damaged generations are put
   */
  public static StateDirectory open(Path root, Quarantine quarantine) throws IOException {
    Files.createDirectories(root);
    StateDirectory directory = new StateDirectory(root, quarantine);
    Optional<Path> current = directory.current();
    if (current.isPresent() && Files.isDirectory(current.get().resolve(SnapshotStore.DATABASE))) {
      directory.removeOthers();
      return directory;
    }
    String why =
        current.isPresent() ? "it names " + current.get() + ", which is none" : "it is missing";
    for (Path generation : directory.generations()) {
      quarantine.put(generation, "state", root.resolve(CURRENT) + ": " + why);
    }
    if (current.isPresent()) {
      quarantine.put(root.resolve(CURRENT), "state-current", why);
    }
    return directory;
  }

  /** The generation in use. */
  public Optional<Path> current() throws IOException {
    return current(root);
  }

  /** The generation in use in a directory that is not opened. */
  public static Optional<Path> current(Path root) throws IOException {
    try {
      String number = Files.readString(root.resolve(CURRENT), StandardCharsets.US_ASCII);
      // A name that is none leads to a directory that does not exist.
      return Optional.of(root.resolve(number.trim().matches("\\d+") ? number.trim() : "none"));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** A new empty generation, not in use yet. */
  public Path prepare() throws IOException {
    long next = 1;
    for (Path generation : generations()) {
      next = Math.max(next, 1 + Long.parseLong(generation.getFileName().toString()));
    }
    Path made = Files.createDirectories(root.resolve(Long.toString(next)));
    SnapshotFiles.syncDirectory(root);
    return made;
  }

  /** Notes that what is in use is broken: a restart puts it aside. */
  void suspect(String why) throws IOException {
    Optional<Path> used = current();
    if (used.isPresent()) {
      SnapshotFiles.writeDurably(used.get().resolve(SUSPECT), why.getBytes(StandardCharsets.UTF_8));
      SnapshotFiles.syncDirectory(used.get());
    }
  }

  /**
   * Why the generation in use was found broken while it was served from; empty where it was not.
   */
  Optional<String> suspicion(Path generation) throws IOException {
    Path file = generation.resolve(SUSPECT);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /** Fills a prepared generation with what a snapshot holds. */
  public static void fill(Path generation, Path snapshot) throws IOException {
    SnapshotFiles.linkDatabase(
        snapshot.resolve(SnapshotStore.DATABASE), generation.resolve(SnapshotStore.DATABASE));
    JournalLog.restore(
        snapshot.resolve(SnapshotStore.JOURNAL), generation.resolve(SnapshotStore.JOURNAL));
    SnapshotFiles.syncTree(generation);
  }

  /** From now on, and after a restart, this generation is in use. */
  public void use(Path generation) throws IOException {
    Path next = root.resolve(CURRENT + ".next");
    Files.writeString(next, generation.getFileName().toString(), StandardCharsets.US_ASCII);
    try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(
        next,
        root.resolve(CURRENT),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
    SnapshotFiles.syncDirectory(root);
  }

  /** Removes the generations that are not in use. */
  public void removeOthers() throws IOException {
    Optional<Path> used = current();
    for (Path generation : generations()) {
      if (used.isEmpty() || !generation.equals(used.get())) {
        FileTrees.delete(generation);
      }
    }
  }

  /** Puts a damaged generation aside. */
  void quarantine(Path damaged, String why) throws IOException {
    quarantine.put(damaged, "state", why);
  }

  private List<Path> generations() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.filter(entry -> entry.getFileName().toString().matches("\\d+")).toList();
    }
  }
}
