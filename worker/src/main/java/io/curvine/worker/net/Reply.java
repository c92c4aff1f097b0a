/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import com.google.protobuf.MessageLite;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.proto.ErrorCode;
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

  /**
   * Sends it whole; from any thread. Frames are not mixed: all parts go in one task.
   *
   * @param sent runs when the socket has taken all, or never will
   */
  void send(Channel channel, Runnable sent) {
    if (channel.eventLoop().inEventLoop()) {
      write(channel, sent);
      return;
    }
    try {
      channel.eventLoop().execute(() -> write(channel, sent));
    } catch (RejectedExecutionException e) { // the server is closed
      payload.forEach(ReferenceCounted::release);
      sent.run();
    }
  }

  private void write(Channel channel, Runnable sent) {
    ByteBuf head = Frames.header(channel.alloc(), header);
    if (payload.isEmpty()) {
      channel.writeAndFlush(head).addListener(done -> sent.run());
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
          }
          sent.run();
        });
  }

  /** Part of a file that somebody else closes. */
  static final class SharedRegion extends DefaultFileRegion {
    private final Runnable release;

    SharedRegion(java.nio.channels.FileChannel file, long at, long length, Runnable release) {
      super(file, at, length);
      this.release = release;
    }

    @Override
    protected void deallocate() {
      release.run();
    }
  }
}
