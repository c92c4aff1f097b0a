/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.net.HostPort;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Nodes that did not answer lately; others are asked before them. Thread-safe. */
final class Suspects {
  private static final long FOR_NANOS = Duration.ofSeconds(10).toNanos();

  private final Map<HostPort, Long> since = new ConcurrentHashMap<>();

  void add(HostPort node) {
    since.put(node, System.nanoTime());
  }

  void clear(HostPort node) {
    if (!since.isEmpty()) {
      since.remove(node);
    }
  }

  boolean contains(HostPort node) {
    Long at = since.get(node);
    if (at == null) {
      return false;
    }
    if (System.nanoTime() - at > FOR_NANOS) {
      since.remove(node, at);
      return false;
    }
    return true;
  }
}
