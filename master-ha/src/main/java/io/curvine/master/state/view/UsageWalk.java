/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Inode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Counts what lies below a directory as quotas count it, a bounded step at a time: each inode where
 * its primary name is. Holds no more in memory than the tree is deep. What is missing in a broken
 * state is passed over. For one thread; the state must not change meanwhile.
 */
public final class UsageWalk {
  /** Names that are read of a directory at once. */
  public static final int STEP_NAMES = 256;

  private final NamespaceView namespace;
  private final Deque<Level> path = new ArrayDeque<>();
  private long bytes;
  private long inodes;

  /** A walk that has not begun. */
  public UsageWalk(NamespaceView namespace, long directory) {
    this.namespace = namespace;
    path.push(new Level(directory));
  }

  /** Of the files that were met. */
  public long bytes() {
    return bytes;
  }

  /** That were met; the directory itself is none of them. */
  public long inodes() {
    return inodes;
  }

  /** Goes through at most {@link #STEP_NAMES} names; false: nothing is left. */
  public boolean step() {
    Level level = path.peek();
    if (level == null) {
      return false;
    }
    Long below = level.directories.poll();
    if (below != null) {
      path.push(new Level(below));
    } else if (!level.readNames()) {
      path.pop();
    }
    return !path.isEmpty();
  }

  /**
   * Goes through all that is left, as long as it is not too much.
   *
   * @return false where more than so many inodes were met; then it is not all of them
   */
  public boolean finish(long inodesMax) {
    while (inodes <= inodesMax) {
      if (!step()) {
        return inodes <= inodesMax;
      }
    }
    return false;
  }

  /** What a file counts with; 0 for what is none. */
  public static long bytesOf(Inode inode) {
    return NamespaceView.isFile(inode) ? inode.getLengthBytes() : 0;
  }

  private final class Level {
    private final long directory;
    private final Deque<Long> directories = new ArrayDeque<>();
    private ByteString after = ByteString.EMPTY;

    Level(long directory) {
      this.directory = directory;
    }

    /** False where there is no name left. */
    boolean readNames() {
      List<ByteString> names = new ArrayList<>();
      List<Long> children = new ArrayList<>();
      namespace.children(
          directory,
          after,
          (name, inode) -> {
            names.add(name);
            children.add(inode);
            return names.size() < STEP_NAMES;
          });
      for (int i = 0; i < names.size(); i++) {
        count(names.get(i), children.get(i));
      }
      if (!names.isEmpty()) {
        after = names.get(names.size() - 1);
      }
      return !names.isEmpty();
    }

    private void count(ByteString name, long id) {
      Inode inode = namespace.find(id);
      if (inode == null || inode.getParent() != directory || !inode.getName().equals(name)) {
        return;
      }
      inodes++;
      bytes += bytesOf(inode);
      if (NamespaceView.isDirectory(inode)) {
        directories.add(id);
      }
    }
  }
}
