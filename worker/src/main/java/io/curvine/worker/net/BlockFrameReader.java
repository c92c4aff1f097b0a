/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.block.BlockHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.ByteBuffer;

/**
 * Cuts the stream into {@link BlockFrame}s. A payload is gathered in one buffer of its own size, so
 * that a large one is copied once. What is not a frame of the protocol closes the connection.
 */
final class BlockFrameReader extends ChannelInboundHandlerAdapter {
  private final ByteBuffer headerBytes = ByteBuffer.allocate(BlockHeader.BYTES);
  private BlockHeader header;
  private byte[] extra;
  private int extraRead;
  private ByteBuf payload;

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      while (advance(ctx, in)) {
        BlockFrame frame = BlockFrame.of(header, extra, payload);
        header = null;
        payload = null;
        ctx.fireChannelRead(frame);
      }
    } finally {
      in.release();
    }
  }

  /** Takes what there is; true when a frame is whole. */
  private boolean advance(ChannelHandlerContext ctx, ByteBuf in) {
    if (header == null && !readHeader(ctx, in)) {
      return false;
    }
    if (extraRead < extra.length) {
      int count = Math.min(extra.length - extraRead, in.readableBytes());
      in.readBytes(extra, extraRead, count);
      extraRead += count;
      if (extraRead < extra.length) {
        return false;
      }
    }
    int missing = header.payloadBytes() - payload.readableBytes();
    if (missing > 0) {
      payload.writeBytes(in, Math.min(missing, in.readableBytes()));
    }
    return payload.readableBytes() == header.payloadBytes();
  }

  private boolean readHeader(ChannelHandlerContext ctx, ByteBuf in) {
    int count = Math.min(headerBytes.remaining(), in.readableBytes());
    in.readBytes(headerBytes.array(), headerBytes.position(), count);
    headerBytes.position(headerBytes.position() + count);
    if (headerBytes.hasRemaining()) {
      return false;
    }
    header = BlockHeader.readFrom(headerBytes.flip());
    headerBytes.clear();
    extra = new byte[header.extraBytes()];
    extraRead = 0;
    payload =
        header.payloadBytes() == 0
            ? Unpooled.EMPTY_BUFFER
            : ctx.alloc().directBuffer(header.payloadBytes(), header.payloadBytes());
    return true;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (payload != null) {
      payload.release();
      payload = null;
    }
  }
}
