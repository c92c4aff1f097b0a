/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Turns batches of the journal into batches of a topic that shows them in another form. Several are
 * joined into one where they are there already. Not thread-safe.
 */
final class DerivedWriter {
  private static final int READ_BYTES = 1 << 20;
  private static final int BATCH_TARGET_BYTES = 64 << 10;
  private static final ByteString TYPE = ByteString.copyFrom("type", US_ASCII);

  private final JournalLog journal;
  private final EventView view;
  private byte[] buffer = new byte[READ_BYTES];

  DerivedWriter(JournalLog journal, EventView view) {
    this.journal = journal;
    this.view = view;
  }

  /** Appends what the journal has next, a bounded part of it. */
  void extend(Segment target) throws IOException {
    int length = read(target.nextOffset());
    ByteBuffer batches = ByteBuffer.wrap(buffer, 0, length);
    BatchWriter out = null;
    for (int at = 0; at < length; ) {
      int size =
          batches.getInt(at + RecordBatchLayout.LENGTH_AT) + RecordBatchLayout.LOG_OVERHEAD_BYTES;
      if (out == null) {
        out = new BatchWriter(target.nextOffset(), BATCH_TARGET_BYTES / 4);
      }
      EventBatches.decode(batches.slice(at, size));
      show(new RecordCursor(buffer, at, size), target.nextOffset(), out);
      at += size;
      if (out.sizeBytes() >= BATCH_TARGET_BYTES) {
        append(out, target);
        out = null;
      }
    }
    if (out != null) {
      append(out, target);
    }
  }

  private static void append(BatchWriter batch, Segment target) throws IOException {
    target.append(batch.finish(), batch.offsets(), batch.maxTimestamp());
  }

  private void show(RecordCursor records, long from, BatchWriter out) throws IOException {
    while (records.next()) {
      long offset = records.offset();
      if (offset >= from) {
        Event event = Event.parser().parseFrom(buffer, records.valueFrom(), records.valueLength());
        Optional<EventView.Shown> shown = view.show(offset, event);
        if (shown.isPresent()) {
          EventView.Shown record = shown.get();
          out.begin(offset, records.timestampMillis(), record.key(), record.value(), 1);
          out.header(TYPE, record.type());
          out.end();
        }
        out.reach(offset + 1, records.timestampMillis());
      }
    }
  }

  /** Into the buffer; gives how many bytes. */
  private int read(long fromOffset) throws IOException {
    try (LogSlice slice = journal.sliceFor(fromOffset, READ_BYTES)) {
      if (slice.lengthBytes() > buffer.length) {
        buffer = new byte[slice.lengthBytes()];
      }
      slice.read(ByteBuffer.wrap(buffer, 0, slice.lengthBytes()));
      return slice.lengthBytes();
    }
  }
}
