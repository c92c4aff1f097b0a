/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.kafka.group.JoinRequest.Client;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client. Its requests are answered one after the other, in order; while one waits, nothing
 * more is read from it. All on the connection's event loop. What cannot be understood ends the
 * connection.
 */
final class KafkaConnection extends SimpleChannelInboundHandler<ByteBuf> {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaConnection.class);

  private final KafkaApis apis;

  /** Frames that came in one read with an earlier one; bounded by the size of a read. */
  private final Queue<ByteBuffer> waiting = new ArrayDeque<>();

  /** From the moment a request is begun until its answer has left. */
  private boolean busy;

  private CompletableFuture<ApiMessage> answering;

  KafkaConnection(KafkaApis apis) {
    this.apis = apis;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, ByteBuf frame) throws IOException {
    byte[] bytes = new byte[frame.readableBytes()];
    frame.readBytes(bytes);
    waiting.add(ByteBuffer.wrap(bytes));
    beginNext(ctx);
  }

  private void beginNext(ChannelHandlerContext ctx) throws IOException {
    if (!busy && !waiting.isEmpty() && ctx.channel().isActive()) {
      busy = true;
      begin(ctx, waiting.remove());
    }
    ctx.channel().config().setAutoRead(!busy);
  }

  private void begin(ChannelHandlerContext ctx, ByteBuffer frame) throws IOException {
    short keyId = frame.getShort(0);
    short version = frame.getShort(Short.BYTES);
    ApiKeys key = ApiKeys.hasId(keyId) ? ApiKeys.forId(keyId) : null;
    if (key == null || !KafkaApis.serves(key, version)) {
      if (key == ApiKeys.API_VERSIONS) {
        int correlationId = frame.getInt(2 * Short.BYTES);
        send(ctx, new Call(key, (short) 0, correlationId), KafkaApis.unsupportedVersion());
      } else {
        LOG.info("closing {}: request {} version {} is not served", ctx.channel(), keyId, version);
        ctx.close();
      }
      return;
    }
    ByteBufferAccessor in = new ByteBufferAccessor(frame);
    RequestHeaderData header = new RequestHeaderData(in, key.requestHeaderVersion(version));
    Call call = new Call(key, version, header.correlationId());
    ApiMessage request = key.messageType.newRequest();
    request.read(in, version);
    Client client = new Client(header.clientId() == null ? "" : header.clientId(), host(ctx));
    answering = apis.handle(key, version, request, client, ctx.channel().eventLoop());
    answering.whenComplete((message, failure) -> finish(ctx, call, message, failure));
  }

  /** As Kafka's tools show it. */
  private static String host(ChannelHandlerContext ctx) {
    return ctx.channel().remoteAddress() instanceof InetSocketAddress address
        ? "/" + address.getAddress().getHostAddress()
        : String.valueOf(ctx.channel().remoteAddress());
  }

  /** On the event loop: it is where waits end. */
  private static void finish(
      ChannelHandlerContext ctx, Call call, ApiMessage message, Throwable failure) {
    if (!ctx.channel().isActive()) {
      SliceRecords.closeAll(message);
      return;
    }
    if (failure != null || message == null) {
      if (failure != null) {
        LOG.error("closing {}: {} failed", ctx.channel(), call.key(), failure);
      }
      ctx.close();
      return;
    }
    try {
      send(ctx, call, message);
    } catch (RuntimeException e) {
      LOG.error("closing {}: the answer to {} cannot be written", ctx.channel(), call.key(), e);
      ctx.close();
    }
  }

  private static void send(ChannelHandlerContext ctx, Call call, ApiMessage message) {
    List<Object> parts;
    try {
      parts =
          KafkaResponses.encode(
              new ResponseHeaderData().setCorrelationId(call.correlationId()),
              call.key().responseHeaderVersion(call.version()),
              message,
              call.version());
    } catch (RuntimeException e) {
      SliceRecords.closeAll(message);
      throw e;
    }
    for (Object part : parts.subList(0, parts.size() - 1)) {
      ctx.write(part);
    }
    ctx.writeAndFlush(parts.get(parts.size() - 1)).addListener(sent -> sent(ctx, sent));
  }

  private static void sent(ChannelHandlerContext ctx, Future<?> sent) throws IOException {
    if (!sent.isSuccess()) {
      LOG.debug("closing {}: {}", ctx.channel(), sent.cause().toString());
      ctx.close();
      return;
    }
    KafkaConnection connection = (KafkaConnection) ctx.handler();
    connection.busy = false;
    connection.beginNext(ctx);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    waiting.clear();
    if (answering != null) {
      answering.cancel(false);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("connection {} ended: {}", ctx.channel(), cause.toString());
    } else {
      LOG.warn("closing connection {}", ctx.channel(), cause);
    }
    ctx.close();
  }

  private record Call(ApiKeys key, short version, int correlationId) {}
}
