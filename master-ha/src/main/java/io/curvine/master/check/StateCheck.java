/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.MetaView;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.io.Pace;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.StateFinding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads a state and finds what contradicts itself. Each family is read once, in order, beside
 * searches for single rows; memory holds some inodes that were read last, 16 bytes for each tree
 * that waits to be reaped, and the findings. What cannot be read is no finding: it ends the check.
 * For one thread.
 */
public final class StateCheck {
  /** More findings are counted and not kept. */
  public static final int FINDINGS_MAX = 5_000;

  /** So much is read at a time: the store can be closed in between. */
  private static final int PIECE_BYTES = 1 << 20;

  /** What a search for one row counts for in the rate of reading. */
  private static final int LOOKUP_BYTES = 512;

  private static final int QUEUE_MAX = 4_000_000;

  /** Names come before inodes: one that its inode does not know says more than a lost inode. */
  private static final List<ColumnFamily<?>> FAMILIES =
      List.of(
          ColumnFamily.DENTRIES,
          ColumnFamily.INODES,
          ColumnFamily.LINKS,
          ColumnFamily.BLOCKS,
          ColumnFamily.XATTRS,
          ColumnFamily.LOADED,
          ColumnFamily.LEASES,
          ColumnFamily.MOUNTS,
          ColumnFamily.JOBS,
          ColumnFamily.JOB_PATHS,
          ColumnFamily.FAILED_JOBS,
          ColumnFamily.TREE_JOBS,
          ColumnFamily.SESSIONS,
          ColumnFamily.QUOTAS,
          ColumnFamily.COUNTED_TREES,
          ColumnFamily.POLICIES,
          ColumnFamily.WORKERS);

  private final FrozenState state;
  private final Pace pace;
  private final Rows rows;
  private final Checks checks;
  private final List<StateFinding> findings = new ArrayList<>();
  private final Map<ColumnFamily<?>, Counters.Tally> tallies = new HashMap<>();

  /** Inodes without the name that they should have, and with one that they do not know. */
  private final Set<Long> misnamed = new HashSet<>();

  /** Mounts that there are not, of which something was found. */
  private final Set<Integer> lostMounts = new HashSet<>();

  private long more;
  private long read;
  private long charged;
  private long lastLinked;

  private StateCheck(FrozenState state, Pace pace) {
    this.state = state;
    this.pace = pace;
    this.rows = Rows.frozen(state.rows());
    this.checks = new Checks(rows, DetachedQueue.read(rows, QUEUE_MAX));
  }

  /**
   * What a check found.
   *
   * @param offset next offset of the state
   * @param epoch of its newest leadership
   * @param rows that were read
   * @param findings by kind
   * @param more findings besides
   */
  public record Result(long offset, long epoch, long rows, List<StateFinding> findings, long more) {
    public Result {
      findings = List.copyOf(findings);
    }
  }

  /**
   * Checks all of a state.
   *
   * @param pace how fast, in bytes read
   * @throws IOException where a row cannot be read; nothing is concluded then
   */
  public static Result of(FrozenState state, Pace pace) throws IOException {
    try {
      return new StateCheck(state, pace).run();
    } catch (IllegalStateException | IllegalArgumentException | StoreException e) {
      throw unreadable(e);
    }
  }

  /**
   * Looks at findings again.
   *
   * @return those that are still true, as they are now
   * @throws IOException where a row cannot be read
   */
  public static List<StateFinding> confirm(
      FrozenState state, List<StateFinding> findings, Pace pace) throws IOException {
    try {
      StateCheck check = new StateCheck(state, pace);
      List<StateFinding> still = new ArrayList<>();
      for (StateFinding finding : findings) {
        check.again(finding).ifPresent(still::add);
        check.charge(0);
      }
      return still;
    } catch (IllegalStateException | IllegalArgumentException | StoreException e) {
      throw unreadable(e);
    }
  }

  private static IOException unreadable(RuntimeException cause) {
    return new CurvineException(
        ErrorCode.CORRUPT,
        "the state cannot be read, so nothing is concluded: "
            + cause.getMessage()
            + (cause.getCause() == null ? "" : ": " + cause.getCause().getMessage()),
        cause);
  }

