/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The inodes that are open or being changed, each once. Thread-safe. */
final class OpenFiles {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFiles.class);

  private final ConcurrentHashMap<Long, OpenFile> files = new ConcurrentHashMap<>();
  private final Backend backend;
  private final RecentChanges changes;
  private final KnownPages pages;

  OpenFiles(Backend backend, RecentChanges changes, KnownPages pages) {
    this.backend = backend;
    this.changes = changes;
    this.pages = pages;
  }

  boolean isEmpty() {
    return files.isEmpty();
  }

  /** The state of an open inode, or null. */
  OpenFile get(long inode) {
    return files.get(inode);
  }

  /** The state of an inode, kept until it is unpinned as often. */
  OpenFile pin(long inode) {
    return files.compute(
        inode,
        (id, known) -> {
          OpenFile file = known == null ? new OpenFile(id, backend, changes, pages) : known;
          file.pins++;
          return file;
        });
  }

  void unpin(OpenFile file) {
    files.compute(file.inode(), (id, known) -> --file.pins == 0 ? null : known);
  }

  /** Of all that are open. */
  List<Long> inodes() {
    return List.copyOf(files.keySet());
  }

  /** Publishes what is still open when the mount ends. */
  void finish() {
    for (OpenFile file : files.values()) {
      try {
        file.finish();
      } catch (IOException e) {
        LOG.error("inode {} was open at the unmount and could not be closed", file.inode(), e);
      }
    }
  }
}
