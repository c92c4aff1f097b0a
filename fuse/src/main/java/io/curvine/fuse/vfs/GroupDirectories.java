/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Directories with the set-group-id bit that the kernel knows, with their groups: what is made in
 * them gets their group. The kernel looks a directory up before it makes anything in it, so none is
 * missed. Thread-safe.
 */
final class GroupDirectories {
  private static final int SET_GID = 02000;

  private final ConcurrentHashMap<Long, Integer> groups = new ConcurrentHashMap<>();

  void observe(Inode inode) {
    if (inode.getType() != InodeType.DIRECTORY) {
      return;
    }
    if ((inode.getMode() & SET_GID) != 0) {
      groups.put(inode.getId(), inode.getGid());
    } else {
      groups.remove(inode.getId());
    }
  }

  void forget(long node) {
    groups.remove(node);
  }

  boolean contains(long directory) {
    return groups.containsKey(directory);
  }

  /** Who owns what the caller makes in the directory. */
  Caller owner(Caller caller, long directory) {
    Integer group = groups.get(directory);
    return group == null ? caller : new Caller(caller.uid(), group);
  }
}
