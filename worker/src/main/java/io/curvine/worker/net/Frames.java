/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.Crc32c;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;

/** Small parts that both ends of the data protocol share. */
final class Frames {
  /** Of sockets: with Netty's default a write runs at half the speed. */
  static final int RECEIVE_BYTES = 512 << 10;

  private Frames() {}

  static ByteBuf header(ByteBufAllocator allocator, BlockHeader header) {
    ByteBuf head = allocator.ioBuffer(BlockHeader.BYTES);
    ByteBuffer bytes = head.nioBuffer(0, BlockHeader.BYTES);
    header.writeTo(bytes);
    head.writerIndex(BlockHeader.BYTES);
    return head;
  }

  static int checksum(ByteBuf payload) {
    return Crc32c.of(payload.nioBuffer());
  }
}
