/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a {@link DerivedLog} for one segment of the journal. One thread extends it; any
 * reads. Who drops it or gives a failed one another chance keeps out that thread.
 */
final class DerivedPart {
  private static final Logger LOG = LoggerFactory.getLogger(DerivedPart.class);

  private record Failure(Throwable cause, long nanos) {}

  private final long baseOffset;
  private final AppendWaiters waiters = new AppendWaiters();
  private volatile long wantedNanos;

  /** Of the thread that extends it. */
  private long lastStep;

  /** Null before it was opened. */
  private volatile Segment segment;

  private volatile boolean finished;
  private volatile boolean dropped;
  private volatile Failure failure;

  DerivedPart(long baseOffset, long wantedNanos) {
    this.baseOffset = baseOffset;
    this.wantedNanos = wantedNanos;
  }

  long baseOffset() {
    return baseOffset;
  }

  long wantedNanos() {
    return wantedNanos;
  }

  void wantedAt(long nanos) {
    if (nanos - wantedNanos > 0) {
      wantedNanos = nanos;
    }
  }

  /** Somebody asks for it; where it failed before a time it is tried again. */
  void want(long now, long retryFailuresBefore) throws IOException {
    wantedAt(now);
    Failure last = failure;
    if (last != null && last.nanos() - retryFailuresBefore < 0) {
      close();
      segment = null;
      failure = null;
    }
  }

  /** Whether there is something to do for it. */
  boolean isBehind(JournalLog.Span span) {
    if (finished || dropped || failure != null) {
      return false;
    }
    Segment opened = segment;
    return opened == null || span.closed() || opened.nextOffset() < span.nextOffset();
  }

  /** Whether it has all that its segment of the journal will ever have. */
  boolean finished() {
    return finished;
  }

  /** The number of its last step, of those of all parts. */
  long steps() {
    return lastStep;
  }

  /** One step. */
  void extend(Path dir, JournalLog.Span span, DerivedWriter writer, long step) throws IOException {
    lastStep = step;
    if (segment == null) {
      open(dir, span);
    } else if (segment.nextOffset() < span.nextOffset()) {
      writer.extend(segment);
    } else if (span.closed()) {
      segment.seal();
      finished = true;
    }
    waiters.grownTo(readableTo());
  }

  private void open(Path dir, JournalLog.Span span) throws IOException {
    if (Files.exists(JournalFiles.path(dir, baseOffset, JournalFiles.LOG))) {
      try {
        if (reopen(dir, span)) {
          return;
        }
      } catch (CurvineException e) {
        LOG.info("makes offset {} of {} anew: {}", baseOffset, dir, e.getMessage());
      }
      JournalFiles.deleteSegment(dir, baseOffset);
    }
    segment = Segment.create(dir, baseOffset);
  }

  /** Whether the file that is there can be used. */
  private boolean reopen(Path dir, JournalLog.Span span) throws IOException {
    if (span.closed() && Files.exists(JournalFiles.path(dir, baseOffset, JournalFiles.INDEX))) {
      segment = Segment.openClosed(dir, baseOffset, span.nextOffset());
      finished = true;
      return true;
    }
    Segment found = Segment.openActive(dir, baseOffset, (unused, batch) -> {});
    if (found.nextOffset() > span.nextOffset()) {
      found.closeWriter();
      return false;
    }
    segment = found;
    return true;
  }

  /** It cannot be made now; who waits for it is told. */
  void fail(Throwable cause, long nanos) {
    failure = new Failure(cause, nanos);
    waiters.failAll(cause);
  }

  LogSlice slice(long fromOffset, int maxBytes) throws IOException {
    Failure last = failure;
    if (last != null) {
      throw new IOException("the topic cannot be made at " + fromOffset, last.cause());
    }
    Segment opened = segment;
    return opened == null ? LogSlice.NONE : opened.slice(fromOffset, maxBytes);
  }

  FeedLog.Ahead aheadOf(long fromOffset) {
    Segment opened = segment;
    if (opened == null && failure == null) {
      return new FeedLog.Ahead(0, fromOffset);
    }
    if (opened == null || finished || failure != null) {
      // There is an error to tell, or a slice ends with its segment: no sense in waiting for more.
      return new FeedLog.Ahead(Long.MAX_VALUE, fromOffset);
    }
    long end = opened.nextOffset();
    return new FeedLog.Ahead(opened.bytesFrom(fromOffset), Math.max(fromOffset, end));
  }

  CompletableFuture<Void> onGrowth(long offset) {
    return waiters.await(offset, this::readableTo);
  }

  /**
   * Of a finished one: whoever waits looks again, at the next part; of a dropped one at another.
   */
  private long readableTo() {
    Segment opened = segment;
    if (finished || dropped || failure != null) {
      return Long.MAX_VALUE;
    }
    return opened == null ? baseOffset : opened.nextOffset();
  }

  /** Its file is about to go: nobody opens it from now on. */
  void drop() throws IOException {
    close();
    dropped = true;
    segment = null;
    finished = false;
  }

  /** Who waits for it finds another part in its place, or learns that there is none. */
  void lookAgain() {
    waiters.grownTo(Long.MAX_VALUE);
  }

  void close() throws IOException {
    Segment opened = segment;
    if (opened != null) {
      opened.closeWriter();
    }
  }
}
