/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Holds a master's data directory: one process at a time, a master or a tool. The end of the
 * process gives it back. Thread-safe.
 */
public final class DirectoryLock implements AutoCloseable {
  private static final String FILE = "lock";

  private final FileChannel channel;

  private DirectoryLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the directory, which exists.
   *
   * @return empty where another has it
   */
  public static Optional<DirectoryLock> take(Path directory) throws IOException {
    return take(
        FileChannel.open(
            directory.resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE));
  }

  /**
   * As {@link #take}, and makes no file: where no master has run yet there is nothing to take.
   *
   * @return empty where another has it
   */
  public static Optional<DirectoryLock> takeIfUsed(Path directory) throws IOException {
    return Files.exists(directory.resolve(FILE))
        ? take(FileChannel.open(directory.resolve(FILE), StandardOpenOption.WRITE))
        : Optional.of(new DirectoryLock(null));
  }

  private static Optional<DirectoryLock> take(FileChannel channel) throws IOException {
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      return Optional.empty();
    }
    return Optional.of(new DirectoryLock(channel));
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
