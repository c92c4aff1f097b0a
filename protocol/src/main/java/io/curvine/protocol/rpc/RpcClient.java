/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls to any number of masters, one connection each, made when first used and again after it
 * broke. Thread-safe.
 *
 * <p>A call ends with the answer, or exceptionally with an {@link IOException}: not connected,
 * broken while waiting (the outcome is open), or no answer in time (the outcome is open).
 */
public final class RpcClient implements AutoCloseable {
  private final EventLoopGroup loops;
  private final Bootstrap bootstrap;
  private final AtomicLong callIds = new AtomicLong();
  private final Map<HostPort, Connection> connections = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /** A client with its own event loop thread. */
  public RpcClient(Duration connectTimeout) {
    this.loops = NettyLoops.newGroup(1, "rpc-client");
    this.bootstrap =
        new Bootstrap()
            .group(loops)
            .channel(NettyLoops.channel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis());
  }

  /** Sends the request; see the class for how it ends. */
  public CompletableFuture<MasterResponse> call(
      HostPort master, MasterRequest request, Duration timeout) {
    if (closed) {
      return CompletableFuture.failedFuture(new IOException("the client is closed"));
    }
    CompletableFuture<MasterResponse> answer = new CompletableFuture<>();
    Connection connection = connections.computeIfAbsent(master, Connection::new);
    long callId = callIds.incrementAndGet();
    connection.send(callId, request, answer);
    var timer =
        loops.schedule(
            () -> {
              connection.pending.remove(callId);
              answer.completeExceptionally(
                  new IOException(
                      "no answer from master " + master + " in " + timeout.toMillis() + " ms"));
            },
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    return answer.whenComplete((response, failure) -> timer.cancel(false));
  }

  @Override
  public void close() {
    closed = true;
    connections.values().forEach(Connection::disconnect);
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private final class Connection extends ChannelInitializer<SocketChannel> {
    private final HostPort master;
    private final Map<Long, CompletableFuture<MasterResponse>> pending = new ConcurrentHashMap<>();
    private final ChannelFuture connected;

    Connection(HostPort master) {
      this.master = master;
      this.connected = bootstrap.clone().handler(this).connect(master.resolve());
      connected.addListener(
          done -> {
            if (!done.isSuccess()) {
              fail(
                  new IOException(
                      "cannot connect to master " + master + ": " + done.cause().getMessage(),
                      done.cause()));
            }
          });
    }

    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      channel.pipeline().addLast(RpcFrames.decoder(), new Answers(this));
    }

    void send(long callId, MasterRequest request, CompletableFuture<MasterResponse> answer) {
      pending.put(callId, answer);
      connected.addListener(
          done -> {
            if (!done.isSuccess()) {
              fail(
                  new IOException(
                      "cannot connect to master " + master + ": " + done.cause().getMessage(),
                      done.cause()));
              return;
            }
            Channel channel = connected.channel();
            channel
                .writeAndFlush(RpcFrames.encode(channel.alloc(), callId, request))
                .addListener(
                    written -> {
                      if (!written.isSuccess()) {
                        fail(
                            new IOException(
                                "connection to master " + master + " broke", written.cause()));
                      }
                    });
          });
    }

    /** Ends every waiting call; the next call connects anew. */
    void fail(IOException failure) {
      connections.remove(master, this);
      pending.forEach(
          (callId, answer) -> {
            pending.remove(callId);
            answer.completeExceptionally(failure);
          });
    }

    void disconnect() {
      connected.channel().close();
      fail(new IOException("the client is closed"));
    }
  }

  private static final class Answers extends SimpleChannelInboundHandler<ByteBuf> {
    private final Connection connection;

    Answers(Connection connection) {
      this.connection = connection;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) throws IOException {
      CompletableFuture<MasterResponse> answer = connection.pending.remove(frame.readLong());
      if (answer != null) {
        answer.complete(MasterResponse.parseFrom(new ByteBufInputStream(frame)));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      connection.fail(new IOException("connection to master " + connection.master + " was closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      connection.fail(
          new IOException("connection to master " + connection.master + " broke", cause));
      ctx.close();
    }
  }
}
