/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;

/** One frame as it came in; the receiver releases it. */
record BlockFrame(BlockHeader header, BlockRequestExtra extra, ByteBuf payload) {
  static BlockFrame of(BlockHeader header, byte[] extra, ByteBuf payload) {
    try {
      BlockRequestExtra parsed =
          extra.length == 0
              ? BlockRequestExtra.getDefaultInstance()
              : BlockRequestExtra.parseFrom(extra);
      return new BlockFrame(header, parsed, payload);
    } catch (InvalidProtocolBufferException e) {
      ReferenceCountUtil.release(payload);
      throw new IllegalArgumentException("the extra part of a frame is not what it should be", e);
    }
  }

  static BlockFrame of(BlockHeader header) {
    return new BlockFrame(header, BlockRequestExtra.getDefaultInstance(), Unpooled.EMPTY_BUFFER);
  }

  /** The payload of an error reply. */
  String message() {
    return payload.toString(StandardCharsets.UTF_8);
  }

  void release() {
    payload.release();
  }
}
