/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.CountedIn;
import io.curvine.protocol.proto.CountedTree;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Quota;
import java.util.ArrayList;
import java.util.List;

/**
 * Limits on what lies below directories, with what is used of them. As thread-safe as its reader.
 */
public final class QuotasView {
  private final KvReader reader;
  private final MetaView meta;
  private final NamespaceView namespace;
  private final ReapView reap;

  QuotasView(KvReader reader, MetaView meta, NamespaceView namespace, ReapView reap) {
    this.reader = reader;
    this.meta = meta;
    this.namespace = namespace;
    this.reap = reap;
  }

  /** Whether there is a quota at all; where there is none, nothing else is read. */
  public boolean any() {
    return meta.get(Counter.QUOTA_COUNT) > 0;
  }

  /** The directory's own quota, or null. */
  public Quota find(long directory) {
    return reader.get(ColumnFamily.QUOTAS, Keys.of(directory));
  }

  /** By directory. */
  public List<Quota> all() {
    List<Quota> quotas = new ArrayList<>();
    if (any()) {
      reader.scan(ColumnFamily.QUOTAS, Keys.EMPTY, null, (key, quota) -> quotas.add(quota));
    }
    return quotas;
  }

  /** What still counts of a tree that was deleted; null where nothing does. */
  public CountedTree countedTree(long root) {
    return reader.get(ColumnFamily.COUNTED_TREES, Keys.of(root));
  }

  /** By root. */
  public List<CountedTree> countedTrees() {
    List<CountedTree> trees = new ArrayList<>();
    reader.scan(ColumnFamily.COUNTED_TREES, Keys.EMPTY, null, (key, tree) -> trees.add(tree));
    return trees;
  }

  /** The quotas that count what is in the directory, the nearest first. */
  public List<Quota> over(long directory) {
    if (!any()) {
      return List.of();
    }
    List<Quota> quotas = new ArrayList<>();
    boolean detached = reap.count() > 0;
    for (long at = directory; ; ) {
      Quota quota = find(at);
      if (quota != null) {
        quotas.add(quota);
      }
      Inode inode = at == NamespaceView.ROOT ? null : namespace.find(at);
      if (inode == null) {
        return quotas;
      }
      if (detached && namespace.childId(inode.getParent(), inode.getName()) != at) {
        quotas.addAll(countingTree(at));
        return quotas;
      }
      at = inode.getParent();
    }
  }

  /** The quotas in which the deleted tree still counts. */
  public List<Quota> countingTree(long root) {
    CountedTree tree = countedTree(root);
    List<Quota> quotas = new ArrayList<>();
    if (tree != null) {
      for (CountedIn in : tree.getQuotasList()) {
        Quota quota = find(in.getDirectory());
        if (quota != null && quota.getSince() == in.getSince()) {
          quotas.add(quota);
        }
      }
    }
    return quotas;
  }

  /** Whether the deleted tree still counts in the quota. */
  public static boolean counts(CountedTree tree, Quota quota) {
    return tree.getQuotasList().stream()
        .anyMatch(in -> in.getDirectory() == quota.getInode() && in.getSince() == quota.getSince());
  }
}
