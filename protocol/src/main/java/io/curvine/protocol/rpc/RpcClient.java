/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Calls to any number of masters, over one connection each or several, made when first used and
 * again after it broke. Thread-safe.
 *
 * <p>A call ends with the answer, or exceptionally with an {@link IOException}: a {@link
 * NotSentException} where the master cannot have seen it, another where the connection broke or no
 * answer came in time, and the outcome is open. It ends on an event loop: what is chained to it
 * must not block.
 */
public final class RpcClient implements AutoCloseable {
  /** Connections to one master. */
  public static final int CONNECTIONS_MAX = 64;

  private final EventLoopGroup loops;
  private final int connectTimeoutMillis;
  private final int connectionsPerMaster;
  private final AtomicInteger turn = new AtomicInteger();
  private final Map<Key, ClientConnection> connections = new ConcurrentHashMap<>();
  private volatile boolean closed;

  private record Key(HostPort master, int number) {}

  /** A client with one connection to a master, and one event loop thread. */
  public RpcClient(Duration connectTimeout) {
    this(connectTimeout, 1);
  }

  /**
   * A client that spreads its calls over several connections to a master, each on an event loop
   * thread of its own.
   *
   * @param connectionsPerMaster 1 to {@link #CONNECTIONS_MAX}
   */
  public RpcClient(Duration connectTimeout, int connectionsPerMaster) {
    if (connectionsPerMaster < 1 || connectionsPerMaster > CONNECTIONS_MAX) {
      throw new IllegalArgumentException(
          connectionsPerMaster + " connections per master; allowed: 1 to " + CONNECTIONS_MAX);
    }
    this.loops = NettyLoops.newGroup(connectionsPerMaster, "rpc-client");
    this.connectTimeoutMillis = Math.toIntExact(connectTimeout.toMillis());
    this.connectionsPerMaster = connectionsPerMaster;
  }

  /** Sends the request; see the class for how it ends. */
  public CompletableFuture<MasterResponse> call(
      HostPort master, MasterRequest request, Duration timeout) {
    if (closed) {
      return CompletableFuture.failedFuture(new NotSentException("the client is closed", null));
    }
    if (!RpcFrames.fits(request.getSerializedSize())) {
      return CompletableFuture.failedFuture(
          new CurvineException(
              ErrorCode.INVALID_ARGUMENT,
              "the request has "
                  + request.getSerializedSize()
                  + " bytes; allowed: up to "
                  + (Limits.RPC_FRAME_MAX_BYTES - RpcFrames.CALL_ID_BYTES)));
    }
    int number =
        connectionsPerMaster == 1 ? 0 : Math.floorMod(turn.getAndIncrement(), connectionsPerMaster);
    ClientConnection connection =
        connections.computeIfAbsent(new Key(master, number), this::connection);
    return connection.call(request, timeout);
  }

  private ClientConnection connection(Key key) {
    return new ClientConnection(
        key.master, connectTimeoutMillis, loops.next(), broken -> connections.remove(key, broken));
  }

  /** Ends every waiting call. */
  @Override
  public void close() {
    closed = true;
    connections.values().forEach(connection -> connection.close(closedFailure()));
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private static IOException closedFailure() {
    return new IOException("the client is closed");
  }
}
