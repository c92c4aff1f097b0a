/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One file of the journal. The newest is active, open for appending; the others never change. One
 * thread at a time changes it; any number reads, each with a channel of its own.
 */
final class Segment {
  private static final Logger LOG = LoggerFactory.getLogger(Segment.class);

  private final Path dir;
  private final long baseOffset;
  private final SegmentIndex index;
  private volatile long sizeBytes;
  private volatile long nextOffset;
  private volatile long maxTimestampMillis;
  private FileChannel writer;
  private volatile boolean sealed;

  private Segment(Path dir, long baseOffset, SegmentIndex index) {
    this.dir = dir;
    this.baseOffset = baseOffset;
    this.index = index;
    this.nextOffset = baseOffset;
    this.maxTimestampMillis = RecordBatch.NO_TIMESTAMP;
  }

  /** Sees each batch of a segment that is opened, in order. */
  interface BatchCheck {
    /**
     * @throws CurvineException CORRUPT where the batch is valid and does not belong here
     */
    void check(Segment segment, RecordBatch batch) throws CurvineException;
  }

  /** A new, empty, active segment, durable when this returns. */
  static Segment create(Path dir, long baseOffset) throws IOException {
    Segment segment = new Segment(dir, baseOffset, new SegmentIndex());
    segment.writer =
        FileChannel.open(segment.file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    segment.writer.force(true);
    JournalFiles.syncDirectory(dir);
    return segment;
  }

  /**
   * A segment that must end at {@code nextOffset}.
   *
   * @throws CurvineException CORRUPT where it does not
   */
  static Segment openClosed(Path dir, long baseOffset, long nextOffset) throws IOException {
    Path file = JournalFiles.path(dir, baseOffset, JournalFiles.LOG);
    long size = Files.size(file);
    var loaded = SegmentIndex.load(JournalFiles.path(dir, baseOffset, JournalFiles.INDEX), size);
    Segment segment =
        new Segment(
            dir, baseOffset, loaded.map(SegmentIndex.Loaded::index).orElseGet(SegmentIndex::new));
    if (loaded.isPresent()) {
      segment.sizeBytes = size;
      segment.nextOffset = loaded.get().nextOffset();
      segment.maxTimestampMillis = loaded.get().maxTimestampMillis();
    } else {
      segment.rebuildIndex(size);
    }
    if (segment.nextOffset != nextOffset) {
      throw new CurvineException(
          ErrorCode.CORRUPT,
          file
              + " ends at offset "
              + segment.nextOffset
              + "; the next segment begins at "
              + nextOffset);
    }
    return segment;
  }

  private void rebuildIndex(long size) throws IOException {
    try (FileChannel channel = openForReading()) {
      while (sizeBytes < size) {
        var header = RecordBatchLayout.headerAt(channel, sizeBytes, size);
        if (header.isEmpty() || header.get().baseOffset() != nextOffset) {
          throw new CurvineException(
              ErrorCode.CORRUPT,
              file() + " has no batch of offset " + nextOffset + " at byte " + sizeBytes);
        }
        grow(header.get());
      }
    }
    saveIndex();
    LOG.info("rebuilt the index of {}", file());
  }

  /**
   * Opens the newest segment for appending; what follows its last whole, valid batch is cut off.
   */
  static Segment openActive(Path dir, long baseOffset, BatchCheck check) throws IOException {
    Segment segment = new Segment(dir, baseOffset, new SegmentIndex());
    segment.writer =
        FileChannel.open(segment.file(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    long size = segment.writer.size();
    Optional<RecordBatch> batch = segment.validBatchAt(size);
    while (batch.isPresent()) {
      try {
        check.check(segment, batch.get());
      } catch (CurvineException e) {
        segment.writer.close();
        throw e;
      }
      segment.grow(RecordBatchLayout.requireAt(segment.writer, segment.sizeBytes, size));
      batch = segment.validBatchAt(size);
    }
    if (segment.sizeBytes < size) {
      LOG.warn(
          "cut {} bytes of an unfinished write off {}, which now ends before offset {}",
          size - segment.sizeBytes,
          segment.file(),
          segment.nextOffset);
      segment.writer.truncate(segment.sizeBytes);
      segment.writer.force(true);
    }
    segment.writer.position(segment.sizeBytes);
    return segment;
  }

  private Optional<RecordBatch> validBatchAt(long size) throws IOException {
    var header = RecordBatchLayout.headerAt(writer, sizeBytes, size);
    if (header.isEmpty() || header.get().baseOffset() != nextOffset) {
      return Optional.empty();
    }
    return EventBatches.decodeIfValid(RecordBatchLayout.bytesOf(writer, header.get()));
  }

  private void grow(RecordBatchLayout.Header header) {
    grow(header.sizeBytes(), header.lastOffset() + 1, header.maxTimestampMillis());
  }

  private void grow(int bytes, long newNextOffset, long timestampMillis) {
    long newSize = sizeBytes + bytes;
    long newMaxTimestamp = Math.max(maxTimestampMillis, timestampMillis);
    index.add(nextOffset, sizeBytes, maxTimestampMillis);
    // In this order: who sees an offset or a time below the end finds its batch below the size.
    sizeBytes = newSize;
    nextOffset = newNextOffset;
    maxTimestampMillis = newMaxTimestamp;
  }

  /**
   * Appends one batch.
   *
   * @param offsets how many it spans
   */
  void append(ByteBuffer batch, int offsets, long batchMaxTimestampMillis) throws IOException {
    ByteBuffer bytes = batch.duplicate();
    int length = bytes.remaining();
    while (bytes.hasRemaining()) {
      writer.write(bytes);
    }
    grow(length, nextOffset + offsets, batchMaxTimestampMillis);
  }

  /** Any thread; appending goes on meanwhile. */
  void flush() throws IOException {
    try {
      writer.force(false);
    } catch (ClosedChannelException e) {
      // Who seals flushes; any other end of the writer is a failure.
      if (!sealed) {
        throw e;
      }
    }
  }

  /** Ends the active segment for good. */
  void seal() throws IOException {
    writer.force(true);
    sealed = true;
    writer.close();
    saveIndex();
  }

  /** Stops appending; the segment becomes active again when the journal is opened. */
  void closeWriter() throws IOException {
    if (writer != null) {
      writer.close();
    }
  }

  private void saveIndex() throws IOException {
    index.save(
        JournalFiles.path(dir, baseOffset, JournalFiles.INDEX),
        sizeBytes,
        nextOffset,
        maxTimestampMillis);
  }

  /** Whole batches from the one that holds an offset on, or none at this segment's end. */
  LogSlice slice(long fromOffset, int maxBytes) throws IOException {
    if (fromOffset >= nextOffset) {
      return LogSlice.NONE;
    }
    FileChannel channel = openForReading();
    try {
      var first = locate(channel, fromOffset);
      long end = wholeBatchesEnd(channel, first, maxBytes);
      return new LogSlice(channel, first.position(), (int) (end - first.position()));
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** About how many bytes there are from an offset on. */
  long bytesFrom(long offset) {
    long size = sizeBytes;
    return offset >= nextOffset ? 0 : size - index.floorOfOffset(offset);
  }

  /** The batch that holds {@code offset}, which lies in this segment. */
  RecordBatchLayout.Header locate(FileChannel channel, long offset) throws IOException {
    long limit = sizeBytes;
    var header = RecordBatchLayout.requireAt(channel, index.floorOfOffset(offset), limit);
    while (header.lastOffset() < offset) {
      header = RecordBatchLayout.requireAt(channel, header.endPosition(), limit);
    }
    return header;
  }

  /** End of the last whole batch that ends within {@code maxBytes}, of {@code first} at least. */
  long wholeBatchesEnd(FileChannel channel, RecordBatchLayout.Header first, int maxBytes)
      throws IOException {
    long limit = sizeBytes;
    long wanted = first.position() + maxBytes;
    if (wanted >= limit) {
      return limit;
    }
    long end = Math.max(first.endPosition(), index.floorOfPosition(wanted));
    while (end < wanted) {
      long next = RecordBatchLayout.requireAt(channel, end, limit).endPosition();
      if (next > wanted) {
        break;
      }
      end = next;
    }
    return end;
  }

  /** The first batch that reaches {@code timestampMillis}, where this segment does. */
  RecordBatchLayout.Header locateTime(FileChannel channel, long timestampMillis)
      throws IOException {
    long limit = sizeBytes;
    var header = RecordBatchLayout.requireAt(channel, index.floorOfTime(timestampMillis), limit);
    while (header.maxTimestampMillis() < timestampMillis) {
      header = RecordBatchLayout.requireAt(channel, header.endPosition(), limit);
    }
    return header;
  }

  FileChannel openForReading() throws IOException {
    return FileChannel.open(file(), StandardOpenOption.READ);
  }

  Path file() {
    return JournalFiles.path(dir, baseOffset, JournalFiles.LOG);
  }

  long baseOffset() {
    return baseOffset;
  }

  long nextOffset() {
    return nextOffset;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  long maxTimestampMillis() {
    return maxTimestampMillis;
  }
}
