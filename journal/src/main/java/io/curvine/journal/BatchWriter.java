/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Writes one Kafka record batch of format v2, uncompressed, without a producer. Kafka's own builder
 * takes three times as long, most of it for streams and headers as objects; every event passes here
 * on the way to its answer. Not thread-safe.
 *
 * <p>The format: {@code kafka.apache.org/documentation/#recordbatch}.
 */
final class BatchWriter {
  private static final int PRODUCER_ID_AT = 43;
  private static final int PRODUCER_EPOCH_AT = 51;
  private static final int BASE_SEQUENCE_AT = 53;
  private static final int VARINT_MAX_BYTES = 10;
  private static final int DECIMAL_MAX_BYTES = 20;

  private final long baseOffset;
  private byte[] batch;
  private int length = RecordBatchLayout.HEADER_BYTES;
  private int count;
  private long nextOffset;
  private long baseTimestamp;
  private long maxTimestamp = RecordBatch.NO_TIMESTAMP;

  /** The record that is being written, after its length, which is not known before its end. */
  private byte[] record = new byte[512];

  private int recordLength;

  BatchWriter(long baseOffset, int estimatedBytes) {
    this.baseOffset = baseOffset;
    this.nextOffset = baseOffset;
    this.batch = new byte[RecordBatchLayout.HEADER_BYTES + estimatedBytes];
  }

  /**
   * Begins the next record.
   *
   * @param offset greater than the last one's
   * @param key null: none
   */
  void begin(long offset, long timestampMillis, ByteString key, ByteString value, int headers) {
    if (count == 0) {
      baseTimestamp = timestampMillis;
    }
    maxTimestamp = Math.max(maxTimestamp, timestampMillis);
    nextOffset = offset + 1;
    recordLength = 0;
    ensure(1 + 5 * VARINT_MAX_BYTES + (key == null ? 0 : key.size()) + value.size());
    record[recordLength++] = 0; // attributes: none are defined
    varlong(timestampMillis - baseTimestamp);
    varlong(offset - baseOffset);
    if (key == null) {
      varlong(-1);
    } else {
      bytes(key);
    }
    bytes(value);
    varlong(headers);
  }

  void header(ByteString key, ByteString value) {
    ensure(2 * VARINT_MAX_BYTES + key.size() + value.size());
    bytes(key);
    bytes(value);
  }

  void header(byte[] key, byte[] value) {
    ensure(2 * VARINT_MAX_BYTES + key.length + value.length);
    bytes(key);
    bytes(value);
  }

  /** A header whose value is a decimal number. */
  void header(byte[] key, long number) {
    byte[] digits = new byte[DECIMAL_MAX_BYTES];
    int first = decimal(number, digits, digits.length);
    header(key, Arrays.copyOfRange(digits, first, digits.length));
  }

  /** A header whose value is two decimal numbers, unsigned, with a colon between them. */
  void header(byte[] key, long first, long second) {
    byte[] text = new byte[2 * DECIMAL_MAX_BYTES + 1];
    int at = unsigned(second, text, text.length);
    text[--at] = ':';
    at = unsigned(first, text, at);
    header(key, Arrays.copyOfRange(text, at, text.length));
  }

  void end() {
    // The batch has room for the varint and the record.
    int needed = length + VARINT_MAX_BYTES + recordLength;
    if (needed > batch.length) {
      batch = Arrays.copyOf(batch, Math.max(2 * batch.length, needed));
    }
    length = varlong(recordLength, batch, length);
    System.arraycopy(record, 0, batch, length, recordLength);
    length += recordLength;
    count++;
  }

  /**
   * The batch reaches to this offset, whether it has a record there or not.
   *
   * @param timestampMillis of the newest event below it
   */
  void reach(long offset, long timestampMillis) {
    nextOffset = offset;
    maxTimestamp = Math.max(maxTimestamp, timestampMillis);
    if (count == 0) {
      baseTimestamp = maxTimestamp;
    }
  }

  /** How large it is so far. */
  int sizeBytes() {
    return length;
  }

  /** How many offsets it spans. */
  int offsets() {
    return (int) (nextOffset - baseOffset);
  }

  /** The whole batch with its checksum. */
  ByteBuffer finish() {
    ByteBuffer bytes = ByteBuffer.wrap(batch, 0, length);
    bytes.putLong(0, baseOffset);
    bytes.putInt(RecordBatchLayout.LENGTH_AT, length - RecordBatchLayout.LOG_OVERHEAD_BYTES);
    bytes.putInt(RecordBatchLayout.LEADER_EPOCH_AT, RecordBatch.NO_PARTITION_LEADER_EPOCH);
    bytes.put(RecordBatchLayout.MAGIC_AT, RecordBatch.MAGIC_VALUE_V2);
    bytes.putShort(RecordBatchLayout.ATTRIBUTES_AT, (short) 0);
    bytes.putInt(RecordBatchLayout.LAST_OFFSET_DELTA_AT, offsets() - 1);
    bytes.putLong(RecordBatchLayout.BASE_TIMESTAMP_AT, baseTimestamp);
    bytes.putLong(RecordBatchLayout.MAX_TIMESTAMP_AT, maxTimestamp);
    bytes.putLong(PRODUCER_ID_AT, RecordBatch.NO_PRODUCER_ID);
    bytes.putShort(PRODUCER_EPOCH_AT, RecordBatch.NO_PRODUCER_EPOCH);
    bytes.putInt(BASE_SEQUENCE_AT, RecordBatch.NO_SEQUENCE);
    bytes.putInt(RecordBatchLayout.COUNT_AT, count);
    CRC32C crc = new CRC32C();
    crc.update(batch, RecordBatchLayout.ATTRIBUTES_AT, length - RecordBatchLayout.ATTRIBUTES_AT);
    bytes.putInt(RecordBatchLayout.CRC_AT, (int) crc.getValue());
    return bytes;
  }

  long maxTimestamp() {
    return maxTimestamp;
  }

  private void ensure(int more) {
    if (record.length - recordLength < more) {
      record = Arrays.copyOf(record, Math.max(2 * record.length, recordLength + more));
    }
  }

  private void bytes(byte[] bytes) {
    varlong(bytes.length);
    System.arraycopy(bytes, 0, record, recordLength, bytes.length);
    recordLength += bytes.length;
  }

  private void bytes(ByteString bytes) {
    varlong(bytes.size());
    bytes.copyTo(record, recordLength);
    recordLength += bytes.size();
  }

  private void varlong(long value) {
    recordLength = varlong(value, record, recordLength);
  }

  /** Zigzag, as all of a record's numbers are; returns where it ends. */
  private static int varlong(long value, byte[] into, int from) {
    int at = from;
    long left = (value << 1) ^ (value >> 63);
    while ((left & ~0x7FL) != 0) {
      into[at++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    into[at++] = (byte) left;
    return at;
  }

  /** Writes digits that end before a place; returns where they begin. */
  private static int decimal(long number, byte[] into, int end) {
    if (number >= 0) {
      return unsigned(number, into, end);
    }
    int at = unsigned(-number, into, end);
    into[--at] = '-';
    return at;
  }

  private static int unsigned(long number, byte[] into, int end) {
    int at = end;
    long left = number;
    do {
      into[--at] = (byte) ('0' + Long.remainderUnsigned(left, 10));
      left = Long.divideUnsigned(left, 10);
    } while (left != 0);
    return at;
  }
}
