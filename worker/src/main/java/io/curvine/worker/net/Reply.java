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
import io.netty.channel.FileRegion;
import java.nio.charset.StandardCharsets;

/**
 * What goes back for a request: a header and a payload that is a buffer, part of a file, or empty.
 * Sending consumes it.
 */
record Reply(BlockHeader header, Object payload) {
  static Reply ok(BlockHeader request) {
    return new Reply(answer(request, ErrorCode.OK, 0, 0, request.length(), 0), null);
  }

  static Reply bytes(BlockHeader request, int flags, int crc32c, ByteBuf payload) {
    int size = payload.readableBytes();
    return new Reply(answer(request, ErrorCode.OK, flags, crc32c, size, size), payload);
  }

  /** A message of the protocol as the payload. */
  static Reply message(BlockHeader request, MessageLite message) {
    ByteBuf payload = Unpooled.wrappedBuffer(message.toByteArray());
    return bytes(request, 0, Frames.checksum(payload), payload);
  }

  static Reply file(BlockHeader request, int flags, int crc32c, FileRegion region) {
    int size = (int) region.count();
    return new Reply(answer(request, ErrorCode.OK, flags, crc32c, size, size), region);
  }

  /** A refusal; {@code workerId} is who failed, 0 for the worker that answers. */
  static Reply error(BlockHeader request, CurvineException failure, int workerId) {
    byte[] message = String.valueOf(failure.getMessage()).getBytes(StandardCharsets.UTF_8);
    return new Reply(
        answer(request, failure.code(), 0, 0, workerId, message.length),
        Unpooled.wrappedBuffer(message));
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

  /**
   * Sends it whole; from any thread. Frames are not mixed: both parts go in one task.
   *
   * @param sent runs when the socket has taken all, or never will
   */
  void send(Channel channel, Runnable sent) {
    if (channel.eventLoop().inEventLoop()) {
      write(channel, sent);
    } else {
      channel.eventLoop().execute(() -> write(channel, sent));
    }
  }

  private void write(Channel channel, Runnable sent) {
    ByteBuf head = Frames.header(channel.alloc(), header);
    ChannelFuture last;
    if (payload == null) {
      last = channel.writeAndFlush(head);
    } else {
      channel.write(head, channel.voidPromise());
      last = channel.writeAndFlush(payload);
    }
    last.addListener(done -> sent.run());
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
