/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.ContentSummary;
import io.curvine.protocol.proto.Inode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Counts what is below an entry. Goes through directories a page at a time, deepest first, so that
 * what it holds grows with the depth of the tree and not with its width.
 */
final class Summary {
  /** Directories that one summary asks to be loaded at once. */
  private static final int LOADS_MAX = 256;

  private static final int PAGE_ENTRIES = 1_000;

  private final StateView state;
  private final ContentSummary.Builder sum = ContentSummary.newBuilder();
  private final List<Long> missing = new ArrayList<>();
  private final Deque<Rest> left = new ArrayDeque<>();

  /** What of a directory is still to be gone through. */
  private record Rest(long directory, ByteString after) {}

  Summary(StateView state) {
    this.state = state;
  }

  ContentSummary of(Inode top) throws NeedsUfs {
    count(top);
    while (!left.isEmpty() && missing.size() < LOADS_MAX) {
      page(left.pop());
    }
    if (!missing.isEmpty()) {
      throw new NeedsUfs(missing);
    }
    return sum.build();
  }

  private void page(Rest rest) {
    NamespaceView namespace = state.namespace();
    List<Inode> children = new ArrayList<>();
    ByteString[] last = {rest.after};
    namespace.children(
        rest.directory,
        rest.after,
        (name, inode) -> {
          if (children.size() == PAGE_ENTRIES) {
            left.push(new Rest(rest.directory, last[0]));
            return false;
          }
          last[0] = name;
          children.add(namespace.require(inode));
          return true;
        });
    children.forEach(this::count);
  }

  private void count(Inode inode) {
    switch (inode.getType()) {
      case FILE ->
          sum.setFiles(sum.getFiles() + 1)
              .setLengthBytes(sum.getLengthBytes() + inode.getLengthBytes());
      case SYMLINK -> sum.setSymlinks(sum.getSymlinks() + 1);
      case SPECIAL -> sum.setSpecials(sum.getSpecials() + 1);
      default -> {
        sum.setDirectories(sum.getDirectories() + 1);
        if (state.mounts().namesMissing(inode)) {
          missing.add(inode.getId());
        } else {
          left.push(new Rest(inode.getId(), ByteString.EMPTY));
        }
      }
    }
  }
}
