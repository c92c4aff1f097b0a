/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import com.google.protobuf.ByteString;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Where the leader is in one tree under a time to live, and since when it sees files of it cached.
 * For one thread.
 */
final class TtlPass {
  /** A tree is walked ten times in the life of a file, within these bounds. */
  private static final long NEVER = Long.MIN_VALUE;

  private static final int PASSES = 10;

  private static final long PAUSE_MIN_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long PAUSE_MAX_NANOS = TimeUnit.HOURS.toNanos(1);

  private final long root;
  private final Set<Long> passedOver = new HashSet<>();
  private ByteString walkedTo = ByteString.EMPTY;
  private long beganNanos;
  private boolean walking;
  private long listed;
  private CompletableFuture<Void> listing;

  /** What the pass before saw, and what this one does. */
  private InodeTimes seenBefore = new InodeTimes();

  private InodeTimes seen = new InodeTimes();

  TtlPass(long root) {
    this.root = root;
  }

  long root() {
    return root;
  }

  /** The last entry that was walked; empty: it begins. */
  ByteString walkedTo() {
    return walkedTo;
  }

  /** Whether a step can be taken now. */
  boolean isDue(long ttlMillis, long nowNanos) {
    if (walking) {
      return listing == null || listing.isDone();
    }
    return beganNanos == 0 || nowNanos - beganNanos >= pauseNanos(ttlMillis);
  }

  static long pauseNanos(long ttlMillis) {
    long pause = TimeUnit.MILLISECONDS.toNanos(ttlMillis) / PASSES;
    return Math.max(PAUSE_MIN_NANOS, Math.min(PAUSE_MAX_NANOS, pause));
  }

  /** A step begins; one whose directory could not be listed goes past that. */
  void step(long nowNanos) {
    if (!walking) {
      walking = true;
      beganNanos = nowNanos;
      passedOver.clear();
    }
    if (listing != null) {
      if (listing.isCompletedExceptionally()) {
        passedOver.add(listed);
      }
      listing = null;
    }
  }

  boolean passesOver(long directory) {
    return passedOver.contains(directory);
  }

  /** The walk goes on once the directory is listed. */
  void await(long directory, CompletableFuture<Void> itsListing) {
    listed = directory;
    listing = itsListing;
  }

  /**
   * A file is cached; tells since when it is known to be.
   *
   * @param room whether one more may be remembered than before
   */
  long cachedSince(long inode, long nowNanos, boolean room) {
    long before = seenBefore.get(inode, NEVER);
    long since = before == NEVER ? nowNanos : before;
    if (room || before != NEVER) {
      seen.put(inode, since);
    }
    return since;
  }

  /** A file's copies are told to go: if it is cached later, it is so from then on. */
  void freed(long inode, long nowNanos) {
    seen.put(inode, nowNanos);
  }

  /** Files that are remembered, as if each were in one pass only. */
  int remembered() {
    return Math.max(seenBefore.size(), seen.size());
  }

  /** The step is done. */
  void stepped(ByteString to, boolean walked) {
    walkedTo = to;
    if (walked) {
      walking = false;
      walkedTo = ByteString.EMPTY;
      seenBefore = seen;
      seen = new InodeTimes();
    }
  }
}
