/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.block.BlockHeader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator;
import java.nio.ByteBuffer;

/**
 * Cuts the stream into {@link BlockFrame}s. A payload is gathered in one buffer; a large one is
 * received right into it, if the channel receives as {@link #receiving} says. What is not a frame
 * of the protocol is an exception for the handlers behind, who close the connection.
 *
 * <p>While the channel does not read by itself no frame is cut either: one buffer of the socket can
 * hold thousands of requests, and who stops reading wants none of them.
 */
final class BlockFrameReader extends ChannelDuplexHandler {
  /** Less is cheaper to copy than to receive on its own. */
  private static final int LARGE_BYTES = 16 << 10;

  /** Room for a payload before any of it has come; it doubles as it does. */
  private static final int ROOM_BYTES = 1 << 20;

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

  /** What was received while no frame was wanted; null: nothing. */
  private ByteBuf rest;

  private boolean cutting;

  /** The stream is no longer one of frames. */
  private boolean broken;

  private long received;

  /** Bytes that have come so far; on the event loop. */
  long received() {
    return received;
  }

  /** Some of a frame has come, and the rest is awaited; on the event loop. */
  boolean awaitsRest() {
    boolean begun = header != null || headerBytes.position() > 0;
    return begun && rest == null && !broken && !whole();
  }

  private boolean whole() {
    return header != null
        && extraRead == extra.length
        && payload.readableBytes() == header.payloadBytes();
  }

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

  /** The next part of a large payload; null: there is none. */
  private ByteBuf takeRoom() {
    int missing = payload == null ? 0 : payload.maxWritableBytes();
    boolean waits =
        rest == null && header != null && extraRead == extra.length && missing >= LARGE_BYTES;
    if (!waits) {
      room = null;
      return null;
    }
    payload.ensureWritable(Math.min(missing, Math.max(LARGE_BYTES, payload.writableBytes())));
    int next = Math.min(missing, payload.writableBytes());
    room = payload.retainedSlice(payload.writerIndex(), next).writerIndex(0);
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
    received += in.readableBytes();
    if (room != null) {
      payload.writerIndex(payload.writerIndex() + in.readableBytes());
      in.skipBytes(in.readableBytes());
      room = null;
    }
    if (rest == null) {
      cut(ctx, in);
    } else {
      rest.writeBytes(in); // a peer that closes is read from whoever wants it
      in.release();
    }
  }

  /** Goes on with what has come already, before more is read. */
  @Override
  public void read(ChannelHandlerContext ctx) {
    if (!cutting && !broken && (rest != null || whole())) {
      ByteBuf in = rest == null ? Unpooled.EMPTY_BUFFER : rest;
      rest = null;
      cut(ctx, in);
    }
    if (rest == null) {
      ctx.read();
    }
  }

  /** Gives the frames on, as long as they are wanted, and keeps what is left. */
  private void cut(ChannelHandlerContext ctx, ByteBuf in) {
    cutting = true;
    try {
      while (wanted(ctx) && advance(in)) {
        ByteBuf whole = payload;
        payload = null;
        BlockFrame frame = BlockFrame.of(header, extra, whole);
        large = header.payloadBytes() >= LARGE_BYTES;
        header = null;
        ctx.fireChannelRead(frame);
      }
      if (in.isReadable() && !broken && !ctx.isRemoved()) {
        // Copied: a few bytes shall not hold a whole receive buffer.
        rest = ctx.alloc().directBuffer(in.readableBytes()).writeBytes(in);
      }
    } catch (RuntimeException | Error e) {
      broken = true;
      throw e;
    } finally {
      cutting = false;
      in.release();
    }
  }

  private boolean wanted(ChannelHandlerContext ctx) {
    return !broken && !ctx.isRemoved() && ctx.channel().config().isAutoRead();
  }

  /** Takes what there is; true when a frame is whole. */
  private boolean advance(ByteBuf in) {
    if (header == null && !readHeader(in)) {
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
    return whole();
  }

  private boolean readHeader(ByteBuf in) {
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
            : PooledByteBufAllocator.DEFAULT.directBuffer(
                Math.min(ROOM_BYTES, header.payloadBytes()), header.payloadBytes());
    return true;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    if (payload != null) {
      payload.release();
      payload = null;
    }
    if (rest != null) {
      rest.release();
      rest = null;
    }
  }
}
