/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.net.HostId;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.LocalAccess;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix domain sockets of workers on this host, which move bytes at up to twice the speed of
 * TCP. A worker is asked once for its socket; where that cannot be used, its port is. Thread-safe.
 */
final class LocalSockets {
  private static final Logger LOG = LoggerFactory.getLogger(LocalSockets.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int ANSWER_MAX_BYTES = 4096;
  private static final LocalAccess NONE = LocalAccess.getDefaultInstance();
  private static final long AGAIN_AFTER_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final boolean wanted;

  /** What each worker that was asked has; NONE: nothing for this process. */
  private final Map<HostPort, LocalAccess> known = new ConcurrentHashMap<>();

  /** When a worker whose socket could not be used is asked again, by {@link System#nanoTime}. */
  private final Map<HostPort, Long> later = new ConcurrentHashMap<>();

  LocalSockets(boolean wanted) {
    this.wanted = wanted;
  }

  /** A connection to a worker's socket, if that is known; empty: use its port. */
  Optional<SocketChannel> connect(HostPort worker) {
    if (!knows(worker)) {
      return Optional.empty();
    }
    String path = known.getOrDefault(worker, NONE).getSocketPath();
    try {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      try {
        channel.connect(UnixDomainSocketAddress.of(path));
        return Optional.of(channel);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      usePort(worker, path + ": " + e);
      return Optional.empty();
    }
  }

  /** For a while: it may have been started anew. */
  private void usePort(HostPort worker, String why) {
    LOG.debug("worker {} is reached by its port: {}", worker, why);
    later.put(worker, System.nanoTime() + AGAIN_AFTER_NANOS);
    known.remove(worker);
  }

  /**
   * Whether a connection to a worker's socket has reached that worker: the path may lead elsewhere
   * where the two see different file systems. One that has not is closed.
   */
  boolean reached(HostPort worker, BlockConnection connection) {
    String wanted = known.getOrDefault(worker, NONE).getInstance();
    try {
      if (access(connection).getInstance().equals(wanted)) {
        return true;
      }
      usePort(worker, "its socket's path leads to another worker");
    } catch (IOException e) {
      usePort(worker, e.toString());
    }
    connection.close();
    return false;
  }

  /** Its socket could not be used a while ago: the next new connection asks whether it can now. */
  boolean isToBeAskedAgain(HostPort worker) {
    return later.containsKey(worker) && isToBeAsked(worker);
  }

  private boolean isToBeAsked(HostPort worker) {
    Long notBefore = later.get(worker);
    boolean now = notBefore == null || System.nanoTime() - notBefore >= 0;
    return wanted && now && !known.containsKey(worker);
  }

  /** The worker has a socket for this process. */
  boolean knows(HostPort worker) {
    return !known.getOrDefault(worker, NONE).getSocketPath().isEmpty();
  }

  /**
   * Asks a worker that was not asked yet.
   *
   * @return whether it has a socket for this process
   */
  boolean ask(HostPort worker, BlockConnection connection) throws IOException {
    if (!isToBeAsked(worker)) {
      return false;
    }
    LocalAccess access = access(connection);
    boolean here = !HostId.own().isEmpty() && HostId.own().equals(access.getHostId());
    known.put(worker, here ? access : NONE);
    if (!knows(worker)) {
      return false;
    }
    connection.close();
    return true;
  }

  private static LocalAccess access(BlockConnection connection) throws IOException {
    BlockHeader request =
        BlockHeader.request(BlockOp.LOCAL, 0, connection.nextRequestId(), 0, 0, 0, 0, 0);
    connection.send(request, null, NOTHING);
    ByteBuffer answer = ByteBuffer.allocate(ANSWER_MAX_BYTES);
    BlockReply reply = connection.receive(answer);
    return reply.ok() ? LocalAccess.parseFrom(answer.flip()) : NONE;
  }
}
