/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.view.PoliciesView;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyOfInode;

/** Writes what entries say themselves. Costs one look at a counter where none says anything. */
public final class PoliciesMutator {
  private static final Policy SILENT = Policy.getDefaultInstance();

  private final KvWriter writer;
  private final PoliciesView view;
  private final MetaMutator meta;

  PoliciesMutator(KvWriter writer, PoliciesView view, MetaMutator meta) {
    this.writer = writer;
    this.view = view;
    this.meta = meta;
  }

  /** What the entry says from now on; one without a field takes its row away. */
  public void put(long inode, Policy policy) {
    boolean before = !view.own(inode).equals(SILENT);
    if (!policy.equals(SILENT)) {
      writer.put(
          ColumnFamily.POLICIES,
          Keys.of(inode),
          PolicyOfInode.newBuilder().setInode(inode).setPolicy(policy).build());
      meta.add(Counter.POLICY_COUNT, before ? 0 : 1);
    } else if (before) {
      writer.delete(ColumnFamily.POLICIES, Keys.of(inode));
      meta.add(Counter.POLICY_COUNT, -1);
    }
  }

  /** The entry is gone. */
  void remove(long inode) {
    put(inode, SILENT);
  }
}
