/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.journal.tool.JournalCursor;
import io.curvine.protocol.io.FileTrees;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;

/**
 * The last resorts for a data directory whose journal cannot be used as it is, where no other
 * master has a better one. Both make a new cluster of it, since no master of the former one could
 * agree with it any more; what was in the directory is put aside inside of it. For one thread.
 */
public final class JournalRepair {
  private final Path dataDir;
  private final Clock clock;
  private final Replay.Listener listener;

  /**
   * @param dataDir of a stopped master
   */
  public JournalRepair(Path dataDir, Clock clock, Replay.Listener listener) {
    this.dataDir = dataDir.toAbsolutePath().normalize();
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * What a repair would do.
   *
   * @param base what it would begin from
   * @param fromOffset of that
   * @param events to fold
   * @param offset where the new cluster goes on
   * @param lost events that would be gone
   * @param lostFrom when the first of them was decided; null: that cannot be read, or none are
   */
  public record Plan(
      String base, long fromOffset, long events, long offset, long lost, Instant lostFrom) {}

  /** What leaving everything at or past an offset would do. */
  public Plan planTruncate(long offset) throws IOException {
    try (ReplaySources sources = ReplaySources.of(dataDir)) {
      ReplaySources.Way way = sources.wayTo(offset, false);
      return new Plan(
          way.base().name(),
          way.base().offset(),
          offset - way.base().offset(),
          offset,
          Math.max(sources.end(), sources.newestState()) - offset,
          timeAt(way, offset));
    }
  }

  /** What passing over some events would do. */
  public Plan planSkip(long first, long after) throws IOException {
    requireRange(first, after);
    try (ReplaySources sources = ReplaySources.of(dataDir)) {
      ReplaySources.Way way = sources.wayAround(first, after);
      long end = Math.max(way.base().offset(), way.journal().nextOffset());
      boolean has = way.base().offset() >= after;
      return new Plan(
          way.base().name(),
          way.base().offset(),
          end - way.base().offset() - (has ? 0 : after - first),
          end,
          has ? 0 : after - first,
          null);
    }
  }

  private static Instant timeAt(ReplaySources.Way way, long offset) {
    if (offset >= way.journal().nextOffset()) {
      return null;
    }
    try (JournalCursor cursor = way.journal().from(offset)) {
      if (!cursor.next()) {
        return null;
      }
      long nanos = cursor.event().getTimeNanos();
      return Instant.ofEpochSecond(0, nanos);
    } catch (IOException e) {
      return null; // It is damaged; that is what the repair is for.
    }
  }

  /** Leaves out everything at or past an offset. */
  public Restore.Outcome truncate(long offset) throws IOException {
    return restore(
        (sources, into) ->
            Replayed.make(sources, offset, false, into, Restore.nanos(clock), listener));
  }

  /**
   * Passes over some events, as if they had changed nothing.
   *
   * @param first of them
   * @param after the first that is not
   * @throws IllegalStateException where a later event contradicts the state without them
   */
  public Restore.Outcome skip(long first, long after) throws IOException {
    requireRange(first, after);
    return restore(
        (sources, into) ->
            Replayed.makeWithout(sources, first, after, into, Restore.nanos(clock), listener));
  }

  private static void requireRange(long first, long after) throws IOException {
    if (first < 1 || after <= first) {
      throw new IOException(
          "the events are "
              + first
              + " to "
              + (after - 1)
              + "; allowed: one or more, from 1 on: the event at 0 forms the cluster");
    }
  }

  @FunctionalInterface
  private interface Making {
    Replayed.Outcome of(ReplaySources sources, Path into) throws IOException;
  }

  private Restore.Outcome restore(Making making) throws IOException {
    Path made = dataDir.resolveSibling(dataDir.getFileName() + ".repaired-" + Restore.nanos(clock));
    try {
      try (ReplaySources sources = ReplaySources.of(dataDir)) {
        making.of(sources, made);
      }
      return new Restore(dataDir, clock).run(made, true);
    } finally {
      FileTrees.deleteIfExists(made);
    }
  }
}
