/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.block.BlockFileFormat.dataAt;

import com.google.protobuf.MessageLite;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.net.WantedRanges.Range;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import io.netty.util.ReferenceCounted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes back for a request: a header and a payload, whose parts are buffers and parts of files.
 * Sending consumes it.
 */
record Reply(BlockHeader header, List<? extends ReferenceCounted> payload) {
  private static final Logger LOG = LoggerFactory.getLogger(Reply.class);

  static Reply ok(BlockHeader request) {
    return new Reply(answer(request, ErrorCode.OK, 0, 0, request.length(), 0), List.of());
  }

  static Reply bytes(BlockHeader request, int flags, int crc32c, ByteBuf payload) {
    return parts(request, flags, crc32c, payload.readableBytes(), List.of(payload));
  }

  /** A message of the protocol as the payload. */
  static Reply message(BlockHeader request, MessageLite message) {
    ByteBuf payload = Unpooled.wrappedBuffer(message.toByteArray());
    return bytes(request, 0, Frames.checksum(payload), payload);
  }

  /** Parts of {@code size} bytes together. */
  static Reply parts(
      BlockHeader request,
      int flags,
      int crc32c,
      int size,
      List<? extends ReferenceCounted> payload) {
    return new Reply(answer(request, ErrorCode.OK, flags, crc32c, size, size), payload);
  }

  /** A refusal; {@code workerId} is who failed, 0 for the worker that answers. */
  static Reply error(BlockHeader request, CurvineException failure, int workerId) {
    byte[] message = String.valueOf(failure.getMessage()).getBytes(StandardCharsets.UTF_8);
    return new Reply(
        answer(request, failure.code(), 0, 0, workerId, message.length),
        List.of(Unpooled.wrappedBuffer(message)));
  }

  private static BlockHeader answer(
      BlockHeader request, ErrorCode status, int flags, int crc32c, long length, int payloadBytes) {
    return new BlockHeader(
        request.op(),
        status.getNumber(),
        flags,
        request.requestId(),
        request.inode(),
        request.version(),
        request.index(),
        crc32c,
        request.offset(),
        length,
        0,
        payloadBytes);
  }

  /** Bytes of a block that it holds in memory, as {@link ReplyMemory} counts them. */
  int heldBytes() {
    boolean counts = WantedRanges.asksForBytes(header) && header.status() == 0;
    int bytes = 0;
    for (ReferenceCounted part : payload) {
      bytes += counts && part instanceof ByteBuf buffer ? buffer.readableBytes() : 0;
    }
    return bytes;
  }

  /** Who hears what became of a reply. */
  interface Sending {
    /** The socket has taken all, or never will. */
    void ended();

    /** It never will, though the connection was well until then: a file cannot be read. */
    void unreadable(Reply reply);
  }

  /** Sends it whole; from any thread. Frames are not mixed: all parts go in one task. */
  void send(Channel channel, Sending sending) {
    if (channel.eventLoop().inEventLoop()) {
      write(channel, sending);
      return;
    }
    try {
      channel.eventLoop().execute(() -> write(channel, sending));
    } catch (RejectedExecutionException e) { // the server is closed
      payload.forEach(ReferenceCounted::release);
      sending.ended();
    }
  }

  private void write(Channel channel, Sending sending) {
    ByteBuf head = Frames.header(channel.alloc(), header);
    if (payload.isEmpty()) {
      channel.writeAndFlush(head).addListener(done -> sending.ended());
      return;
    }
    channel.write(head, channel.voidPromise());
    int last = payload.size() - 1;
    for (ReferenceCounted part : payload.subList(0, last)) {
      channel.write(part, channel.voidPromise());
    }
    ChannelFuture end = channel.writeAndFlush(payload.get(last));
    end.addListener(
        done -> {
          if (!done.isSuccess()) { // the channel closes itself, and says nothing
            LOG.debug("{} was not sent to {}", header, channel.remoteAddress(), done.cause());
            if (!Failures.ofConnection(done.cause())) {
              sending.unreadable(this);
            }
          }
          sending.ended();
        });
  }

  /** Part of a block's file, sent from there; holds the block until then. */
  static final class BlockRegion extends DefaultFileRegion {
    private final Block block;
    private final Range range;

    BlockRegion(Block block, Range range) {
      super(block.channel(), dataAt(range.offset()), range.length());
      this.block = block;
      this.range = range;
    }

    BlockKey key() {
      return block.key();
    }

    Range range() {
      return range;
    }

    @Override
    protected void deallocate() {
      block.release();
    }
  }
}
