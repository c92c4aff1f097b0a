/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.net.HostPort;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A TCP port of a server and the connections that it accepted. Closing it ends them: the end of
 * their event loops alone would leave them open, and callers waiting. Thread-safe.
 */
public final class Listener implements AutoCloseable {
  private final EventLoopGroup loops;
  private final Channel listening;
  private final ChannelGroup connections;

  private Listener(EventLoopGroup loops, Channel listening, ChannelGroup connections) {
    this.loops = loops;
    this.listening = listening;
    this.connections = connections;
  }

  /**
   * Binds and accepts; port 0 takes a free one. The loops are the listener's from here on: they end
   * with it, or at once where it cannot be bound.
   *
   * @param accepted sets up each connection, on its event loop
   * @throws IOException where the address cannot be bound; the message names it
   */
  public static Listener bind(
      HostPort address, EventLoopGroup loops, Consumer<SocketChannel> accepted) throws IOException {
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NettyLoops.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    connections.add(channel);
                    accepted.accept(channel);
                  }
                });
    var bound = bootstrap.bind(address.resolve()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully();
      throw new IOException(
          "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    return new Listener(loops, bound.channel(), connections);
  }

  /** The port that is listened on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public void close() {
    listening.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
