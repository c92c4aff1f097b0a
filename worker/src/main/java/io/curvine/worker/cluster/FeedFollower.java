/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FetchEvents;
import io.curvine.protocol.proto.FetchEventsReply;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.Ping;
import io.curvine.protocol.proto.Pong;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the journal from any master, from a cursor that outlives the process. Where the journal
 * no longer has what comes next, all blocks are checked with the leader instead. Runs on one
 * thread.
 */
public final class FeedFollower implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedFollower.class);
  private static final int WAIT_MS = 5_000;
  private static final int FETCH_MAX_BYTES = 1 << 20;
  private static final long PAUSE_MS = 200;
  private static final long KEEP_INTERVAL_NANOS = 1_000_000_000L;

  private final MasterClient masters;
  private final Identity identity;
  private final FeedEffects effects;
  private final BlockChecker checker;
  private volatile long cursor;
  private boolean placed;
  private long keptAt;
  private long kept = -1;
  private int turn;

  public FeedFollower(
      MasterClient masters, Identity identity, FeedEffects effects, BlockChecker checker) {
    this.masters = masters;
    this.identity = identity;
    this.effects = effects;
    this.checker = checker;
  }

  /** The next offset that it will read. */
  public long cursor() {
    return cursor;
  }

  /** Follows until the client of the masters is closed. */
  @Override
  public void run() {
    while (!masters.isClosed()) {
      List<HostPort> known = masters.masters();
      HostPort master = known.get(Math.floorMod(turn, known.size()));
      try {
        place(master);
        fetch(master);
      } catch (IOException e) {
        LOG.debug("feed of {}: {}", master, e.toString());
        turn++;
        pause();
      } catch (RuntimeException e) {
        LOG.error("following the journal failed at offset {}", cursor, e);
        turn++;
        pause();
      }
    }
    keep(true);
  }

  private void pause() {
    try {
      masters.pause(PAUSE_MS);
    } catch (IOException e) {
      LOG.debug("the feed ends: {}", e.getMessage());
    }
  }

  /** Finds where to begin; a worker that does not know checks what it has. */
  private void place(HostPort master) throws IOException {
    if (placed) {
      return;
    }
    OptionalLong known = identity.cursor();
    if (known.isPresent()) {
      cursor = known.getAsLong();
    } else {
      startAtEnd(ping(master));
    }
    placed = true;
  }

  private Pong ping(HostPort master) throws IOException {
    MasterRequest request = MasterRequest.newBuilder().setPing(Ping.getDefaultInstance()).build();
    return masters.askAndWait(master, request, Duration.ZERO).getPong();
  }

  private void startAtEnd(Pong pong) {
    cursor = pong.getAppliedOffset();
    checker.suspectAll(cursor);
    keep(true);
  }

  private void fetch(HostPort master) throws IOException {
    FetchEvents request =
        FetchEvents.newBuilder()
            .setFromOffset(cursor)
            .setWaitMs(WAIT_MS)
            .setMaxBytes(FETCH_MAX_BYTES)
            .build();
    FetchEventsReply reply;
    try {
      reply =
          masters
              .askAndWait(
                  master,
                  MasterRequest.newBuilder().setFetchEvents(request).build(),
                  Duration.ofMillis(WAIT_MS))
              .getFetchEvents();
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.OFFSET_OUT_OF_RANGE) {
        outOfRange(master, e);
        return;
      }
      throw e;
    }
    long offset = reply.getFirstOffset();
    if (reply.getEventsCount() > 0 && offset != cursor) {
      throw new IOException("asked for events from " + cursor + ", got them from " + offset);
    }
    for (Event event : reply.getEventsList()) {
      effects.apply(event, offset);
      offset++;
      cursor = offset;
    }
    keep(false);
  }

  /** Below what is retained: begin at the end. Past the end: that master is behind. */
  private void outOfRange(HostPort master, CurvineException failure) throws IOException {
    Pong pong = ping(master);
    if (pong.getAppliedOffset() < cursor) {
      throw failure;
    }
    LOG.warn("journal offset {} is gone, checking all blocks instead", cursor);
    startAtEnd(pong);
  }

  private void keep(boolean now) {
    long time = System.nanoTime();
    if (cursor == kept || (!now && time - keptAt < KEEP_INTERVAL_NANOS)) {
      return;
    }
    try {
      identity.keepCursor(cursor);
      kept = cursor;
      keptAt = time;
    } catch (IOException e) {
      LOG.warn("cannot keep the journal cursor {}: {}", cursor, e.toString());
    }
  }
}