  private Optional<StateFinding> again(StateFinding finding) throws IOException {
    if (finding.getKind() == FindingKind.WRONG_QUOTA) {
      Quota quota = state.view().quotas().find(finding.getInode());
      return quota == null ? Optional.empty() : checks.quotas().use(quota, this::chargeNames);
    }
    if (finding.getKind() != FindingKind.WRONG_COUNTER) {
      return checks.again(finding, Long.MAX_VALUE);
    }
    for (Counters.Rule rule : Counters.RULES) {
      if (Key.of(finding.getKey().toByteArray()).equals(rule.counter().key())) {
        Optional<StateFinding> found = Counters.check(rule, tally(rule.family()), rows);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Counters.Tally tally(ColumnFamily<?> family) throws IOException {
    Counters.Tally known = tallies.get(family);
    if (known == null) {
      scan(family, (key, value) -> {});
      known = tallies.get(family);
    }
    return known;
  }

  private Result run() throws IOException {
    checks.queue().finding().ifPresent(this::add);
    checks.tree().root().ifPresent(this::add);
    for (ColumnFamily<?> family : FAMILIES) {
      if (family == ColumnFamily.DENTRIES) {
        names();
      } else if (family == ColumnFamily.LINKS) {
        scan(family, this::link);
      } else {
        scan(family, (key, value) -> checks.row(family, key, value, this::add));
      }
    }
    for (Counters.Rule rule : Counters.RULES) {
      Counters.check(rule, tallies.get(rule.family()), rows).ifPresent(this::add);
    }
    for (Quota quota : state.view().quotas().all()) {
      checks.quotas().use(quota, this::chargeNames).ifPresent(this::add);
    }
    findings.sort(Findings.ORDER);
    MetaView meta = state.view().meta();
    return new Result(meta.nextOffset(), meta.get(Counter.EPOCH), read, findings, more);
  }

  private void add(StateFinding finding) {
    switch (finding.getKind()) {
      case UNKNOWN_NAME -> {
        Inode inode = rows.inode(finding.getInode());
        if (inode != null && !checks.tree().isNamedOrDeleted(inode)) {
          misnamed.add(finding.getInode());
        }
      }
      case NAMELESS_INODE -> {
        if (misnamed.contains(finding.getInode())) {
          return; // The name that it has says so.
        }
      }
      case INODE_OF_NO_MOUNT -> {
        if (!lostMounts.add(rows.inode(finding.getInode()).getMountId())) {
          return; // One stands for all.
        }
      }
      default -> {}
    }
    if (findings.size() < FINDINGS_MAX) {
      findings.add(finding);
    } else {
      more++;
    }
  }

  /** Takes one row. */
  @FunctionalInterface
  private interface RowVisitor {
    void visit(Key key, byte[] value);
  }

  private void scan(ColumnFamily<?> family, RowVisitor visitor) throws IOException {
    long[] counts = {0, 0};
    Key next = Keys.EMPTY;
    while (next != null) {
      long[] bytes = {0};
      Key[] last = {null};
      state.scanStored(
          family,
          next,
          null,
          (storedKey, value) -> {
            Key key = Key.of(storedKey);
            requireForm(family, key);
            counts[0]++;
            counts[1] = Math.max(counts[1], number(family, key));
            visitor.visit(key, value);
            bytes[0] += storedKey.length + value.length;
            last[0] = key;
            return bytes[0] + (rows.lookups() - charged) * LOOKUP_BYTES < PIECE_BYTES;
          });
      charge(bytes[0]);
      next = last[0] == null ? null : Keys.successor(last[0]);
    }
    read += counts[0];
    tallies.put(family, new Counters.Tally(counts[0], counts[1]));
  }

  private void charge(long bytes) throws IOException {
    long lookups = rows.lookups() - charged;
    charged = rows.lookups();
    pace.await(bytes + lookups * LOOKUP_BYTES);
  }

  private void chargeNames(int count) throws IOException {
    charge((long) count * LOOKUP_BYTES);
  }

  private static long number(ColumnFamily<?> family, Key key) {
    if (key.length() == Long.BYTES) {
      long number = key.longAt(0);
      boolean uncounted = family == ColumnFamily.INODES && InodeNumbers.isOfCommand(number);
      return uncounted ? 0 : number;
    }
    boolean isInt = family == ColumnFamily.MOUNTS || family == ColumnFamily.WORKERS;
    return isInt ? key.intAt(0) : 0;
  }

  /** Numbers that a key of the family begins with have to be there. */
  private static void requireForm(ColumnFamily<?> family, Key key) {
    int least = Long.BYTES;
    if (family == ColumnFamily.LINKS || family == ColumnFamily.LEASES) {
      least = 2 * Long.BYTES;
    } else if (family == ColumnFamily.BLOCKS) {
      least = Long.BYTES + Integer.BYTES;
    } else if (family == ColumnFamily.MOUNTS
        || family == ColumnFamily.WORKERS
        || family == ColumnFamily.JOB_PATHS) {
      least = Integer.BYTES;
    }
    if (key.length() < least) {
      throw new IllegalStateException(
          "family " + family + " has a key of " + key.length() + " bytes");
    }
  }

  private void link(Key key, byte[] value) {
    Optional<StateFinding> stray = checks.tree().link(key);
    stray.ifPresent(this::add);
    Inode inode = rows.inode(key.longAt(0));
    // With any other count the inode itself was looked at.
    if (stray.isEmpty() && inode.getNlink() == 1 && inode.getId() != lastLinked) {
      lastLinked = inode.getId();
      checks.tree().nlinkOfFile(inode).ifPresent(this::add);
    }
  }

  /** Counts the subdirectories of each directory on the way. */
  private void names() throws IOException {
    long[] directory = {0, 0};
    scan(
        ColumnFamily.DENTRIES,
        (key, value) -> {
          if (key.longAt(0) != directory[0]) {
            subdirectories(directory);
            directory[0] = key.longAt(0);
            directory[1] = 0;
          }
          checks.row(ColumnFamily.DENTRIES, key, value, this::add);
          long child = ColumnFamily.DENTRIES.toValue(value);
          directory[1] += rows.directory(child) == null ? 0 : 1;
        });
    subdirectories(directory);
  }

  private void subdirectories(long[] counted) {
    Inode directory = counted[0] == 0 ? null : rows.directory(counted[0]);
    if (directory != null) {
      checks.tree().nlink(directory, 2 + counted[1]).ifPresent(this::add);
    }
  }

  /** Whether a finding is about the tree of names, without which nothing else can be told. */
  public static boolean isOfTree(StateFinding finding) {
    return finding.getKind().getNumber() <= FindingKind.WRONG_NLINK_VALUE
        || finding.getKind() == FindingKind.NO_ROOT;
  }
}
