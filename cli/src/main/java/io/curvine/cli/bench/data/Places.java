/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Where the requests of one thread begin: one after the other from a part of its own on, round and
 * round, or anywhere. For one thread.
 */
final class Places {
  private final long requests;
  private final int requestBytes;
  private final boolean random;
  private long next;

  Places(DataOrder order, int thread) {
    this.requestBytes = order.kind().requestBytes();
    this.requests = order.sizeBytes() / requestBytes;
    this.random = order.kind().random();
    this.next = requests / order.threads() * thread;
  }

  /** Of the next request. */
  long next() {
    if (random) {
      return ThreadLocalRandom.current().nextLong(requests) * requestBytes;
    }
    long at = next % requests * requestBytes;
    next++;
    return at;
  }
}
