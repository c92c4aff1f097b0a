/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fifos, sockets and devices that the kernel knows. It opens them itself and tells nobody, so one
 * may still be open when its last name goes; until the kernel forgets it, fstat is answered with
 * what is kept here. Thread-safe.
 */
final class SpecialNodes {
  private final ConcurrentHashMap<Long, Inode> nodes = new ConcurrentHashMap<>();

  /** What was fetched; it may have been fetched before the last name went. */
  void observe(Inode inode) {
    if (inode.getType() == InodeType.SPECIAL) {
      nodes.merge(inode.getId(), inode, (known, seen) -> known.getNlink() == 0 ? known : seen);
    }
  }

  void forget(long node) {
    nodes.remove(node);
  }

  boolean isEmpty() {
    return nodes.isEmpty();
  }

  /**
   * This mount took a name away; what was seen of the inode before says whether it was the last.
   */
  void lostName(Inode before) {
    nodes.computeIfPresent(
        before.getId(),
        (node, known) ->
            before.toBuilder()
                .setNlink(Math.max(0, before.getNlink() - 1))
                .setCtimeNanos(Clock.nowNanos())
                .build());
  }

  /** The node as it was when its last name went by this mount; empty where it has one. */
  Optional<Inode> unnamed(long node) {
    return Optional.ofNullable(nodes.get(node)).filter(known -> known.getNlink() == 0);
  }
}
