/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The blocks of each inode, as a chain through the blocks themselves: most inodes have one. Thread-
 * safe.
 */
final class InodeIndex {
  private final Map<Long, Block> first = new ConcurrentHashMap<>();

  void add(Block block) {
    first.compute(
        block.key().inode(),
        (inode, head) -> {
          block.setNextOfInode(head);
          return block;
        });
  }

  void remove(Block block) {
    first.computeIfPresent(
        block.key().inode(),
        (inode, head) -> {
          if (head == block) {
            return block.nextOfInode();
          }
          Block before = head;
          while (before != null && before.nextOfInode() != block) {
            before = before.nextOfInode();
          }
          if (before != null) {
            before.setNextOfInode(block.nextOfInode());
          }
          return head;
        });
  }

  /** In no order. */
  List<BlockKey> keysOf(long inode) {
    List<BlockKey> keys = new ArrayList<>();
    first.computeIfPresent(
        inode,
        (same, head) -> {
          for (Block block = head; block != null; block = block.nextOfInode()) {
            keys.add(block.key());
          }
          return head;
        });
    return keys;
  }
}
