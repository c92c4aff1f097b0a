/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection whose client takes nothing of an answer that waits for it, or sends nothing
 * more of a request that it has begun: such a one holds blocks and memory for as long as it likes.
 * One that is idle, or waits for the worker, stays. On the connection's event loop.
 */
final class StallGuard implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(StallGuard.class);

  /** A client is cut off after the timeout, and at most a look later. */
  private static final int LOOKS = 4;

  private final Channel channel;
  private final LongSupplier progress;
  private final BooleanSupplier awaitsRest;
  private long progressBefore = -1;
  private long takenBefore;
  private int quietLooks;

  /**
   * @param progress grows with what was received and with every answer that was taken whole
   * @param awaitsRest the client has begun a request
   */
  StallGuard(Channel channel, LongSupplier progress, BooleanSupplier awaitsRest) {
    this.channel = channel;
    this.progress = progress;
    this.awaitsRest = awaitsRest;
  }

  /** Looks at it until it is closed. */
  static void watch(
      Channel channel, Duration timeout, LongSupplier progress, BooleanSupplier awaitsRest) {
    StallGuard guard = new StallGuard(channel, progress, awaitsRest);
    long look = timeout.toNanos() / LOOKS;
    var looks = channel.eventLoop().scheduleWithFixedDelay(guard, look, look, TimeUnit.NANOSECONDS);
    channel.closeFuture().addListener(closed -> looks.cancel(false));
  }

  @Override
  public void run() {
    ChannelOutboundBuffer out = channel.unsafe().outboundBuffer();
    if (out == null) {
      return; // it is closed
    }
    long now = progress.getAsLong();
    long taken = out.currentProgress(); // of the answer, or the part of one, that is on its way
    boolean waits = !out.isEmpty() || awaitsRest.getAsBoolean();
    boolean quiet = waits && now == progressBefore && taken == takenBefore;
    quietLooks = quiet ? quietLooks + 1 : 0;
    progressBefore = now;
    takenBefore = taken;
    if (quietLooks >= LOOKS) {
      LOG.warn("connection {} closed: its client has stalled", channel.remoteAddress());
      channel.close();
    }
  }
}
