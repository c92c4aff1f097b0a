/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import io.curvine.protocol.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.TooLongFrameException;
import java.io.IOException;

/**
 * Cuts what comes in on a connection into frames, as long as whoever takes them is ready: what is
 * left waits here, and the socket is not read meanwhile, so that memory is bounded and the sender
 * is slowed down. A longer frame than the limit ends the connection. For one event loop.
 */
abstract class FrameReader extends ChannelInboundHandlerAdapter {
  private ByteBuf unread;
  private boolean cutting;
  private boolean reading;

  /** Takes one frame: reads exactly {@code size} bytes of {@code in}. */
  protected abstract void frame(ChannelHandlerContext ctx, long callId, ByteBuf in, int size)
      throws IOException;

  /** Whether another frame can be taken now. */
  protected abstract boolean ready(ChannelHandlerContext ctx);

  /** All that had come in was taken. */
  protected abstract void readComplete(ChannelHandlerContext ctx);

  /** {@link #readComplete} will be called before the event loop does anything else. */
  protected final boolean reading() {
    return reading;
  }

  @Override
  public final void channelRead(ChannelHandlerContext ctx, Object message) throws IOException {
    reading = true;
    ByteBuf in = (ByteBuf) message;
    unread =
        unread == null
            ? in
            : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(ctx.alloc(), unread, in);
    cut(ctx);
  }

  @Override
  public final void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    readComplete(ctx);
  }

  /** Goes on where {@link #ready} said no before. */
  protected final void resume(ChannelHandlerContext ctx) throws IOException {
    if (cutting || ctx.channel().config().isAutoRead() || !ready(ctx)) {
      return;
    }
    ctx.channel().config().setAutoRead(true);
    if (unread != null) {
      reading = true;
      cut(ctx);
      reading = false;
      readComplete(ctx);
    }
  }

  private void cut(ChannelHandlerContext ctx) throws IOException {
    cutting = true;
    try {
      while (unread.readableBytes() >= RpcFrames.HEADER_BYTES) {
        if (!ready(ctx)) {
          ctx.channel().config().setAutoRead(false);
          break;
        }
        int length = unread.getInt(unread.readerIndex());
        if (length < RpcFrames.CALL_ID_BYTES || length > Limits.RPC_FRAME_MAX_BYTES) {
          throw new TooLongFrameException(
              "a frame of "
                  + Integer.toUnsignedString(length)
                  + " bytes; allowed: "
                  + RpcFrames.CALL_ID_BYTES
                  + " to "
                  + Limits.RPC_FRAME_MAX_BYTES);
        }
        if (unread.readableBytes() < Integer.BYTES + length) {
          break;
        }
        unread.skipBytes(Integer.BYTES);
        frame(ctx, unread.readLong(), unread, length - RpcFrames.CALL_ID_BYTES);
      }
    } finally {
      cutting = false;
      keepRest();
    }
  }

  private void keepRest() {
    if (unread.isReadable()) {
      unread.discardSomeReadBytes();
    } else {
      unread.release();
      unread = null;
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (unread != null) {
      unread.release();
      unread = null;
    }
  }
}
