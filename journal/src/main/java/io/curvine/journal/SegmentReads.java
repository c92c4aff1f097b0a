/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Reads events out of one segment; each batch's checksum is verified. */
final class SegmentReads {
  private SegmentReads() {}

  /** At least one event, and more until they hold {@code maxBytes} or the segment ends. */
  static EventSlice events(Segment segment, FileChannel channel, long fromOffset, int maxBytes)
      throws IOException {
    List<Event> events = new ArrayList<>();
    long limit = segment.sizeBytes();
    long bytes = 0;
    var header = segment.locate(channel, fromOffset);
    while (true) {
      RecordBatch batch = EventBatches.decode(RecordBatchLayout.bytesOf(channel, header));
      for (Record record : batch) {
        if (record.offset() >= fromOffset && (events.isEmpty() || bytes < maxBytes)) {
          events.add(Event.parseFrom(record.value()));
          bytes += record.valueSize();
        }
      }
      if (bytes >= maxBytes || header.endPosition() >= limit) {
        return new EventSlice(fromOffset, events);
      }
      header = RecordBatchLayout.requireAt(channel, header.endPosition(), limit);
    }
  }

  /** In a segment that reaches the time. */
  static TimedOffset firstAtOrAfter(Segment segment, long timestampMillis) throws IOException {
    try (FileChannel channel = segment.openForReading()) {
      var header = segment.locateTime(channel, timestampMillis);
      for (Record record : EventBatches.decode(RecordBatchLayout.bytesOf(channel, header))) {
        if (record.timestamp() >= timestampMillis) {
          return new TimedOffset(record.offset(), record.timestamp());
        }
      }
    }
    throw new CurvineException(
        ErrorCode.CORRUPT,
        segment.file() + " has no event at " + timestampMillis + " as its header says");
  }

  /** The chain's hash before {@code offset}, which follows an event of this segment. */
  static ChainHash chainAt(Segment segment, long offset) throws IOException {
    try (FileChannel channel = segment.openForReading()) {
      var header = segment.locate(channel, offset - 1);
      RecordBatch batch = EventBatches.decode(RecordBatchLayout.bytesOf(channel, header));
      return EventBatches.chainBefore(batch, offset);
    }
  }

  /**
   * Checks every batch.
   *
   * @param before the chain's hash at the segment's beginning; null where it is not known
   * @return the chain's hash at its end
   */
  static ChainHash verify(Segment segment, ChainHash before) throws IOException {
    ChainHash expected = before;
    try (FileChannel channel = segment.openForReading()) {
      long limit = segment.sizeBytes();
      for (long position = 0; position < limit; ) {
        var header = RecordBatchLayout.requireAt(channel, position, limit);
        RecordBatch batch = EventBatches.decode(RecordBatchLayout.bytesOf(channel, header));
        ChainHash stored = EventBatches.chainBefore(batch);
        if (expected != null && !stored.equals(expected)) {
          throw new CurvineException(
              ErrorCode.CORRUPT,
              segment.file() + " breaks the chain of events at offset " + batch.baseOffset());
        }
        expected = EventBatches.chainAfter(stored, batch);
        position = header.endPosition();
      }
    }
    return expected;
  }
}
