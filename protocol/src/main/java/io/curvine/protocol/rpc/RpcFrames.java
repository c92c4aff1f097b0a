/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import io.curvine.protocol.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The frame of the RPC port: int32 length of what follows, int64 call id, protobuf. */
final class RpcFrames {
  static final int CALL_ID_BYTES = Long.BYTES;

  private RpcFrames() {}

  /**
   * Cuts the stream into frames without their length field; a longer one than the limit closes the
   * connection.
   */
  static LengthFieldBasedFrameDecoder decoder() {
    return new LengthFieldBasedFrameDecoder(
        Limits.RPC_FRAME_MAX_BYTES, 0, Integer.BYTES, 0, Integer.BYTES);
  }

  static ByteBuf encode(ByteBufAllocator allocator, long callId, MessageLite message) {
    int size = message.getSerializedSize();
    ByteBuf frame = allocator.ioBuffer(Integer.BYTES + CALL_ID_BYTES + size);
    frame.writeInt(CALL_ID_BYTES + size);
    frame.writeLong(callId);
    try {
      CodedOutputStream out =
          CodedOutputStream.newInstance(frame.nioBuffer(frame.writerIndex(), size));
      message.writeTo(out);
      out.flush();
    } catch (IOException e) {
      frame.release();
      throw new UncheckedIOException("a message did not fit its own size", e);
    }
    frame.writerIndex(frame.writerIndex() + size);
    return frame;
  }
}
