/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.leader.Failures;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.sync.SourceFollowers.Status;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.FollowSource;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows one change source of one mount on a thread of its own, from the journaled cursor: what
 * the hints point to is looked at, and what was seen is journaled together with the new cursor. A
 * failure is told by {@link #status} and tried again from the same place, so nothing is passed
 * over.
 *
 * <p>Thread-safe.
 */
final class SourceFollower implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SourceFollower.class);
  private static final Duration POLL = Duration.ofSeconds(1);

  /** A cursor that moved over what changed nothing is journaled no more often. */
  private static final long IDLE_ADVANCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private static final long RETRY_MIN_MS = 100;
  private static final long RETRY_MAX_MS = 10_000;

  private final Mount mount;
  private final String kind;
  private final Partners partners;
  private final Thread thread;
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile ChangeSource open;
  private volatile Status status = new Status("", -1, 0);

  // Of the thread.
  private String cursor;

  /** What changed before it told anything is not known. */
  private boolean begins;

  private long pendingHints;
  private long pendingNewestNanos;

  /**
   * Changes that wait at the source, with those that are being taken in; less than 0: not known.
   */
  private long waiting = -1;

  private long advancedAt = System.nanoTime();

  /**
   * What a follower works with.
   *
   * @param journaled how far the source has come; null: it has told nothing yet
   */
  record Partners(
      Opener opener,
      Supplier<FollowedSource> journaled,
      UfsLooks looks,
      PatientProposer proposer) {}

  /** Opens the source at a place. */
  @FunctionalInterface
  interface Opener {
    ChangeSource open(Optional<String> cursor) throws IOException;
  }

  private SourceFollower(Mount mount, String kind, Partners partners) {
    this.mount = mount;
    this.kind = kind;
    this.partners = partners;
    this.thread = new Thread(this::run, "source-" + kind + "-" + mount.getId());
    thread.setDaemon(true);
  }

  /** Begins to follow. */
  static SourceFollower start(Mount mount, String kind, Partners partners) {
    SourceFollower follower = new SourceFollower(mount, kind, partners);
    follower.thread.start();
    return follower;
  }

  Mount mount() {
    return mount;
  }

  Status status() {
    return status;
  }

  /** The open source; null while there is none. */
  ChangeSource source() {
    return open;
  }

  private void run() {
    long retryMs = RETRY_MIN_MS;
    while (!isClosed()) {
      try (ChangeSource source = openAtJournaled()) {
        open = source;
        while (!isClosed()) {
          step(source);
          retryMs = RETRY_MIN_MS;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException | RuntimeException e) {
        open = null;
        if (!isClosed()) {
          failed(e);
        }
        if (awaitClose(retryMs)) {
          return;
        }
        retryMs = Math.min(RETRY_MAX_MS, retryMs * 2);
      }
    }
  }

  private ChangeSource openAtJournaled() throws IOException {
    FollowedSource before = partners.journaled().get();
    cursor = before == null ? "" : before.getCursor();
    begins = before == null;
    pendingHints = 0;
    pendingNewestNanos = 0;
    waiting = -1;
    return partners
        .opener()
        .open(before == null ? Optional.empty() : Optional.of(before.getCursor()));
  }

  private void step(ChangeSource source) throws IOException, InterruptedException {
    waiting = -1; // a source that does not answer has who knows what
    ChangeBatch batch = source.poll(POLL);
    if (isClosed()) {
      return; // another follows it from where this one came to
    }
    if (batch.behind().isPresent()) {
      waiting = batch.behind().getAsLong() + batch.hints().size();
    }
    Turn turn = partners.looks().turn(mount);
    turn.lock();
    try {
      take(batch);
    } finally {
      turn.unlock();
    }
    source.confirm();
    long heard = batch.hints().isEmpty() ? status.heardNanos() : System.nanoTime();
    if (!status.failure().isEmpty()) {
      LOG.info("change source {} of {} is followed again", kind, mount.getPath());
    }
    status = new Status("", batch.behind().orElse(-1), heard);
  }

  private void take(ChangeBatch batch) throws IOException {
    UfsLooks.Seen seen = partners.looks().look(mount, batch.hints());
    pendingHints += batch.hints().size();
    pendingNewestNanos =
        Math.max(pendingNewestNanos, TimeUnit.MILLISECONDS.toNanos(batch.newestMillis()));
    boolean effect = begins || !seen.isEmpty() || !batch.gap().isEmpty();
    boolean moved = !batch.cursor().equals(cursor) || pendingHints > 0;
    if (effect || (moved && System.nanoTime() - advancedAt >= IDLE_ADVANCE_NANOS)) {
      advance(batch, seen);
    }
  }

  private void advance(ChangeBatch batch, UfsLooks.Seen seen) throws IOException {
    FollowSource.Builder follow =
        FollowSource.newBuilder()
            .setMountId(mount.getId())
            .setKind(kind)
            .setCursor(batch.cursor())
            .setHints((int) Math.min(Integer.MAX_VALUE, pendingHints))
            .setNewestNanos(pendingNewestNanos)
            .setGap(batch.gap())
            .addAllSeen(seen.names())
            .addAllDirty(seen.unseen());
    if (begins) {
      follow.addDirty(ByteString.EMPTY);
    }
    try {
      var unused =
          partners.proposer().propose(Command.newBuilder().setFollowSource(follow).build()).join();
    } catch (CompletionException e) {
      throw Failures.asCurvine(e);
    }
    cursor = batch.cursor();
    begins = false;
    pendingHints = 0;
    advancedAt = System.nanoTime();
  }

  private void failed(Exception failure) {
    String why = String.valueOf(Failures.cause(failure).getMessage());
    if (!why.equals(status.failure())) {
      LOG.warn("cannot follow change source {} of {}: {}", kind, mount.getPath(), why);
    }
    status = new Status(why, waiting, status.heardNanos());
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private boolean awaitClose(long millis) {
    try {
      return closed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends it, within about the time of a poll; does not wait. Its thread closes the source. */
  @Override
  public void close() {
    closed.countDown();
  }

  /** Waits until it has ended; false where the time was over first. */
  boolean awaitEnd(long millis) throws InterruptedException {
    thread.join(Math.max(1, millis));
    return !thread.isAlive();
  }
}
