/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/** Cuts the end off a segment by writing its beginning anew: links of the old file stay whole. */
final class SegmentCut {
  private SegmentCut() {}

  /** Leaves the events below {@code offset}; at every moment the file is the old or the new one. */
  static void cut(Path dir, Segment segment, long offset) throws IOException {
    Path temporary =
        JournalFiles.path(dir, segment.baseOffset(), JournalFiles.LOG + JournalFiles.TEMPORARY);
    try (FileChannel from = segment.openForReading();
        FileChannel to =
            FileChannel.open(
                temporary,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE)) {
      long end = 0;
      ByteBuffer rest = ByteBuffer.allocate(0);
      // Looks at what stays alone: what goes may be what cannot be read.
      if (offset > segment.baseOffset()) {
        var last = segment.locate(from, offset - 1);
        boolean whole = last.lastOffset() < offset;
        end = whole ? last.endPosition() : last.position();
        rest = whole ? rest : beginning(RecordBatchLayout.bytesOf(from, last), offset);
      }
      for (long position = 0; position < end; ) {
        position += from.transferTo(position, end - position, to);
      }
      while (rest.hasRemaining()) {
        to.write(rest);
      }
      to.force(true);
    }
    Files.move(temporary, segment.file(), StandardCopyOption.ATOMIC_MOVE);
    Files.deleteIfExists(JournalFiles.path(dir, segment.baseOffset(), JournalFiles.INDEX));
    JournalFiles.syncDirectory(dir);
  }

  /** The batch without its events from {@code offset} on. */
  private static ByteBuffer beginning(ByteBuffer bytes, long offset) throws IOException {
    RecordBatch batch = EventBatches.decode(bytes);
    List<StoredEvent> events = new ArrayList<>();
    for (Record record : batch) {
      if (record.offset() < offset) {
        events.add(StoredEvent.parse(ByteString.copyFrom(record.value())));
      }
    }
    return EventBatches.encode(
            batch.baseOffset(),
            EventBatches.chainBefore(batch),
            events,
            0,
            EventBatches.place(batch))
        .bytes();
  }
}
