/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens for {@link MasterRequest}s. Thread-safe; answers may come in any order, each carries its
 * call id.
 */
public final class RpcServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RpcServer.class);

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
            channel -> channel.pipeline().addLast(RpcFrames.decoder(), new Connection(handler))));
  }

  /** The port that is listened on. */
  public int port() {
    return listener.port();
  }

  @Override
  public void close() {
    listener.close();
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
