/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.LogSlice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultFileRegion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.message.ResponseHeaderData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.MessageSizeAccumulator;
import org.apache.kafka.common.protocol.ObjectSerializationCache;
import org.apache.kafka.common.record.internal.BaseRecords;

/** Turns an answer into what Netty sends: buffers, and regions of segment files between them. */
final class KafkaResponses {
  private KafkaResponses() {}

  /** The parts of one frame in order; whoever takes them writes all of them. */
  static List<Object> encode(
      ResponseHeaderData header, short headerVersion, ApiMessage body, short version) {
    ObjectSerializationCache cache = new ObjectSerializationCache();
    MessageSizeAccumulator size = new MessageSizeAccumulator();
    header.addSize(size, cache, headerVersion);
    body.addSize(size, cache, version);
    Split out = new Split(ByteBuffer.allocate(Integer.BYTES + size.sizeExcludingZeroCopy()));
    out.writeInt(size.totalSize());
    header.write(out, cache, headerVersion);
    body.write(out, cache, version);
    return out.parts();
  }

  /** Takes note of where between the bytes a region belongs. */
  private static final class Split extends ByteBufferAccessor {
    private record Cut(int position, SliceRecords records) {}

    private final List<Cut> cuts = new ArrayList<>();

    Split(ByteBuffer buffer) {
      super(buffer);
    }

    @Override
    public void writeRecords(BaseRecords records) {
      if (records instanceof SliceRecords slice) {
        cuts.add(new Cut(buffer().position(), slice));
      } else if (records.sizeInBytes() > 0) {
        throw new IllegalArgumentException("only regions of the journal are sent");
      }
    }

    List<Object> parts() {
      ByteBuf bytes = Unpooled.wrappedBuffer(buffer().flip());
      List<Object> parts = new ArrayList<>();
      for (Cut cut : cuts) {
        parts.add(bytes.readRetainedSlice(cut.position() - bytes.readerIndex()));
        LogSlice slice = cut.records().slice();
        // The region owns the channel from here on and closes it when it was sent or given up.
        parts.add(new DefaultFileRegion(slice.channel(), slice.position(), slice.lengthBytes()));
      }
      parts.add(bytes);
      return parts;
    }
  }
}
