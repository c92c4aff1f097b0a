/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.journal.JournalLog;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the live state and journal are: one directory a generation, and a file {@code CURRENT} with
 * the number of the one in use, replaced by rename. So another state takes over at once or not at
 * all. One thread at a time.
 */
public final class StateDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(StateDirectory.class);
  private static final String CURRENT = "CURRENT";

  private final Path root;
  private final Path quarantine;

  private StateDirectory(Path root, Path quarantine) {
    this.root = root;
    this.quarantine = quarantine;
  }

  /**
   * Opens it, and removes generations that are not in use.
   *
   * @param quarantine where damaged generations are put
   */
  public static StateDirectory open(Path root, Path quarantine) throws IOException {
    Files.createDirectories(root);
    StateDirectory directory = new StateDirectory(root, quarantine);
    directory.removeOthers();
    return directory;
  }

  /** The generation in use; a first, empty one is made where there is none. */
  public Path current() throws IOException {
    try {
      return root.resolve(
          Files.readString(root.resolve(CURRENT), StandardCharsets.US_ASCII).trim());
    } catch (NoSuchFileException e) {
      Path first = prepare();
      use(first);
      return first;
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
    if (!Files.exists(root.resolve(CURRENT))) {
      return;
    }
    Path used = current();
    for (Path generation : generations()) {
      if (!generation.equals(used)) {
        SnapshotFiles.deleteTree(generation);
      }
    }
  }

  /** Puts something damaged aside, for people to look at. */
  public void quarantine(Path damaged, String why) throws IOException {
    Files.createDirectories(quarantine);
    Path aside = quarantine.resolve(damaged.getFileName() + "-" + System.currentTimeMillis());
    Files.move(damaged, aside, StandardCopyOption.ATOMIC_MOVE);
    LOG.error("put {} aside as {}: {}", damaged, aside, why);
  }

  private List<Path> generations() throws IOException {
    try (Stream<Path> entries = Files.list(root)) {
      return entries.filter(entry -> entry.getFileName().toString().matches("\\d+")).toList();
    }
  }
}
