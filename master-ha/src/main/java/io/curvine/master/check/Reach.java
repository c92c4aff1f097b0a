/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.Inode;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Where directories hang. Remembers some of those that it has met. For one thread. */
final class Reach {
  private static final int KNOWN_MAX = 100_000;

  /** What is above a directory. */
  enum Standing {
    /** The root. */
    ATTACHED,
    /** One that was deleted and waits to be reaped. */
    DETACHED,
    /** One that is missing or has no name. */
    LOST,
    /** It is above itself. */
    IN_LOOP,
    /** One that is above itself. */
    BELOW_LOOP
  }

  private final Rows rows;
  private final DetachedQueue queue;
  private final Map<Long, Standing> known = new HashMap<>();

  Reach(Rows rows, DetachedQueue queue) {
    this.rows = rows;
    this.queue = queue;
  }

  /** Of a directory. */
  Standing of(long directory) {
    Set<Long> passed = new LinkedHashSet<>();
    Standing found = null;
    for (long at = directory; found == null; ) {
      found = standing(at);
      if (found == null && !passed.add(at)) {
        found = at == directory ? Standing.IN_LOOP : Standing.BELOW_LOOP;
      }
      if (found == null) {
        Inode inode = rows.inode(at);
        if (inode == null || !rows.isNamed(inode)) {
          found = Standing.LOST;
        } else {
          at = inode.getParent();
        }
      }
    }
    remember(passed, found);
    return found;
  }

  private Standing standing(long at) {
    if (at == NamespaceView.ROOT) {
      return Standing.ATTACHED;
    }
    Standing remembered = known.get(at);
    if (remembered != null) {
      return remembered;
    }
    return queue.holds(at) ? Standing.DETACHED : null;
  }

  private void remember(Set<Long> passed, Standing found) {
    if (found != Standing.ATTACHED && found != Standing.DETACHED) {
      return;
    }
    if (known.size() > KNOWN_MAX) {
      known.clear();
    }
    passed.forEach(each -> known.put(each, found));
  }

  /** The least number in the loop that a directory is in: one of its directories stands for it. */
  long leastInLoop(long directory) {
    Set<Long> loop = new LinkedHashSet<>();
    for (long at = directory; loop.add(at); ) {
      at = rows.inode(at).getParent();
    }
    return Collections.min(loop);
  }
}
