/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The two files of a block and their descriptors. Not thread-safe: its block guards it. */
final class BlockFiles {
  private final Path dataPath;
  private final Path metaPath;
  private final AtomicInteger openFiles;
  private FileChannel data;
  private FileChannel meta;

  BlockFiles(Path dataPath, Path metaPath, AtomicInteger openFiles) {
    this.dataPath = dataPath;
    this.metaPath = metaPath;
    this.openFiles = openFiles;
  }

  void create() throws IOException {
    Files.createDirectories(dataPath.getParent());
    open(
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.READ,
        StandardOpenOption.WRITE);
  }

  void open() throws IOException {
    if (data == null) {
      open(StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
  }

  private void open(StandardOpenOption... options) throws IOException {
    FileChannel first = FileChannel.open(dataPath, options);
    try {
      meta = FileChannel.open(metaPath, options);
    } catch (IOException e) {
      first.close();
      throw e;
    }
    data = first;
    openFiles.addAndGet(2);
  }

  FileChannel data() {
    return data;
  }

  FileChannel meta() {
    return meta;
  }

  /** When the data file changed, in ns; 0 where it has no name any more. */
  long dataTime() {
    try {
      return Files.getLastModifiedTime(dataPath).to(TimeUnit.NANOSECONDS);
    } catch (IOException e) {
      return 0;
    }
  }

  /** The files' names outlive a crash. */
  void forceFolder() throws IOException {
    try (FileChannel folder = FileChannel.open(dataPath.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  void close() throws IOException {
    if (data != null) {
      FileChannel first = data;
      data = null;
      openFiles.addAndGet(-2);
      try (first) {
        meta.close();
      }
    }
  }

  /** Removes the names; open descriptors go on. The metadata goes first: no block without it. */
  void delete() throws IOException {
    Files.deleteIfExists(metaPath);
    Files.deleteIfExists(dataPath);
  }
}
