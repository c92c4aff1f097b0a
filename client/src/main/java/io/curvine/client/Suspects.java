/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.net.HostPort;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Workers that did not answer lately; others are asked before them. Thread-safe. */
final class Suspects {
  private static final long FOR_NANOS = Duration.ofSeconds(10).toNanos();

  private final Map<HostPort, Long> since = new ConcurrentHashMap<>();

  void add(HostPort worker) {
    since.put(worker, System.nanoTime());
  }

  void clear(HostPort worker) {
    if (!since.isEmpty()) {
      since.remove(worker);
    }
  }

  boolean contains(HostPort worker) {
    Long at = since.get(worker);
    if (at == null) {
      return false;
    }
    if (System.nanoTime() - at > FOR_NANOS) {
      since.remove(worker, at);
      return false;
    }
    return true;
  }
}
