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
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A TCP port of a server, a Unix domain socket where it is wanted, and the connections that came.
 * Closing it ends them: the end of their event loops alone would leave them open, and callers
 * waiting. Thread-safe.
 */
public final class Listener implements AutoCloseable {
  private final EventLoopGroup loops;
  private final Channel listening;
  private final ChannelGroup connections;
  private final Consumer<Channel> accepted;
  private Channel local;
  private Path localPath;

  private Listener(
      EventLoopGroup loops,
      Channel listening,
      ChannelGroup connections,
      Consumer<Channel> accepted) {
    this.loops = loops;
    this.listening = listening;
    this.connections = connections;
    this.accepted = accepted;
  }

  /**
   * Binds and accepts; port 0 takes a free one. The loops are the listener's from here on: they end
   * with it, or at once where it cannot be bound.
   *
   * @param accepted sets up each connection, on its event loop
   * @throws IOException where the address cannot be bound; the message names it
   */
  public static Listener bind(HostPort address, EventLoopGroup loops, Consumer<Channel> accepted)
      throws IOException {
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NettyLoops.serverChannel())
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 1024)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(each(connections, accepted));
    var bound = bootstrap.bind(address.resolve()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully();
      throw new IOException(
          "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    return new Listener(loops, bound.channel(), connections, accepted);
  }

  private static ChannelInitializer<Channel> each(
      ChannelGroup connections, Consumer<Channel> accepted) {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(Channel channel) {
        connections.add(channel);
        accepted.accept(channel);
      }
    };
  }

  /**
   * Accepts on a Unix domain socket too; a file that is there is replaced. For one path at most.
   *
   * @return false where this platform has no such sockets
   * @throws IOException where it cannot be bound; the message names it
   */
  public synchronized boolean listenLocally(Path socket) throws IOException {
    var type = NettyLoops.serverOfLocalSockets();
    if (type.isEmpty()) {
      return false;
    }
    Files.createDirectories(socket.toAbsolutePath().getParent());
    Files.deleteIfExists(socket);
    var bound =
        new ServerBootstrap()
            .group(loops)
            .channel(type.get())
            .childHandler(each(connections, accepted))
            .bind(new DomainSocketAddress(socket.toFile()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw new IOException(
          "cannot listen on " + socket + ": " + bound.cause().getMessage(), bound.cause());
    }
    local = bound.channel();
    localPath = socket;
    return true;
  }

  /** The port that is listened on. */
  public int port() {
    return ((InetSocketAddress) listening.localAddress()).getPort();
  }

  @Override
  public synchronized void close() {
    listening.close().awaitUninterruptibly();
    if (local != null) {
      local.close().awaitUninterruptibly();
      localPath.toFile().delete(); // a file that stays is replaced by the next start
    }
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
