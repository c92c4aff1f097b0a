/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Codec.Member;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.JobsView;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.RepairedFinding;
import io.curvine.protocol.proto.RowChange;
import io.curvine.protocol.proto.StateFinding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Mends findings one after the other in changes over a state, each where it is still true after
 * those before it. What was lost is given a place rather than removed. For one thread.
 */
public final class Repairs {
  /** A directory with more names is not counted while commands wait. */
  private static final long NAMES_MAX = 10_000;

  private final Overlay changes;
  private final Rows rows;
  private final long offset;
  private final long checkedOffset;
  private final TreeRepairs tree;
  private Checks checks;

  /**
   * @param state what is mended
   * @param offset of the event that will tell it
   * @param checkedOffset next offset of the state in which the findings were made
   * @throws IllegalStateException where too many deleted trees wait to be reaped
   */
  public Repairs(KvReader state, long nowNanos, long offset, long checkedOffset) {
    this.changes = new Overlay(state);
    this.rows = Rows.changing(changes);
    this.offset = offset;
    this.checkedOffset = checkedOffset;
    this.tree = new TreeRepairs(changes, rows, nowNanos);
    this.checks = new Checks(rows, DetachedQueue.read(rows, DetachedQueue.MENDED_MAX));
  }

  /** Whether so many trees wait to be reaped that nothing is mended meanwhile. */
  public static boolean mustWait(KvReader state) {
    long[] count = {0};
    state.scan(
        ColumnFamily.REAP,
        Keys.EMPTY,
        null,
        (key, inode) -> ++count[0] <= DetachedQueue.MENDED_MAX);
    return count[0] > DetachedQueue.MENDED_MAX;
  }

  /**
   * What nothing can be mended without: what hangs on it would be taken for lost. Empty where all
   * of it is there.
   */
  public Optional<String> missingRoot() {
    if (rows.directory(NamespaceView.ROOT) == null) {
      return Optional.of("the root directory is missing");
    }
    return rows.view().mounts().all().stream()
        .filter(mount -> rows.directory(mount.getRootInode()) == null)
        .findFirst()
        .map(
            mount ->
                "the root of mount "
                    + mount.getId()
                    + " at "
                    + mount.getPath()
                    + ", inode "
                    + mount.getRootInode()
                    + ", is missing or is no directory");
  }

  /**
   * Mends findings in the order of {@link Findings#ORDER}.
   *
   * @param lookupsMax searches for rows; none is begun after so many, but the first
   * @return what was mended; what was not is found again by the next check
   */
  public List<RepairedFinding> repair(List<StateFinding> findings, long lookupsMax) {
    List<RepairedFinding> repaired = new ArrayList<>();
    boolean first = true;
    for (StateFinding finding : findings.stream().sorted(Findings.ORDER).toList()) {
      if (!first && rows.lookups() >= lookupsMax) {
        break;
      }
      first = false;
      repair(finding).ifPresent(repaired::add);
    }
    return repaired;
  }

  /** Mends a finding; empty where it is not true any more, or nothing mends it. */
  private Optional<RepairedFinding> repair(StateFinding finding) {
    // What directories hang on may have changed with the one before.
    checks = new Checks(rows, checks.queue());
    if (finding.getKind() == FindingKind.WRONG_COUNTER) {
      return counter(finding);
    }
    if (finding.getKind() == FindingKind.WRONG_QUOTA) {
      return quota(finding);
    }
    Optional<StateFinding> still =
        checks.again(finding, NAMES_MAX).filter(now -> !now.getRepair().isEmpty());
    return still.flatMap(
        now -> {
          String done = mend(now);
          return done == null ? Optional.empty() : Optional.of(repaired(now, done));
        });
  }

  private static RepairedFinding repaired(StateFinding finding, String done) {
    return RepairedFinding.newBuilder()
        .setKind(finding.getKind())
        .setInode(finding.getInode())
        .setPath(finding.getPath())
        .setText(finding.getText() + "; " + done)
        .build();
  }

