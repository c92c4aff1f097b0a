/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.change.ChangeFilter;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FetchChanges;
import io.curvine.protocol.proto.FetchChangesReply;
import io.curvine.protocol.proto.MasterRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Every change of the namespace in order, without a gap, from an offset on: for programs that do
 * not speak Kafka. Read from whichever master answers; each has the same changes at the same
 * offsets, so a failover is not seen. What was read is not remembered anywhere: who wants to go on
 * later keeps {@link #position}.
 *
 * <p>One thread at a time. Closed with its client.
 */
public final class ChangeFeed {
  private static final Duration WAIT_MAX = Duration.ofSeconds(10);

  private final FeedCalls masters;
  private final ChangeFilter filter;
  private long position;

  ChangeFeed(FeedCalls masters, long fromOffset, ChangeFilter filter) {
    this.masters = masters;
    this.filter = filter;
    seek(fromOffset);
  }

  /** The offset that is looked at next: beyond all that was given, and all that was passed over. */
  public long position() {
    return position;
  }

  /**
   * Goes to an offset.
   *
   * @throws IllegalArgumentException where it is negative
   */
  public void seek(long offset) {
    if (offset < 0) {
      throw new IllegalArgumentException("offset is " + offset + "; allowed: 0 or more");
    }
    position = offset;
  }

  /**
   * Waits for the next changes that pass the filter, and gives those that are there.
   *
   * @param max how long to wait for the first
   * @return in order; empty where none came in that time
   * @throws CurvineException OFFSET_OUT_OF_RANGE where no master has any more what comes next;
   *     NOT_READY where none could answer in the client's request timeout, or none is as far as the
   *     position
   */
  public List<Change> poll(Duration max) throws IOException {
    long deadline = System.nanoTime() + max.toNanos();
    while (true) {
      long left = Math.max(0, deadline - System.nanoTime());
      FetchChangesReply reply = fetch(Duration.ofNanos(Math.min(left, WAIT_MAX.toNanos())));
      position = reply.getNextOffset();
      if (reply.getChangesCount() > 0 || System.nanoTime() - deadline >= 0) {
        return reply.getChangesList();
      }
    }
  }

  private FetchChangesReply fetch(Duration wait) throws IOException {
    FetchChanges request =
        FetchChanges.newBuilder()
            .setFromOffset(position)
            .setWaitMs(Math.toIntExact(wait.toMillis()))
            .setPath(filter.path())
            .addAllTypes(filter.types())
            .build();
    FetchChangesReply reply =
        masters
            .ask(MasterRequest.newBuilder().setFetchChanges(request).build(), wait)
            .getFetchChanges();
    if (reply.getNextOffset() < position) {
      throw new CurvineException(
          ErrorCode.INTERNAL,
          "asked for changes from " + position + ", got them up to " + reply.getNextOffset());
    }
    return reply;
  }
}
