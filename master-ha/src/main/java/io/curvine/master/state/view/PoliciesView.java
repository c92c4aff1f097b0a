/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyOfInode;
import java.util.ArrayList;
import java.util.List;

/**
 * How entries are to be treated: what each says itself, and what holds with what those above say.
 * As thread-safe as its reader.
 */
public final class PoliciesView {
  private static final Policy SILENT = Policy.getDefaultInstance();

  private final KvReader reader;
  private final MetaView meta;
  private final NamespaceView namespace;

  PoliciesView(KvReader reader, MetaView meta, NamespaceView namespace) {
    this.reader = reader;
    this.meta = meta;
    this.namespace = namespace;
  }

  /** Whether any entry says something; where none does, nothing else is read. */
  public boolean any() {
    return meta.get(Counter.POLICY_COUNT) > 0;
  }

  /** What the entry says itself; without a field where it says nothing. */
  public Policy own(long inode) {
    PolicyOfInode own = any() ? reader.get(ColumnFamily.POLICIES, Keys.of(inode)) : null;
    return own == null ? SILENT : own.getPolicy();
  }

  /** By inode. */
  public List<PolicyOfInode> all() {
    List<PolicyOfInode> all = new ArrayList<>();
    if (any()) {
      reader.scan(ColumnFamily.POLICIES, Keys.EMPTY, null, (key, own) -> all.add(own));
    }
    return all;
  }

  /**
   * What holds for an entry, where its primary name is: each field is that of the nearest of itself
   * and the directories above that has it. Reads as many rows as the entry is deep.
   */
  public Policy effective(Inode entry) {
    if (!any()) {
      return SILENT;
    }
    Policy.Builder effective = null;
    Inode at = entry;
    while (at != null) {
      Policy own = own(at.getId());
      if (!own.equals(SILENT)) {
        effective =
            effective == null ? own.toBuilder() : own.toBuilder().mergeFrom(effective.build());
      }
      at = at.getId() == NamespaceView.ROOT ? null : namespace.find(at.getParent());
    }
    return effective == null ? SILENT : effective.build();
  }
}
