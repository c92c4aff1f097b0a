/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one connection holds in memory of replies that its client has not taken yet; parts of files
 * do not count. Thread-safe.
 */
final class ReplyMemory {
  /** A single reply may be longer. */
  static final long CONNECTION_MAX_BYTES = 1 << 20;

  /** All connections together: a quarter of the direct memory that bin/curvine gives a worker. */
  static final long WORKER_MAX_BYTES = 192L << 20;

  private final AtomicLong worker;
  private final Runnable given;
  private long held;

  /**
   * @param worker what all connections hold
   * @param given runs when there is more room
   */
  ReplyMemory(AtomicLong worker, Runnable given) {
    this.worker = worker;
    this.given = given;
  }

  /** The client has to take earlier replies before this one is made. */
  static final class FullException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int needed;

    FullException(long held, int needed) {
      super(held + " bytes of replies wait for the client");
      this.needed = needed;
    }

    /** Bytes of room that there were not. */
    int needed() {
      return needed;
    }

    /** It is no failure, and may come often. */
    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /**
   * Takes room for a reply, to be given back when it is sent.
   *
   * @throws FullException where others of this connection have to go first
   * @throws CurvineException BUSY where all connections together hold too much
   */
  synchronized void take(int bytes) throws IOException {
    if (!fits(held, bytes)) {
      throw new FullException(held, bytes);
    }
    if (worker.addAndGet(bytes) > WORKER_MAX_BYTES) {
      worker.addAndGet(-bytes);
      throw new CurvineException(
          ErrorCode.BUSY, WORKER_MAX_BYTES + " bytes of replies wait for their clients already");
    }
    held += bytes;
  }

  /** The reply is sent, or will not be. */
  void give(int bytes) {
    if (bytes == 0) {
      return;
    }
    synchronized (this) {
      held -= bytes;
    }
    worker.addAndGet(-bytes);
    given.run();
  }

  /** Bytes held now. */
  synchronized long held() {
    return held;
  }

  /** A reply fits beside so many bytes that are held. */
  static boolean fits(long held, long bytes) {
    return held == 0 || held + bytes <= CONNECTION_MAX_BYTES;
  }
}
