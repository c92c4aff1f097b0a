/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.block.BlockHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * Cuts the stream into {@link BlockFrame}s. A payload is gathered in one buffer of its own size; a
 * large one is received right into it, if the channel receives as {@link #receiving} says. What is
 * not a frame of the protocol closes the connection.
 */
final class BlockFrameReader extends ChannelInboundHandlerAdapter {
  /** Less is cheaper to copy than to receive on its own. */
  private static final int LARGE_BYTES = 16 << 10;

  private static final int MESSAGES_PER_TURN = 16;

  private final ByteBuffer headerBytes = ByteBuffer.allocate(BlockHeader.BYTES);
  private BlockHeader header;
  private byte[] extra;
  private int extraRead;
  private ByteBuf payload;

  /** The part of the payload that is received into now: what comes next lies there already. */
  private ByteBuf room;

  /** The last payload was large, so the next is likely to be. */
  private boolean large;

  /** Where the channel's bytes are to be received. */
  RecvByteBufAllocator receiving() {
    return new DefaultMaxMessagesRecvByteBufAllocator(MESSAGES_PER_TURN) {
      @Override
      public MaxMessageHandle newHandle() {
        return new MaxMessageHandle() {
          @Override
          public int guess() {
            return nextBytes();
          }

          @Override
          public ByteBuf allocate(ByteBufAllocator allocator) {
            ByteBuf next = takeRoom();
            return next != null ? next : super.allocate(allocator);
          }
        };
      }
    };
  }

  /** The rest of a large payload; null: there is none. */
  private ByteBuf takeRoom() {
    int missing = payload == null ? 0 : payload.writableBytes();
    boolean waits = header != null && extraRead == extra.length && missing >= LARGE_BYTES;
    room = waits ? payload.retainedSlice(payload.writerIndex(), missing).writerIndex(0) : null;
    return room;
  }

  /** No more than what is before a large payload. */
  private int nextBytes() {
    if (!large || payload != null) {
      return Frames.RECEIVE_BYTES;
    }
    return headerBytes.remaining();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (room != null) {
        payload.writerIndex(payload.writerIndex() + in.readableBytes());
        in.skipBytes(in.readableBytes());
        room = null;
      }
      while (advance(ctx, in)) {
        ByteBuf whole = payload;
        payload = null;
        BlockFrame frame = BlockFrame.of(header, extra, whole);
        large = header.payloadBytes() >= LARGE_BYTES;
        header = null;
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
