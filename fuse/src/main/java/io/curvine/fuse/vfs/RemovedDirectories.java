/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import io.curvine.protocol.proto.Inode;
import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Directories that this mount removed and that the kernel has not forgotten: a program has one open
 * or is in it, and may ask what it is like and change that. Thread-safe.
 */
final class RemovedDirectories {
  private final ConcurrentHashMap<Long, Nameless> removed = new ConcurrentHashMap<>();
  private final Backend backend;

  RemovedDirectories(Backend backend) {
    this.backend = backend;
  }

  /** Removes a directory by the given call, and keeps what it was like. */
  void removeBy(Inode directory, OpenFile.Deletion call) throws IOException {
    Nameless copy = Nameless.copyOf(directory, backend);
    call.run();
    removed.put(directory.getId(), copy.lostName());
  }

  /** What is kept of a directory; null: it was not removed here, or nobody has it any more. */
  Nameless get(long node) {
    return removed.get(node);
  }

  void forget(long node) {
    removed.remove(node);
  }
}
