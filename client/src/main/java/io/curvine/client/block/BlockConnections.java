/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.WorkerAddress;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Connections to workers, kept for the next use. Thread-safe; a connection taken belongs to its
 * taker until it is given back or closed.
 *
 * <p>The channels block, so a watchdog closes one whose worker has not answered in time.
 */
public final class BlockConnections implements AutoCloseable {
  private static final int IDLE_MAX_PER_WORKER = 16;
  private static final Duration IDLE_MAX = Duration.ofMinutes(1);
  private static final long TIDY_PERIOD_SECONDS = 5;

  private final Duration connectTimeout;
  private final Duration answerTimeout;
  private final LocalSockets locals;
  private final Map<HostPort, Deque<BlockConnection>> idle = new HashMap<>();
  private final Set<BlockConnection> open = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService watchdog;

  /** Waits for workers, as the watchdog must not. */
  private final ScheduledExecutorService tidier;

  private boolean closed;

  /**
   * A pool without connections.
   *
   * @param localSockets use those of workers on this host
   */
  public BlockConnections(Duration connectTimeout, Duration answerTimeout, boolean localSockets) {
    this.connectTimeout = connectTimeout;
    this.answerTimeout = answerTimeout;
    this.locals = new LocalSockets(localSockets);
    this.watchdog = scheduler("curvine-block-watchdog");
    this.tidier = scheduler("curvine-local-blocks");
    long periodMs = Math.max(10, Math.min(1_000, answerTimeout.toMillis() / 10));
    watchdog.scheduleWithFixedDelay(this::watch, periodMs, periodMs, TimeUnit.MILLISECONDS);
  }

  private static ScheduledExecutorService scheduler(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Has blocks that are read from files tidied up now and then. */
  public void tidyLocal(LocalBlocks local) {
    tidier.scheduleWithFixedDelay(
        local::tidy, TIDY_PERIOD_SECONDS, TIDY_PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /** The address of a worker's data port. */
  public static HostPort dataPort(WorkerAddress address) {
    return new HostPort(address.getHost(), address.getDataPort());
  }

  /** A connection that was used before, else a new one; see {@link BlockConnection#reused}. */
  public BlockConnection take(HostPort worker) throws IOException {
    if (locals.isToBeAskedAgain(worker)) {
      return connect(worker);
    }
    synchronized (this) {
      Deque<BlockConnection> waiting = idle.get(worker);
      BlockConnection last = waiting == null ? null : waiting.pollLast();
      if (last != null) {
        last.markReused();
        return last;
      }
    }
    return connect(worker);
  }

  /** A new connection: by the worker's socket where it is on this host, else by its port. */
  public BlockConnection connect(HostPort worker) throws IOException {
    Optional<SocketChannel> local = locals.connect(worker);
    if (local.isPresent()) {
      BlockConnection connection = opened(worker, local.get());
      if (locals.reached(worker, connection)) {
        return connection;
      }
    }
    BlockConnection connection = opened(worker, connectToPort(worker));
    return locals.ask(worker, connection) ? connect(worker) : connection;
  }

  private SocketChannel connectToPort(HostPort worker) throws IOException {
    SocketChannel channel = SocketChannel.open();
    try {
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.socket().connect(worker.resolve(), (int) connectTimeout.toMillis());
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw new IOException("cannot connect to worker " + worker + ": " + e.getMessage(), e);
    }
  }

  /** Whether a worker has a socket on this host, as far as it was asked. */
  boolean isLocal(HostPort worker) {
    return locals.knows(worker);
  }

  private BlockConnection opened(HostPort worker, SocketChannel channel) throws IOException {
    BlockConnection connection = new BlockConnection(worker, channel, answerTimeout, open::remove);
    open.add(connection);
    synchronized (this) {
      if (closed) {
        connection.close();
        throw new IOException("the client is closed");
      }
    }
    return connection;
  }

  /** Gives back a connection on which nothing is awaited. */
  public void giveBack(BlockConnection connection) {
    connection.becomeIdle();
    synchronized (this) {
      Deque<BlockConnection> waiting =
          idle.computeIfAbsent(connection.worker(), worker -> new ArrayDeque<>());
      if (!closed && connection.isOpen() && waiting.size() < IDLE_MAX_PER_WORKER) {
        waiting.addLast(connection);
        return;
      }
    }
    connection.close();
  }

  /** Forgets the connections that wait, as after one of them was found broken. */
  public void dropIdle(HostPort worker) {
    Deque<BlockConnection> dropped;
    synchronized (this) {
      dropped = idle.remove(worker);
    }
    if (dropped != null) {
      dropped.forEach(BlockConnection::close);
    }
  }

  private void watch() {
    long now = System.nanoTime();
    for (BlockConnection connection : open) {
      connection.closeIfLate(now);
    }
    synchronized (this) {
      for (Deque<BlockConnection> waiting : idle.values()) {
        while (!waiting.isEmpty() && waiting.peekFirst().idleSince(now) > IDLE_MAX.toNanos()) {
          waiting.pollFirst().close();
        }
      }
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      idle.clear();
    }
    watchdog.shutdownNow();
    tidier.shutdownNow();
    open.forEach(BlockConnection::close);
  }
}
