/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import com.google.protobuf.MessageLite;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;

/**
 * Writes frames to a connection, many in one buffer and all with one flush. For one event loop.
 *
 * <p>A failed write ends the connection, and with it whatever waits for an answer.
 */
final class FrameWriter {
  /** Where a buffer is full; one message more may make it longer. */
  private static final int BUFFER_BYTES = 64 << 10;

  private static final int BUFFER_FIRST_BYTES = 1 << 10;

  private final Channel channel;
  private ByteBuf buffer;

  FrameWriter(Channel channel) {
    this.channel = channel;
  }

  /** Adds a frame; it goes out with the next {@link #flush}. */
  void add(long callId, MessageLite message) {
    if (buffer == null) {
      buffer = channel.alloc().ioBuffer(BUFFER_FIRST_BYTES);
    }
    RpcFrames.append(buffer, callId, message);
    if (buffer.readableBytes() >= BUFFER_BYTES) {
      write();
    }
  }

  void flush() {
    if (buffer != null) {
      write();
    }
    channel.flush();
  }

  private void write() {
    ByteBuf full = buffer;
    buffer = null;
    channel.write(full, channel.voidPromise());
  }
}
