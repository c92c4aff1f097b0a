/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.EntriesReaped;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.protocol.proto.ReapedEntry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One bounded step through the oldest tree that was deleted as a whole: leaves first, the names of
 * a directory in their order. What it takes holds no more in memory than the step is long and the
 * tree deep.
 */
final class ReapDecider {
  private static final int LIMIT_MAX = 1_000;

  /** Names that are read of a directory at once. */
  private static final int PAGE = 64;

  private final NamespaceView namespace;
  private final int limit;
  private final EntriesReaped.Builder step = EntriesReaped.newBuilder();
  private final Map<Long, Integer> linksTaken = new HashMap<>();
  private final Deque<Level> path = new ArrayDeque<>();

  private ReapDecider(NamespaceView namespace, int limit) {
    this.namespace = namespace;
    this.limit = limit;
  }

  /** A name of a directory that is being walked, and the inode there. */
  private record Child(ByteString name, long inode) {}

  static void reap(ReapSubtree command, Context context) {
    long root = context.reap().first();
    if (root == 0) {
      return;
    }
    int limit = Math.min(Math.max(1, command.getLimit()), LIMIT_MAX);
    ReapDecider decider = new ReapDecider(context.namespace(), limit);
    boolean whole = decider.collect(root);
    if (whole) {
      decider.step.setFinishedRoot(root);
    }
    context.emit(Event.newBuilder().setEntriesReaped(decider.step));
    context.result().setMore(!whole || context.reap().count() > 1);
  }

  /** Whether nothing is left below the root. */
  private boolean collect(long root) {
    path.push(new Level(root));
    while (true) {
      Level level = path.peek();
      Child child = level.next();
      if (child == null) {
        path.pop();
        if (path.isEmpty()) {
          return true;
        }
        // The directory that has just become empty is the next name of the one above.
        child = path.peek().next();
      } else if (descend(child)) {
        continue;
      }
      if (step.getEntriesCount() == limit) {
        return false;
      }
      take(path.peek(), child);
    }
  }

  private boolean descend(Child child) {
    Inode inode = namespace.require(child.inode());
    if (!NamespaceView.isDirectory(inode) || !namespace.hasChildren(inode.getId())) {
      return false;
    }
    path.push(new Level(inode.getId()));
    return true;
  }

  private void take(Level level, Child child) {
    Inode inode = namespace.require(child.inode());
    int taken = linksTaken.merge(inode.getId(), 1, Integer::sum);
    step.addEntries(
        ReapedEntry.newBuilder()
            .setParent(level.directory)
            .setName(child.name())
            .setInode(inode.getId())
            .setLastLink(NamespaceView.isDirectory(inode) || inode.getNlink() <= taken));
    level.taken();
  }

  /** A directory on the way down, with the names that come next. */
  private final class Level {
    private final long directory;
    private final List<Child> page = new ArrayList<>();
    private ByteString after = ByteString.EMPTY;
    private int at;

    Level(long directory) {
      this.directory = directory;
    }

    /** The first name that was not taken; null where there is none. */
    Child next() {
      if (at == page.size()) {
        page.clear();
        at = 0;
        namespace.children(
            directory,
            after,
            (name, inode) -> {
              page.add(new Child(name, inode));
              return page.size() < PAGE;
            });
      }
      return page.isEmpty() ? null : page.get(at);
    }

    void taken() {
      after = page.get(at).name();
      at++;
    }
  }
}
