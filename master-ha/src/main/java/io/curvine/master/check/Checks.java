/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.StateFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The registry of checks: for each column family what has to hold of one row of it. The same for a
 * look at the whole state, for a second look, and for a repair. For one thread.
 */
final class Checks {
  private final Rows rows;
  private final DetachedQueue queue;
  private final TreeChecks tree;
  private final FileChecks files;
  private final WorkChecks work;
  private final QuotaChecks quotas;

  Checks(Rows rows, DetachedQueue queue) {
    this.rows = rows;
    this.queue = queue;
    this.tree = new TreeChecks(rows, queue);
    this.files = new FileChecks(rows);
    this.work = new WorkChecks(rows);
    this.quotas = new QuotaChecks(rows, queue);
  }

  TreeChecks tree() {
    return tree;
  }

  QuotaChecks quotas() {
    return quotas;
  }

  DetachedQueue queue() {
    return queue;
  }

  /**
   * All that is wrong with a row, but the link count of a directory that has names.
   *
   * @param value as it is stored
   */
  void row(ColumnFamily<?> family, Key key, byte[] value, Consumer<StateFinding> found) {
    if (family == ColumnFamily.INODES) {
      Inode inode = ColumnFamily.INODES.toValue(value);
      if (inode.getId() != key.longAt(0)) {
        throw new IllegalStateException(
            "row " + key.longAt(0) + " of the inodes holds inode " + inode.getId());
      }
      tree.inode(inode, found);
    } else {
      other(family, key, value).ifPresent(found);
    }
  }

  /**
   * Looks again at the row of a finding.
   *
   * @param namesMax the link count of a directory with more names is taken from the finding, if
   *     nothing came or went there since
   * @return what is found now; empty where it is not so any more, or takes a look at the whole
   *     state
   */
  Optional<StateFinding> again(StateFinding finding, long namesMax) {
    switch (finding.getKind()) {
      case DETACHED_QUEUE -> {
        return queue.finding();
      }
      case NO_ROOT -> {
        return tree.root();
      }
      default -> {}
    }
    if (finding.getFamily() >= ColumnFamily.count()) {
      return Optional.empty();
    }
    ColumnFamily<?> family = ColumnFamily.all().get(finding.getFamily());
    Key key = Key.of(finding.getKey().toByteArray());
    byte[] value = stored(family, key);
    if (value == null) {
      return Optional.empty();
    }
    List<StateFinding> now = new ArrayList<>();
    if (finding.getKind() == FindingKind.WRONG_NLINK) {
      nlink(finding, namesMax).ifPresent(now::add);
    } else {
      row(family, key, value, now::add);
    }
    return now.stream().filter(each -> Findings.same(each, finding)).findFirst();
  }

  private <V> byte[] stored(ColumnFamily<V> family, Key key) {
    V value = rows.get(family, key);
    return value == null ? null : family.toBytes(value);
  }

  private Optional<StateFinding> nlink(StateFinding finding, long namesMax) {
    Inode inode = rows.inode(finding.getInode());
    if (inode == null) {
      return Optional.empty();
    }
    if (!NamespaceView.isDirectory(inode)) {
      return tree.nlinkOfFile(inode);
    }
    OptionalLong counted = tree.countedNlink(inode.getId(), namesMax);
    if (counted.isPresent()) {
      return tree.nlink(inode, counted.getAsLong());
    }
    boolean untouched =
        inode.getNlink() == finding.getStored() && inode.getMtimeNanos() == finding.getMtimeNanos();
    return untouched ? tree.nlink(inode, finding.getExpected()) : Optional.empty();
  }

  /** The first thing that is wrong with a row of a family other than the inodes'. */
  private Optional<StateFinding> other(ColumnFamily<?> family, Key key, byte[] value) {
    if (family == ColumnFamily.DENTRIES) {
      return tree.name(key, ColumnFamily.DENTRIES.toValue(value));
    }
    if (family == ColumnFamily.LINKS) {
      return tree.link(key);
    }
    if (family == ColumnFamily.BLOCKS) {
      return files.block(key, ColumnFamily.BLOCKS.toValue(value));
    }
    if (family == ColumnFamily.XATTRS) {
      return files.xattr(key);
    }
    if (family == ColumnFamily.LOADED) {
      return files.loaded(key);
    }
    if (family == ColumnFamily.LEASES) {
      return files.lease(key);
    }
    if (family == ColumnFamily.JOBS) {
      return work.job(key, ColumnFamily.JOBS.toValue(value));
    }
    if (family == ColumnFamily.JOB_PATHS) {
      return work.jobPath(key);
    }
    if (family == ColumnFamily.QUOTAS) {
      return quotas.quota(key);
    }
    if (family == ColumnFamily.POLICIES) {
      return files.policy(key);
    }
    if (family == ColumnFamily.COUNTED_TREES) {
      return quotas.countedTree(key);
    }
    return family == ColumnFamily.MOUNTS
        ? work.mount(key, ColumnFamily.MOUNTS.toValue(value))
        : Optional.empty();
  }
}
