/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnections;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** What the readers and writers of one client share. Thread-safe. */
final class DataPlane implements AutoCloseable {
  private static final int FETCH_THREADS_MAX = 16;
  private static final int FETCH_QUEUE_MAX = 4096;

  private final ClientConfig config;
  private final BlockConnections connections;
  private final Pauses pauses;
  private final PageBuffers pages;
  private final Suspects suspects = new Suspects();
  private final ThreadPoolExecutor fetchers;

  DataPlane(ClientConfig config, BlockConnections connections, Pauses pauses) {
    this.config = config;
    this.connections = connections;
    this.pauses = pauses;
    this.pages =
        new PageBuffers(Math.min(config.prefetchBytes(), Runtime.getRuntime().maxMemory() / 4));
    AtomicInteger count = new AtomicInteger();
    this.fetchers =
        new ThreadPoolExecutor(
            FETCH_THREADS_MAX,
            FETCH_THREADS_MAX,
            30,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(FETCH_QUEUE_MAX),
            task -> {
              Thread thread = new Thread(task, "curvine-fetch-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    fetchers.allowCoreThreadTimeOut(true);
  }

  ClientConfig config() {
    return config;
  }

  BlockConnections connections() {
    return connections;
  }

  Pauses pauses() {
    return pauses;
  }

  Suspects suspects() {
    return suspects;
  }

  PageBuffers pages() {
    return pages;
  }

  /** Runs read-ahead; refuses when too much is queued. */
  ThreadPoolExecutor fetchers() {
    return fetchers;
  }

  @Override
  public void close() {
    fetchers.shutdownNow();
    connections.close();
  }
}
