/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Where the requests of one thread begin: one after the other from a part of its own on, round and
 * round or once through that part, or anywhere. For one thread.
 */
final class Places {
  /** There is no next one. */
  static final long NONE = -1;

  private final long requests;
  private final int requestBytes;
  private final boolean random;
  private final long end;
  private long next;

  Places(DataOrder order, int thread) {
    this.requestBytes = order.kind().requestBytes();
    this.requests = order.sizeBytes() / requestBytes;
    this.random = order.kind().random();
    long part = requests / order.threads();
    this.next = part * thread;
    this.end = order.kind().once() ? next + part : Long.MAX_VALUE;
  }

  /** Of the next request; {@link #NONE}: all were made. */
  long next() {
    if (random) {
      return ThreadLocalRandom.current().nextLong(requests) * requestBytes;
    }
    if (next == end) {
      return NONE;
    }
    long at = next % requests * requestBytes;
    next++;
    return at;
  }
}
