/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.node;

import io.curvine.cli.http.AdminServer;
import io.curvine.cli.http.Intake;
import io.curvine.cli.http.Page;
import io.curvine.cli.http.Served;
import io.curvine.protocol.net.HostPort;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node of this process with its admin HTTP port. Thread-safe; closing it twice does no harm. */
public final class RunningNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RunningNode.class);

  private final String name;
  private final Part part;
  private final Optional<AdminServer> admin;
  private final PrometheusMeterRegistry metrics;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RunningNode(
      String name, Part part, Optional<AdminServer> admin, PrometheusMeterRegistry metrics) {
    this.name = name;
    this.part = part;
    this.admin = admin;
    this.metrics = metrics;
  }

  /**
   * Starts the part, then its HTTP port.
   *
   * @param http empty: none
   * @throws IOException where either cannot start; nothing is left running
   */
  static RunningNode start(String name, Optional<HostPort> http, Starter starter)
      throws IOException {
    PrometheusMeterRegistry metrics = NodeMetrics.registry();
    PartSlot slot = new PartSlot();
    Optional<AdminServer> admin = Optional.empty();
    boolean started = false;
    try {
      if (http.isPresent()) {
        admin = Optional.of(AdminServer.start(http.get(), "curvine " + name, metrics, slot));
      }
      slot.part = starter.start(metrics);
      started = true;
    } finally {
      if (!started) {
        admin.ifPresent(AdminServer::close);
        metrics.close();
      }
    }
    LOG.info("{} started, http {}", name, http.map(HostPort::toString).orElse("none"));
    return new RunningNode(name, slot.part, admin, metrics);
  }

  /** For people: {@code master m1}. */
  public String name() {
    return name;
  }

  /** Empty: ready. */
  public Optional<String> notReadyReason() {
    return part.notReadyReason();
  }

  /** Ends when the node has ended; exceptionally when it failed. */
  public CompletableFuture<Void> terminated() {
    return part.terminated();
  }

  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    LOG.info("{} stops", name);
    try {
      part.close();
    } catch (IOException e) {
      LOG.error("{} did not stop cleanly", name, e);
    }
    admin.ifPresent(AdminServer::close);
    metrics.close();
    LOG.info("{} stopped", name);
  }

  /** What a master, a worker and a mount have in common. */
  interface Part extends Served {
    CompletableFuture<Void> terminated();

    void close() throws IOException;
  }

  /** Makes the part. */
  interface Starter {
    Part start(PrometheusMeterRegistry metrics) throws IOException;
  }

  /** Health is served while the part starts, which may take long. */
  private static final class PartSlot implements Served {
    private volatile Part part;

    @Override
    public Optional<String> notReadyReason() {
      Part now = part;
      return now == null ? Optional.of("starting") : now.notReadyReason();
    }

    @Override
    public List<Page> pages() {
      Part now = part;
      return now == null ? List.of() : now.pages();
    }

    @Override
    public List<Intake> intakes() {
      Part now = part;
      return now == null ? List.of() : now.intakes();
    }
  }
}
