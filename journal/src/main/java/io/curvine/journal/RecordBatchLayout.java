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
import java.util.Optional;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Reads batches from a segment file without decoding their records. The layout is Kafka's batch
 * format v2 (org.apache.kafka.common.record.internal.DefaultRecordBatch).
 */
public final class RecordBatchLayout {
  /** What comes before the records. */
  public static final int HEADER_BYTES = 61;

  /** int32: bytes of the batch behind this field. */
  public static final int LENGTH_AT = 8;

  /** Offset and length, which the length does not count. */
  public static final int LOG_OVERHEAD_BYTES = 12;

  /** int32: always -1 here. Neither it nor what is before it is under the checksum. */
  public static final int LEADER_EPOCH_AT = 12;

  /** int8: always 2 here. */
  public static final int MAGIC_AT = 16;

  /** int32: CRC32C of all that follows it. */
  public static final int CRC_AT = 17;

  /** int16: always 0 here. */
  public static final int ATTRIBUTES_AT = 21;

  /** int32: one less than the number of records. */
  public static final int LAST_OFFSET_DELTA_AT = 23;

  /** int64: milliseconds since the epoch, of the first record. */
  public static final int BASE_TIMESTAMP_AT = 27;

  /** int64: milliseconds since the epoch, of the newest record. */
  public static final int MAX_TIMESTAMP_AT = 35;

  /** int32: records. */
  public static final int COUNT_AT = 57;

  private RecordBatchLayout() {}

  /** Where a batch is and what it spans. */
  record Header(
      long position, int sizeBytes, long baseOffset, long lastOffset, long maxTimestampMillis) {
    long endPosition() {
      return position + sizeBytes;
    }
  }

  /** The header at {@code position}; empty where no whole batch lies between it and the limit. */
  static Optional<Header> headerAt(FileChannel file, long position, long limit) throws IOException {
    if (limit - position < HEADER_BYTES) {
      return Optional.empty();
    }
    ByteBuffer bytes = readFully(file, position, HEADER_BYTES);
    long sizeBytes = (long) bytes.getInt(LENGTH_AT) + LOG_OVERHEAD_BYTES;
    int delta = bytes.getInt(LAST_OFFSET_DELTA_AT);
    if (sizeBytes < HEADER_BYTES
        || sizeBytes > limit - position
        || bytes.get(MAGIC_AT) != RecordBatch.MAGIC_VALUE_V2
        || delta < 0) {
      return Optional.empty();
    }
    long base = bytes.getLong(0);
    return Optional.of(
        new Header(position, (int) sizeBytes, base, base + delta, bytes.getLong(MAX_TIMESTAMP_AT)));
  }

  /** As {@link #headerAt}, where a batch must be. */
  static Header requireAt(FileChannel file, long position, long limit) throws IOException {
    return headerAt(file, position, limit)
        .orElseThrow(
            () ->
                new CurvineException(
                    ErrorCode.CORRUPT, "no record batch at byte " + position + " of a segment"));
  }

  static ByteBuffer bytesOf(FileChannel file, Header header) throws IOException {
    return readFully(file, header.position(), header.sizeBytes());
  }

  private static ByteBuffer readFully(FileChannel file, long position, int length)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw new EOFException("segment ends before byte " + (position + length));
      }
    }
    return bytes.flip();
  }
}