  /** What was done; null where it could not be. */
  private String mend(StateFinding finding) {
    Key key = Key.of(finding.getKey().toByteArray());
    Inode inode = rows.inode(finding.getInode());
    switch (finding.getKind()) {
      case DETACHED_QUEUE -> queue();
      case MOUNT_WITHOUT_ROOT -> mount(key, rows.get(ColumnFamily.MOUNTS, key));
      case DANGLING_NAME,
          NAME_IN_NO_DIRECTORY,
          STRAY_LINK,
          STRAY_BLOCK,
          STRAY_XATTR,
          STRAY_LOADED,
          STRAY_JOB_PATH ->
          changes.delete(ColumnFamily.all().get(finding.getFamily()), key);
      case UNKNOWN_NAME -> tree.unknownName(key, inode, checks.tree());
      case NAMELESS_INODE -> {
        return tree.nameless(inode, checks.tree());
      }
      case LOOP -> {
        return tree.loop(inode);
      }
      case WRONG_NLINK -> tree.put(inode.toBuilder().setNlink((int) finding.getExpected()));
      case BLOCK_TOO_LONG -> block(key, inode);
      case MISSING_FLAG ->
          tree.put(
              finding.getFamily() == ColumnFamily.BLOCKS.number()
                  ? inode.toBuilder().setHasBlockRecords(true)
                  : inode.toBuilder().setHasXattrs(true));
      case NOT_LOADED -> changes.put(ColumnFamily.LOADED, key, Member.MEMBER);
      case STRAY_LEASE -> strayLease(key, inode);
      case UNLISTED_LEASE -> unlistedLease(inode);
      case STRAY_QUOTA -> strayQuota(finding, key);
      case STRAY_POLICY -> {
        changes.delete(ColumnFamily.POLICIES, key);
        add(Counter.POLICY_COUNT, -1);
      }
      case UNLISTED_JOB -> listPaths(rows.get(ColumnFamily.JOBS, key));
      case JOB_WITHOUT_MOUNT -> giveUp(key, rows.get(ColumnFamily.JOBS, key));
      default -> {
        return null;
      }
    }
    return finding.getRepair();
  }

  private void queue() {
    long[] valid = checks.queue().valid();
    List<Key> old = new ArrayList<>();
    changes.scan(ColumnFamily.REAP, Keys.EMPTY, null, (key, inode) -> old.add(key));
    old.forEach(key -> changes.delete(ColumnFamily.REAP, key));
    long first = rows.view().meta().get(Counter.REAP_FIRST);
    for (int i = 0; i < valid.length; i++) {
      changes.put(ColumnFamily.REAP, Keys.of(first + i), valid[i]);
    }
    changes.put(ColumnFamily.META, Counter.REAP_NEXT.key(), first + valid.length);
    checks = new Checks(rows, DetachedQueue.read(rows, DetachedQueue.MENDED_MAX));
  }

  private void mount(Key key, Mount mount) {
    Inode root = rows.directory(mount.getRootInode());
    if (root.getMountId() != mount.getId()) {
      tree.put(root.toBuilder().setMountId(mount.getId()));
      return;
    }
    changes.put(
        ColumnFamily.MOUNTS,
        key,
        mount.toBuilder().setPath(rows.rawPath(root).toStringUtf8()).build());
    add(Counter.MOUNTS_VERSION, 1);
  }

  private void block(Key key, Inode file) {
    long fits = FileChecks.fits(file, key.intAt(Long.BYTES));
    if (fits == 0) {
      changes.delete(ColumnFamily.BLOCKS, key);
    } else {
      BlockRecord record = rows.get(ColumnFamily.BLOCKS, key);
      changes.put(ColumnFamily.BLOCKS, key, record.toBuilder().setLengthBytes((int) fits).build());
    }
  }

  private void strayLease(Key key, Inode inode) {
    changes.delete(ColumnFamily.LEASES, key);
    if (inode != null && inode.hasLease() && inode.getLease().getSessionId() == key.longAt(0)) {
      tree.put(inode.toBuilder().clearLease());
    }
  }

  private void unlistedLease(Inode inode) {
    long session = inode.getLease().getSessionId();
    if (rows.has(ColumnFamily.SESSIONS, Keys.of(session))) {
      changes.put(ColumnFamily.LEASES, Keys.of(session, inode.getId()), Member.MEMBER);
    } else {
      tree.put(inode.toBuilder().clearLease());
    }
  }

