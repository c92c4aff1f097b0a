/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.view.QuotasView;
import io.curvine.master.state.view.UsageWalk;
import io.curvine.protocol.proto.CountedIn;
import io.curvine.protocol.proto.CountedTree;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Quota;
import java.util.List;

/** Writes quotas, and what is used of them. Costs one look at a counter where there is none. */
public final class QuotasMutator {
  private final KvWriter writer;
  private final QuotasView view;
  private final MetaMutator meta;

  QuotasMutator(KvWriter writer, QuotasView view, MetaMutator meta) {
    this.writer = writer;
    this.view = view;
    this.meta = meta;
  }

  /** Puts a directory's quota in the place of the one that it has. */
  public void put(Quota quota) {
    if (view.find(quota.getInode()) == null) {
      meta.add(Counter.QUOTA_COUNT, 1);
    }
    write(quota);
  }

  private void write(Quota quota) {
    writer.put(ColumnFamily.QUOTAS, Keys.of(quota.getInode()), quota);
  }

  /** Takes a directory's quota away, if it has one. */
  public void remove(long directory) {
    if (view.any() && view.find(directory) != null) {
      writer.delete(ColumnFamily.QUOTAS, Keys.of(directory));
      meta.add(Counter.QUOTA_COUNT, -1);
    }
  }

  /** Something came below the directory, or went: less than 0. */
  public void charge(long directory, long bytes, long inodes) {
    if (bytes != 0 || inodes != 0) {
      view.over(directory).forEach(quota -> add(quota, bytes, inodes));
    }
  }

  private void add(Quota quota, long bytes, long inodes) {
    write(
        quota.toBuilder()
            .setUsedBytes(quota.getUsedBytes() + bytes)
            .setUsedInodes(quota.getUsedInodes() + inodes)
            .build());
  }

  /** The inode has its primary name in the directory now. */
  void came(long directory, Inode inode) {
    charge(directory, UsageWalk.bytesOf(inode), 1);
  }

  /** The inode does not have its primary name in the directory any more. */
  void went(long directory, Inode inode) {
    charge(directory, -UsageWalk.bytesOf(inode), -1);
  }

  /** The tree was deleted, and counts where it was until it is reaped. */
  public void keepCounting(long root, long parent) {
    List<Quota> quotas = view.over(parent);
    if (!quotas.isEmpty()) {
      CountedTree.Builder tree = CountedTree.newBuilder().setInode(root);
      for (Quota quota : quotas) {
        tree.addQuotas(
            CountedIn.newBuilder().setDirectory(quota.getInode()).setSince(quota.getSince()));
      }
      writer.put(ColumnFamily.COUNTED_TREES, Keys.of(root), tree.build());
    }
  }

  /** The root of a deleted tree, with nothing below it any more, goes too. */
  public void reaped(long root) {
    if (view.countedTree(root) != null) {
      view.countingTree(root).forEach(quota -> add(quota, 0, -1));
      writer.delete(ColumnFamily.COUNTED_TREES, Keys.of(root));
    }
  }
}
