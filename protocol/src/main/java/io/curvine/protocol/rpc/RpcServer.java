/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.net.HostPort;
import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;

/**
 * Listens for {@link io.curvine.protocol.proto.MasterRequest}s. Thread-safe; answers may come in
 * any order, each carries its call id.
 */
public final class RpcServer implements AutoCloseable {
  /** Answers that a client does not read: past the high mark nothing more of it is read. */
  private static final WriteBufferWaterMark UNREAD_ANSWERS_BYTES =
      new WriteBufferWaterMark(256 << 10, 1 << 20);

  private final Listener listener;

  private RpcServer(Listener listener) {
    this.listener = listener;
  }

  /**
   * Binds and serves; port 0 takes a free one.
   *
   * @throws IOException where the address cannot be bound; the message names it
   */
  public static RpcServer start(HostPort address, int threads, RpcHandler handler)
      throws IOException {
    return new RpcServer(
        Listener.bind(
            address,
            NettyLoops.newGroup(threads, "rpc"),
            channel -> {
              channel.config().setWriteBufferWaterMark(UNREAD_ANSWERS_BYTES);
              channel.pipeline().addLast(new ServerConnection(channel, handler));
            }));
  }

  /** The port that is listened on. */
  public int port() {
    return listener.port();
  }

  @Override
  public void close() {
    listener.close();
  }
}
