/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import io.curvine.protocol.io.Throttle;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies topics of the feed into a Kafka cluster, each record once and in order, while this master
 * leads (ADR 024). Nothing of a master waits for it. Thread-safe.
 */
public final class Mirror implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);
  private static final long END_MAX_MS = 5_000;

  private final MirrorConfig config;
  private final MirrorClients clients;
  private final MirrorSource source;
  private final Throttle throttle;

  /** By topic, and of one leadership: a thread that ends late says nothing of the next. */
  private volatile Map<String, MirrorStatus> statuses;

  private List<Thread> running = List.of();
  private boolean closed;

  private Mirror(MirrorConfig config, MirrorClients clients, MirrorSource source) {
    this.config = config;
    this.clients = clients;
    this.source = source;
    this.throttle = new Throttle(config.rate());
    this.statuses = statuses();
  }

  private Map<String, MirrorStatus> statuses() {
    Map<String, MirrorStatus> all = new LinkedHashMap<>();
    if (config.enabled()) {
      config
          .copies()
          .forEach(
              (topic, copy) -> all.put(topic, new MirrorStatus(topic, copy, Clock.systemUTC())));
    }
    return all;
  }

  /**
   * A mirror that waits for a leadership.
   *
   * @throws IOException where the properties file cannot be used
   */
  public static Mirror open(MirrorConfig config, MirrorSource source) throws IOException {
    return new Mirror(config, MirrorClients.open(config), source);
  }

  /** This master leads: copies from now on. Returns at once. */
  public synchronized void leadershipBegins() {
    leadershipEnds();
    if (closed) {
      return;
    }
    List<Thread> started = new ArrayList<>();
    statuses.forEach(
        (topic, status) -> {
          status.begin();
          String copy = config.copies().get(topic);
          Thread thread =
              new Thread(
                  new MirrorTask(topic, copy, config, clients, source, throttle, status),
                  "mirror-" + topic);
          thread.setDaemon(true);
          started.add(thread);
        });
    running = started;
    started.forEach(Thread::start);
  }

  /**
   * Another leads: what is under way is given up. Returns at once; a thread that ends late can add
   * nothing that a later one has not asked for.
   */
  public synchronized void leadershipEnds() {
    running.forEach(Thread::interrupt);
    running = List.of();
    statuses = statuses();
  }

  /** Of each topic that is copied, in the order of the configuration; empty where none is. */
  public List<MirrorProgress> progress() {
    List<MirrorProgress> all = new ArrayList<>();
    statuses.forEach((topic, status) -> all.add(status.progress(source.log(topic))));
    return all;
  }

  /** Stops for good. */
  @Override
  public void close() {
    List<Thread> ending;
    synchronized (this) {
      closed = true;
      ending = running;
      leadershipEnds();
    }
    try {
      for (Thread thread : ending) {
        thread.join(END_MAX_MS);
        if (thread.isAlive()) {
          LOG.warn(
              "{} did not end in {} s",
              thread.getName(),
              TimeUnit.MILLISECONDS.toSeconds(END_MAX_MS));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
