/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import io.curvine.protocol.Limits;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The frame of the RPC port: int32 length of what follows, int64 call id, protobuf. Messages go
 * through an array of the event loop: protobuf is at its fastest on arrays, and nearly all messages
 * fit it. Stateless; for event loops.
 */
final class RpcFrames {
  static final int CALL_ID_BYTES = Long.BYTES;
  static final int HEADER_BYTES = Integer.BYTES + CALL_ID_BYTES;

  private static final int SCRATCH_BYTES = 16 << 10;
  private static final FastThreadLocal<byte[]> SCRATCH =
      new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
          return new byte[SCRATCH_BYTES];
        }
      };

  private RpcFrames() {}

  /** Whether a message of that size can be sent. */
  static boolean fits(int messageBytes) {
    return messageBytes <= Limits.RPC_FRAME_MAX_BYTES - CALL_ID_BYTES;
  }

  /** Writes one frame behind those that the buffer holds. */
  static void append(ByteBuf out, long callId, MessageLite message) {
    int size = message.getSerializedSize();
    out.ensureWritable(HEADER_BYTES + size);
    out.writeInt(CALL_ID_BYTES + size);
    out.writeLong(callId);
    byte[] bytes = array(size);
    try {
      CodedOutputStream coded = CodedOutputStream.newInstance(bytes, 0, size);
      message.writeTo(coded);
      coded.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new UncheckedIOException("a message did not fit its own size", e);
    }
    out.writeBytes(bytes, 0, size);
  }

  /**
   * Reads a message of {@code size} bytes out of the buffer.
   *
   * @throws IOException where the bytes are not such a message
   */
  static <T extends MessageLite> T read(ByteBuf in, int size, Parser<T> parser) throws IOException {
    byte[] bytes = array(size);
    in.readBytes(bytes, 0, size);
    return parser.parseFrom(CodedInputStream.newInstance(bytes, 0, size));
  }

  private static byte[] array(int size) {
    return size <= SCRATCH_BYTES ? SCRATCH.get() : new byte[size];
  }
}
