/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.CliException;
import io.curvine.cli.Failures;
import io.curvine.cli.GlobalOptions;
import io.curvine.cli.config.Configuration;
import io.curvine.cli.node.Nodes;
import io.curvine.cli.node.RunningNode;
import io.curvine.client.ClientConfig;
import io.curvine.fuse.FuseConfig;
import io.curvine.journal.mirror.MirrorConfig;
import io.curvine.master.MasterConfig;
import io.curvine.protocol.net.HostPort;
import io.curvine.worker.WorkerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** All nodes in this process, for laptops and tests. A node that fails ends it. Thread-safe. */
final class InProcessNodes implements LocalNodes {
  private final GlobalOptions options;
  private final List<RunningNode> nodes = new ArrayList<>();
  private final CompletableFuture<String> failed = new CompletableFuture<>();
  private boolean closed;

  InProcessNodes(GlobalOptions options) {
    this.options = options;
  }

  @Override
  public void start(NodeSpec node) throws IOException {
    Configuration configuration = options.configuration(node.settings());
    RunningNode started =
        switch (node.role()) {
          case MASTER ->
              Nodes.master(
                  configuration.get(MasterConfig.class), configuration.get(MirrorConfig.class));
          case WORKER -> Nodes.worker(configuration.get(WorkerConfig.class));
          case FUSE ->
              Nodes.mount(
                  node.directory(),
                  configuration.get(FuseConfig.class),
                  configuration.get(ClientConfig.class).withClientName(node.name()),
                  Optional.of(HostPort.parse(node.address("HTTP"))));
        };
    synchronized (this) {
      if (!closed) {
        nodes.add(started);
        started.terminated().whenComplete((done, failure) -> ended(node, failure));
        return;
      }
    }
    started.close();
  }

  private synchronized void ended(NodeSpec node, Throwable failure) {
    if (!closed) {
      failed.complete(
          node.name() + " ended" + (failure == null ? "" : ": " + Failures.line(failure)));
    }
  }

  @Override
  public void keepRunning() {
    // a node of this process cannot be started again by itself
  }

  @Override
  public Optional<String> failure() {
    return Optional.ofNullable(failed.getNow(null));
  }

  @Override
  public long pid(NodeSpec node) {
    return ProcessHandle.current().pid();
  }

  @Override
  public boolean separate() {
    return false;
  }

  @Override
  public void await() throws IOException, InterruptedException {
    try {
      throw new CliException(failed.get());
    } catch (ExecutionException e) {
      throw new CliException(Failures.line(e), e);
    }
  }

  @Override
  public void close() {
    List<RunningNode> order;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      order = new ArrayList<>(nodes);
    }
    Collections.reverse(order);
    order.forEach(RunningNode::close);
  }
}
