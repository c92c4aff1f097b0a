/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.io.IOException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Answers made on any thread gather and go out together, with one flush a
 * run of the event loop. A client that does not read its answers, or has too many calls open, is
 * not read from until that has passed; what it has asked before is answered all the same.
 */
final class ServerConnection extends FrameReader {
  private static final Logger LOG = LoggerFactory.getLogger(ServerConnection.class);

  /** Answers made while requests are taken go out at the latest when they have so many bytes. */
  private static final int GATHERED_MAX_BYTES = 128 << 10;

  private final Channel channel;
  private final RpcHandler handler;
  private final FrameWriter writer;
  private final HandOver<Call> answered = new HandOver<>();

  /** Taken and not yet answered; of the event loop. */
  private int open;

  /** Of answers that wait to be written, made while requests are taken; of the event loop. */
  private int gatheredBytes;

  ServerConnection(Channel channel, RpcHandler handler) {
    this.channel = channel;
    this.handler = handler;
    this.writer = new FrameWriter(channel);
  }

  @Override
  protected boolean ready(ChannelHandlerContext ctx) {
    return open < Limits.RPC_CONNECTION_OPEN_MAX_CALLS && channel.isWritable();
  }

  @Override
  protected void frame(ChannelHandlerContext ctx, long callId, ByteBuf in, int size)
      throws IOException {
    MasterRequest request = RpcFrames.read(in, size, MasterRequest.parser());
    open++;
    Call call = new Call(callId);
    try {
      handler.handle(request, call);
    } catch (RuntimeException e) {
      LOG.error("request failed: {}", request.getRequestCase(), e);
      call.respond(internal("internal error, see the log of the master: " + e));
    }
    MasterResponse response = call.response;
    if (response != null) {
      gatheredBytes += response.getSerializedSize();
      if (gatheredBytes >= GATHERED_MAX_BYTES) {
        writeAnswers(); // so that it shows whether the client reads them
      }
    }
  }

  @Override
  protected void readComplete(ChannelHandlerContext ctx) {
    writeAnswers();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws IOException {
    resume(ctx);
  }

  private void writeAnswers() {
    gatheredBytes = 0;
    Call call = answered.takeAll();
    if (call == null) {
      return;
    }
    for (; call != null; call = call.next()) {
      open--;
      MasterResponse response = call.response;
      if (!RpcFrames.fits(response.getSerializedSize())) {
        response =
            internal(
                "the answer has "
                    + response.getSerializedSize()
                    + " bytes; allowed: up to "
                    + Limits.RPC_FRAME_MAX_BYTES);
      }
      writer.add(call.id, response);
    }
    writer.flush();
  }

  /** On the event loop, for answers that were made elsewhere. */
  private void writeAnswersAndGoOn() {
    writeAnswers();
    ChannelHandlerContext ctx = channel.pipeline().context(this);
    if (ctx == null) {
      return; // closed meanwhile
    }
    try {
      resume(ctx);
    } catch (IOException e) {
      exceptionCaught(ctx, e);
    }
  }

  private static MasterResponse internal(String message) {
    return MasterResponse.newBuilder().setCode(ErrorCode.INTERNAL).setMessage(message).build();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("connection {} ended: {}", channel.remoteAddress(), cause.toString());
    } else {
      LOG.warn("connection {} closed", channel.remoteAddress(), cause);
    }
    ctx.close();
  }

  /** A request that waits for its answer. */
  private final class Call extends HandOver.Item<Call> implements RpcResponder {
    private static final AtomicReferenceFieldUpdater<Call, MasterResponse> RESPONSE =
        AtomicReferenceFieldUpdater.newUpdater(Call.class, MasterResponse.class, "response");

    private final long id;
    private volatile MasterResponse response;

    Call(long id) {
      this.id = id;
    }

    @Override
    public void respond(MasterResponse answer) {
      if (!RESPONSE.compareAndSet(this, null, answer)) {
        LOG.error("a second answer to one request: {} {}", answer.getCode(), answer.getMessage());
        return;
      }
      boolean first = answered.add(this);
      boolean soon = channel.eventLoop().inEventLoop() && reading();
      if (first && !soon) {
        wake();
      }
    }

    private void wake() {
      try {
        channel.eventLoop().execute(ServerConnection.this::writeAnswersAndGoOn);
      } catch (RejectedExecutionException e) {
        LOG.debug("an answer after the server has closed: {}", e.toString());
      }
    }
  }
}
