/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.protocol.proto.EntryRef;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The directories and files of one client, by the names in which calls ask for them. Thread-safe.
 */
final class BenchTree {
  private final Directories directories;
  private final BenchFiles files;
  private final int client;
  private final AtomicLong madeDirectories = new AtomicLong();

  BenchTree(Directories directories, BenchFiles files, int client) {
    this.directories = directories;
    this.files = files;
    this.client = client;
  }

  BenchFiles files() {
    return files;
  }

  EntryRef at(long file) {
    return directories.entry(BenchFiles.directory(file), files.name(file));
  }

  EntryRef anyDirectory() {
    return directories.directory(ThreadLocalRandom.current().nextInt(directories.count()));
  }

  /** A directory to be made. */
  EntryRef newDirectory() {
    long number = madeDirectories.getAndIncrement();
    return directories.entry(number, "m" + client + "-" + number);
  }
}
