/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * The batches of one segment in order, through one buffer; each one's checksum is compared. For one
 * thread.
 */
final class BatchScan implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;
  private static final int CRC_AT = 17;
  private static final int ATTRIBUTES_AT = 21;
  private static final int COUNT_AT = 57;
  private static final int COMPRESSION_MASK = 7;

  private final JournalReader.Part part;
  private final FileChannel channel;
  private final CRC32C crc = new CRC32C();
  private ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);

  /** Position in the file of the buffer's first byte, and how many bytes of the file it holds. */
  private long bufferPosition;

  private int buffered;

  /** The batch here. */
  private int start;

  private int length;
  private long baseOffset;
  private int count;

  /** What comes next. */
  private long position;

  private long nextOffset;

  BatchScan(JournalReader.Part part) throws IOException {
    this.part = part;
    this.nextOffset = part.baseOffset();
    this.channel = FileChannel.open(part.file(), StandardOpenOption.READ);
  }

  /** Passes batches that end at or before an offset, by their headers alone. */
  void skipTo(long offset) throws IOException {
    while (position < part.sizeBytes()) {
      String wrong = header();
      if (!wrong.isEmpty()) {
        throw broken(wrong);
      }
      if (baseOffset + count > offset) {
        return;
      }
      pass();
    }
  }

  /**
   * Goes to the next batch.
   *
   * @return false at the end
   * @throws CurvineException CORRUPT where there is none that is as it was written
   */
  boolean next() throws IOException {
    if (position >= part.sizeBytes()) {
      if (nextOffset != part.endOffset()) {
        throw broken("it ends there, and the next segment begins at " + part.endOffset());
      }
      return false;
    }
    String wrong = whole();
    if (!wrong.isEmpty()) {
      throw broken(wrong);
    }
    pass();
    return true;
  }

  /** As {@link #next}; false where the rest is not as it was written. */
  boolean nextIfWhole() throws IOException {
    if (position >= part.sizeBytes() || !whole().isEmpty()) {
      return false;
    }
    pass();
    return true;
  }

  private void pass() {
    position += length;
    nextOffset = baseOffset + count;
  }

  /** What is wrong with the batch at the position; empty where nothing is. */
  private String whole() throws IOException {
    String wrong = header();
    if (!wrong.isEmpty()) {
      return wrong;
    }
    require(length);
    crc.reset();
    crc.update(buffer.array(), start + ATTRIBUTES_AT, length - ATTRIBUTES_AT);
    return (int) crc.getValue() == buffer.getInt(start + CRC_AT)
        ? ""
        : "a batch fails its checksum";
  }

  private String header() throws IOException {
    long left = part.sizeBytes() - position;
    if (left < RecordBatchLayout.HEADER_BYTES) {
      return "no whole batch";
    }
    require(RecordBatchLayout.HEADER_BYTES);
    long size =
        (long) buffer.getInt(start + RecordBatchLayout.LENGTH_AT)
            + RecordBatchLayout.LOG_OVERHEAD_BYTES;
    baseOffset = buffer.getLong(start);
    count = buffer.getInt(start + COUNT_AT);
    boolean dense = buffer.getInt(start + RecordBatchLayout.LAST_OFFSET_DELTA_AT) == count - 1;
    if (size < RecordBatchLayout.HEADER_BYTES || size > left) {
      return "no whole batch";
    }
    if (buffer.get(start + RecordBatchLayout.MAGIC_AT) != RecordBatch.MAGIC_VALUE_V2
        || (buffer.getShort(start + ATTRIBUTES_AT) & COMPRESSION_MASK) != 0
        || count < 1
        || !dense
        || baseOffset != nextOffset) {
      return "no batch of this offset";
    }
    length = (int) size;
    return "";
  }

  /** The next so many bytes are in the buffer. */
  private void require(int bytes) throws IOException {
    long inBuffer = position - bufferPosition;
    if (inBuffer < 0 || inBuffer + bytes > buffered) {
      if (bytes > buffer.capacity()) {
        buffer = ByteBuffer.allocate(bytes);
      }
      buffer.clear().limit((int) Math.min(buffer.capacity(), part.sizeBytes() - position));
      while (buffer.hasRemaining()) {
        if (channel.read(buffer, position + buffer.position()) < 0) {
          throw new EOFException(part.file() + " became shorter while it was read");
        }
      }
      buffered = buffer.position();
      buffer.clear();
      bufferPosition = position;
      inBuffer = 0;
    }
    start = (int) inBuffer;
  }

  private CurvineException broken(String what) {
    return new CurvineException(
        ErrorCode.CORRUPT,
        part.file() + ": " + what + " at byte " + position + ", offset " + nextOffset);
  }

  /** Holds the batch here, until the next call. */
  byte[] bytes() {
    return buffer.array();
  }

  /** Where the batch here begins. */
  int start() {
    return start;
  }

  /** Where the batch here ends. */
  int end() {
    return start + length;
  }

  /** Events of the batch here. */
  int count() {
    return count;
  }

  long baseOffset() {
    return baseOffset;
  }

  /** Offset after the batch here. */
  long nextOffset() {
    return nextOffset;
  }

  /** Where the batch here ends in the file. */
  long endPosition() {
    return position;
  }

  Path file() {
    return part.file();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
