/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for {@link MasterRequest}s. Thread-safe; answers may come in any order, each carries its
 * call id.
 */
public final class RpcServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

  private final EventLoopGroup loops;
  private final Channel listener;
  private final ChannelGroup connections;

  private RpcServer(EventLoopGroup loops, Channel listener, ChannelGroup connections) {
    this.loops = loops;
    this.listener = listener;
    this.connections = connections;
  }

  /**
   * Binds and serves; port 0 takes a free one.
   *
   * @throws IOException where the address cannot be bound; the message names it
   */
  public static RpcServer start(HostPort address, int threads, RpcHandler handler)
      throws IOException {
    EventLoopGroup loops = NettyLoops.newGroup(threads, "rpc");
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
                    channel.pipeline().addLast(RpcFrames.decoder(), new Connection(handler));
                  }
                });
    var bound = bootstrap.bind(address.resolve()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      loops.shutdownGracefully();
      throw new IOException(
          "cannot listen on " + address + ": " + bound.cause().getMessage(), bound.cause());
    }
    return new RpcServer(loops, bound.channel(), connections);
  }

  /** The port that is listened on. */
  public int port() {
    return ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    connections.close().awaitUninterruptibly();
    loops.shutdownGracefully(0, 1, java.util.concurrent.TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static final class Connection extends SimpleChannelInboundHandler<ByteBuf> {
    private final RpcHandler handler;

    Connection(RpcHandler handler) {
      this.handler = handler;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) throws IOException {
      long callId = frame.readLong();
      RpcResponder responder =
          response ->
              ctx.writeAndFlush(RpcFrames.encode(ctx.alloc(), callId, response), ctx.voidPromise());
      MasterRequest request = MasterRequest.parseFrom(new ByteBufInputStream(frame));
      try {
        handler.handle(request, responder);
      } catch (RuntimeException e) {
        LOG.error("request failed: {}", request.getRequestCase(), e);
        responder.respond(
            MasterResponse.newBuilder()
                .setCode(ErrorCode.INTERNAL)
                .setMessage("internal error, see the log of the master: " + e)
                .build());
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (cause instanceof IOException) {
        LOG.debug("connection {} ended: {}", ctx.channel().remoteAddress(), cause.toString());
      } else {
        LOG.warn("connection {} closed", ctx.channel().remoteAddress(), cause);
      }
      ctx.close();
    }
  }
}
