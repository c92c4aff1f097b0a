/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.disk.DirectoryLock;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.StateDirectory;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a tool finds a state: a master's data directory, a snapshot, or what a replay made. A data
 * directory is held while this is open, so that no master starts on it; one on which a master runs
 * is refused. Nothing in it is written. Thread-safe.
 */
public final class StatePlace implements AutoCloseable {
  private static final StoreSettings SETTINGS =
      new StoreSettings(8L << 20, 32L << 20, 16L << 20, true);

  private final Path root;
  private final Path state;
  private final DirectoryLock lock;

  private StatePlace(Path root, Path state, DirectoryLock lock) {
    this.root = root;
    this.state = state;
    this.lock = lock;
  }

  /**
   * Finds what a directory is.
   *
   * @throws IOException where it holds no state, or a master runs on it
   */
  public static StatePlace open(Path directory) throws IOException {
    if (Files.isDirectory(directory.resolve(SnapshotStore.DATABASE))) {
      return new StatePlace(directory, directory, null);
    }
    Path states = directory.resolve("state");
    if (!Files.isDirectory(states)) {
      throw new IOException(
          directory
              + " holds no state; allowed: a master's data directory, a snapshot, or what a replay"
              + " made");
    }
    DirectoryLock lock = hold(directory);
    try {
      Optional<Path> current = StateDirectory.current(states);
      if (current.isEmpty() || !Files.isDirectory(current.get().resolve(SnapshotStore.DATABASE))) {
        throw new IOException(
            states + " does not say which state is in use; its snapshots may be of use");
      }
      return new StatePlace(directory, current.get(), lock);
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  /**
   * Holds a data directory.
   *
   * @throws IOException where a master runs on it
   */
  static DirectoryLock hold(Path directory) throws IOException {
    return DirectoryLock.takeIfUsed(directory).orElseThrow(() -> inUse(directory));
  }

  /**
   * As {@link #hold}, also where no master has run yet: none starts meanwhile.
   *
   * @throws IOException where a master runs on it
   */
  static DirectoryLock claim(Path directory) throws IOException {
    return DirectoryLock.take(directory).orElseThrow(() -> inUse(directory));
  }

  private static IOException inUse(Path directory) {
    return new IOException(
        "a master, or a tool, runs on "
            + directory
            + "; allowed: one of its snapshots, in "
            + snapshots(directory)
            + ", or to stop it first");
  }

  static Path snapshots(Path dataDirectory) {
    return dataDirectory.resolve("snapshots");
  }

  /** The state, for reading. The caller closes it. */
  public StateStore openState() throws IOException {
    return openState(database());
  }

  static StateStore openState(Path database) throws IOException {
    return StateStore.openReadOnly(database, SETTINGS);
  }

  /** As it was given. */
  public Path root() {
    return root;
  }

  /** The state's database. */
  public Path database() {
    return state.resolve(SnapshotStore.DATABASE);
  }

  /** The journal beside it. */
  public Path journal() {
    return state.resolve(SnapshotStore.JOURNAL);
  }

  /** Whether it is a master's data directory. */
  public boolean isDataDirectory() {
    return lock != null;
  }

  @Override
  public void close() throws IOException {
    if (lock != null) {
      lock.close();
    }
  }
}
