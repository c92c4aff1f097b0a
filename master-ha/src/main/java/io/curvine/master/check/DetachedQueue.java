/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.check;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.StateFinding;
import java.util.Arrays;
import java.util.Optional;

/**
 * The queue of directories that were deleted as a whole: they have no name, and that is no flaw.
 * Immutable.
 */
final class DetachedQueue {
  /** A longer queue is not rewritten: that is one event. */
  static final int MENDED_MAX = 10_000;

  private final long[] valid;
  private final long[] sorted;
  private final String problem;
  private final long rows;

  private DetachedQueue(long[] valid, String problem, long rows) {
    this.valid = valid;
    this.sorted = valid.clone();
    Arrays.sort(sorted);
    this.problem = problem;
    this.rows = rows;
  }

  /**
   * Reads the queue; 16 bytes of memory for each tree that waits.
   *
   * @param max how many rows it may have
   * @throws IllegalStateException where it has more
   */
  static DetachedQueue read(Rows rows, int max) {
    Reader reader = new Reader(rows, max);
    rows.reader()
        .scan(
            ColumnFamily.REAP,
            Keys.EMPTY,
            null,
            (key, inode) -> {
              reader.add(key.longAt(0), inode);
              return true;
            });
    return reader.finish();
  }

  /** Whether a directory waits to be reaped. */
  boolean holds(long inode) {
    return Arrays.binarySearch(sorted, inode) >= 0;
  }

  /** Those that belong there, in their order. */
  long[] valid() {
    return valid.clone();
  }

  /** What is wrong with it. */
  Optional<StateFinding> finding() {
    if (problem.isEmpty()) {
      return Optional.empty();
    }
    String repair =
        rows > MENDED_MAX
            ? ""
            : "the queue is written anew with the " + valid.length + " that belong there";
    return Optional.of(
        Findings.of(
                FindingKind.DETACHED_QUEUE,
                ColumnFamily.META,
                Counter.REAP_FIRST.key(),
                0,
                "the queue of deleted directories: " + problem,
                repair)
            .build());
  }

  private static final class Reader {
    private final Rows rows;
    private final int max;
    private final long first;
    private final long next;
    private long expected;
    private long[] valid = new long[16];
    private int count;
    private long read;
    private String problem = "";

    Reader(Rows rows, int max) {
      this.rows = rows;
      this.max = max;
      this.first = rows.view().meta().get(Counter.REAP_FIRST);
      this.next = rows.view().meta().get(Counter.REAP_NEXT);
      this.expected = first;
    }

    void add(long order, long id) {
      if (read++ == max) {
        throw new IllegalStateException(
            "more than "
                + max
                + " deleted trees wait to be reaped; try again when there are fewer");
      }
      Inode inode = rows.directory(id);
      if (order < first || order >= next) {
        wrong("row " + order + " is outside of " + first + ".." + (next - 1));
      } else if (order != expected) {
        wrong("row " + expected + " is missing");
      }
      expected = order + 1;
      if (inode == null) {
        wrong("row " + order + " names inode " + id + ", which is no directory");
      } else if (rows.isNamed(inode)) {
        wrong("row " + order + " names " + rows.path(inode) + ", which is not deleted");
      } else {
        keep(id);
      }
    }

    private void keep(long id) {
      if (count == valid.length) {
        valid = Arrays.copyOf(valid, 2 * count);
      }
      valid[count++] = id;
    }

    private void wrong(String what) {
      if (problem.isEmpty()) {
        problem = what;
      }
    }

    DetachedQueue finish() {
      if (expected != next) {
        wrong("row " + expected + " is missing");
      }
      long[] kept = Arrays.copyOf(valid, count);
      long[] once = Arrays.stream(kept).distinct().toArray();
      if (once.length != kept.length) {
        wrong("an inode is there twice");
      }
      return new DetachedQueue(once, problem, read);
    }
  }
}