  private void listPaths(Job job) {
    for (ByteString path : JobsView.paths(job)) {
      changes.put(ColumnFamily.JOB_PATHS, WorkChecks.pathKey(job, path), Member.MEMBER);
    }
  }

  private void strayQuota(StateFinding finding, Key key) {
    if (finding.getFamily() == ColumnFamily.QUOTAS.number()) {
      changes.delete(ColumnFamily.QUOTAS, key);
      add(Counter.QUOTA_COUNT, -1);
    } else {
      changes.delete(ColumnFamily.COUNTED_TREES, key);
    }
  }

  /** To count again takes long: as for a counter, by how much it is wrong stays as it was found. */
  private Optional<RepairedFinding> quota(StateFinding finding) {
    Key key = Keys.of(finding.getInode());
    Quota quota = rows.get(ColumnFamily.QUOTAS, key);
    long bytes = finding.getExpected() - finding.getStored();
    long inodes = finding.getExpectedInodes() - finding.getStoredInodes();
    if (quota == null
        || quota.getCounting()
        || quota.getSince() >= checkedOffset
        || quota.getCorrected() > checkedOffset
        || (bytes == 0 && inodes == 0)) {
      return Optional.empty();
    }
    Quota mended =
        quota.toBuilder()
            .setUsedBytes(quota.getUsedBytes() + bytes)
            .setUsedInodes(quota.getUsedInodes() + inodes)
            .setCorrected(offset + 1)
            .build();
    changes.put(ColumnFamily.QUOTAS, key, mended);
    return Optional.of(
        repaired(
            finding,
            "it counts "
                + mended.getUsedBytes()
                + " bytes and "
                + mended.getUsedInodes()
                + " inodes"));
  }

  private void giveUp(Key key, Job job) {
    changes.delete(ColumnFamily.JOBS, key);
    for (ByteString path : JobsView.paths(job)) {
      changes.delete(ColumnFamily.JOB_PATHS, WorkChecks.pathKey(job, path));
    }
    add(Counter.JOB_COUNT, -1);
  }

  private void add(Counter counter, long change) {
    changes.put(ColumnFamily.META, counter.key(), rows.view().meta().get(counter) + change);
  }

  /**
   * To count again takes a look at the whole state. Events change what is counted and the counter
   * by the same, so by how much it is wrong stays as it was found, until somebody mends it.
   */
  private Optional<RepairedFinding> counter(StateFinding finding) {
    Optional<Counters.Rule> known = Counters.rule(finding);
    if (known.isEmpty()) {
      return Optional.empty();
    }
    Counter counter = known.get().counter();
    long stored = rows.view().meta().get(counter);
    long mended;
    if (known.get().largest()) {
      mended = Math.max(stored, finding.getExpected());
    } else if (rows.view().meta().get(Counter.COUNTERS_REPAIRED) > checkedOffset
        && rows.view().meta().get(Counter.COUNTERS_REPAIRED) != offset + 1) {
      return Optional.empty();
    } else {
      mended = stored + finding.getExpected() - finding.getStored();
      changes.put(ColumnFamily.META, Counter.COUNTERS_REPAIRED.key(), offset + 1);
    }
    if (mended == stored) {
      return Optional.empty();
    }
    changes.put(ColumnFamily.META, counter.key(), mended);
    return Optional.of(repaired(finding, "it is " + mended));
  }

  /** All rows as they are now, by family and key. */
  public List<RowChange> changes() {
    List<RowChange> all = new ArrayList<>();
    changes.forEachChangeInOrder(
        new Overlay.ChangeVisitor() {
          @Override
          public <V> void put(ColumnFamily<V> family, Key key, V value) {
            all.add(row(family, key).setValue(ByteString.copyFrom(family.toBytes(value))).build());
          }

          @Override
          public void delete(ColumnFamily<?> family, Key key) {
            all.add(row(family, key).setRemoved(true).build());
          }

          @Override
          public void deleteRange(ColumnFamily<?> family, Key from, Key to) {
            throw new IllegalStateException("a repair removes single rows");
          }
        });
    return all;
  }

  private static RowChange.Builder row(ColumnFamily<?> family, Key key) {
    return RowChange.newBuilder()
        .setFamily(family.number())
        .setKey(ByteString.copyFrom(key.bytes()));
  }
}
