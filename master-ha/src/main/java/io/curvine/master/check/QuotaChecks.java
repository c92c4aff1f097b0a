/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.QuotasView;
import io.curvine.master.state.view.UsageWalk;
import io.curvine.protocol.proto.CountedTree;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.StateFinding;
import java.io.IOException;
import java.util.Optional;

/** What has to hold of quotas and of deleted trees that still count. For one thread. */
final class QuotaChecks {
  private final Rows rows;
  private final DetachedQueue queue;
  private final Reach reach;

  QuotaChecks(Rows rows, DetachedQueue queue) {
    this.rows = rows;
    this.queue = queue;
    this.reach = new Reach(rows, queue);
  }

  /** Is told how many names were read. */
  @FunctionalInterface
  interface Charge {
    void names(int count) throws IOException;
  }

  /** A row of the quotas, but for its use. */
  Optional<StateFinding> quota(Key key) {
    long directory = key.longAt(0);
    return rows.directory(directory) != null
        ? Optional.empty()
        : stray(
            ColumnFamily.QUOTAS,
            key,
            "inode " + directory + " has a quota, and is missing or no directory");
  }

  /** A row of the deleted trees that still count. */
  Optional<StateFinding> countedTree(Key key) {
    long root = key.longAt(0);
    return queue.holds(root)
        ? Optional.empty()
        : stray(
            ColumnFamily.COUNTED_TREES,
            key,
            "inode " + root + " is said to count until it is reaped, and was not deleted");
  }

  private static Optional<StateFinding> stray(ColumnFamily<?> family, Key key, String text) {
    return Optional.of(
        Findings.of(FindingKind.STRAY_QUOTA, family, key, key.longAt(0), text, "the row is removed")
            .build());
  }

  /** Counts what is there; takes as long as it has names. */
  Optional<StateFinding> use(Quota quota, Charge charge) throws IOException {
    if (quota.getCounting() || !isReached(quota.getInode())) {
      return Optional.empty(); // The latter is a finding about the directory.
    }
    UsageWalk walk = new UsageWalk(rows.view().namespace(), quota.getInode());
    finish(walk, charge);
    long bytes = walk.bytes();
    long inodes = walk.inodes();
    for (CountedTree tree : rows.view().quotas().countedTrees()) {
      if (QuotasView.counts(tree, quota) && isReached(tree.getInode())) {
        UsageWalk below = new UsageWalk(rows.view().namespace(), tree.getInode());
        finish(below, charge);
        bytes += below.bytes();
        inodes += 1 + below.inodes();
      }
    }
    return compared(quota, bytes, inodes);
  }

  /** What is below a directory that is reached is a tree, and a walk of it ends. */
  private boolean isReached(long directory) {
    if (directory == NamespaceView.ROOT) {
      return true;
    }
    Reach.Standing standing = reach.of(directory);
    return standing == Reach.Standing.ATTACHED || standing == Reach.Standing.DETACHED;
  }

  private static void finish(UsageWalk walk, Charge charge) throws IOException {
    while (walk.step()) {
      charge.names(UsageWalk.STEP_NAMES);
    }
  }

  private Optional<StateFinding> compared(Quota quota, long bytes, long inodes) {
    if (quota.getUsedBytes() == bytes && quota.getUsedInodes() == inodes) {
      return Optional.empty();
    }
    return Optional.of(
        Findings.of(
                FindingKind.WRONG_QUOTA,
                ColumnFamily.QUOTAS,
                Keys.of(quota.getInode()),
                quota.getInode(),
                "its quota counts "
                    + text(quota.getUsedBytes(), quota.getUsedInodes())
                    + ", and "
                    + text(bytes, inodes)
                    + " are there",
                "the quota counts " + text(bytes, inodes))
            .setPath(rows.path(rows.inode(quota.getInode())))
            .setStored(quota.getUsedBytes())
            .setExpected(bytes)
            .setStoredInodes(quota.getUsedInodes())
            .setExpectedInodes(inodes)
            .build());
  }

  private static String text(long bytes, long inodes) {
    return bytes + " bytes and " + inodes + " inodes";
  }
}
