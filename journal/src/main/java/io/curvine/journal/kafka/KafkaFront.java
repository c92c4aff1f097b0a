/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.JournalLog;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.rpc.NettyLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Serves the journal to Kafka clients, unmodified, as the one partition of the topic {@value
 * #TOPIC}: metadata, offsets by time, fetches with a long poll. The topic cannot be written to, and
 * there are no consumer groups. Thread-safe.
 */
public final class KafkaFront implements AutoCloseable {
  /** All events, in order; partition 0 is its only one. */
  public static final String TOPIC = "curvine.journal";

  /**
   * A request of a consumer is far smaller; one of a producer that is refused may be this large.
   */
  static final int REQUEST_MAX_BYTES = 4 << 20;

  private static final int THREADS = 2;

  private final EventLoopGroup loops;
  private final ChannelGroup connections;
  private final Channel listener;

  private KafkaFront(EventLoopGroup loops, ChannelGroup connections, Channel listener) {
    this.loops = loops;
    this.connections = connections;
    this.listener = listener;
  }

  /**
   * Binds and serves; port 0 takes a free one.
   *
   * @param brokers the masters as they are now; asked on a network thread, so it must answer at
   *     once
   * @throws IOException where the address cannot be bound; the message names it
   */
  public static KafkaFront start(HostPort address, Supplier<List<Broker>> brokers, JournalLog log)
      throws IOException {
    EventLoopGroup loops = NettyLoops.newGroup(THREADS, "feed");
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    KafkaApis apis = new KafkaApis(brokers, log);
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
                    channel
                        .pipeline()
                        .addLast(
                            new LengthFieldBasedFrameDecoder(REQUEST_MAX_BYTES, 0, 4, 0, 4),
                            new KafkaConnection(apis));
                  }
                });
    var bound = bootstrap.bind(address.resolve()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully();
      throw new IOException(
          "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    return new KafkaFront(loops, connections, bound.channel());
  }

  /** The port that is listened on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Ends all connections. The journal stays open. */
  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
