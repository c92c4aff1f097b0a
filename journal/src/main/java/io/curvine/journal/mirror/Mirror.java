/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import io.curvine.journal.FeedLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Copies topics of the feed into a Kafka cluster, each record once and in order, while this master
 * leads (ADR 024). Thread-safe.
 */
public final class Mirror implements AutoCloseable {
  private static final long END_MAX_MS = 10_000;

  private final MirrorConfig config;
  private final MirrorProgress progress;
  private List<Thread> running = List.of();

  public Mirror(MirrorConfig config, MirrorProgress progress) {
    this.config = config;
    this.progress = progress;
  }

  /**
   * Copies from now on; where it does already, from these logs instead.
   *
   * @param logs the feed's topics by name
   * @throws IllegalArgumentException where one that is to be copied is none of them
   */
  public synchronized void start(String clusterId, Map<String, ? extends FeedLog> logs) {
    close();
    MirrorClients clients = new MirrorClients(config, clusterId);
    List<Thread> started = new ArrayList<>();
    for (String topic : config.topics()) {
      FeedLog log = logs.get(topic);
      if (log == null) {
        throw new IllegalArgumentException(
            "topics has '" + topic + "'; allowed: " + String.join(", ", logs.keySet()));
      }
      Thread thread =
          new Thread(new MirrorTask(log, topic, config, clients, progress), "mirror-" + topic);
      thread.setDaemon(true);
      started.add(thread);
    }
    started.forEach(Thread::start);
    running = started;
  }

  /** Stops; what was not committed in the other cluster is copied by whoever goes on. */
  @Override
  public synchronized void close() {
    running.forEach(Thread::interrupt);
    try {
      for (Thread thread : running) {
        thread.join(END_MAX_MS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running = List.of();
  }
}
