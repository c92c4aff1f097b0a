/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.nio.ByteBuffer;

/**
 * Walks through the records of one uncompressed batch without making an object of each, nor of its
 * headers. Not thread-safe. The format: {@code kafka.apache.org/documentation/#record}.
 */
final class RecordCursor {
  private static final int BASE_TIMESTAMP_AT = 27;
  private static final int COUNT_AT = 57;

  private final ByteBuffer batch;
  private final long baseOffset;
  private final long baseTimestamp;
  private int left;
  private int next = RecordBatchLayout.HEADER_BYTES;
  private long offset;
  private long timestampMillis;
  private int valueAt;
  private int valueLength;

  /**
   * @param batch from its first byte to its last; its checksum was verified
   */
  RecordCursor(ByteBuffer batch) {
    this.batch = batch;
    this.baseOffset = batch.getLong(0);
    this.baseTimestamp = batch.getLong(BASE_TIMESTAMP_AT);
    this.left = batch.getInt(COUNT_AT);
  }

  /** Whether there is one more, which is then the current one. */
  boolean advance() throws CurvineException {
    if (left == 0) {
      return false;
    }
    left--;
    try {
      read();
    } catch (IndexOutOfBoundsException e) {
      throw new CurvineException(
          ErrorCode.CORRUPT, "a record in the batch at offset " + baseOffset + " has no end", e);
    }
    return true;
  }

  private void read() {
    batch.position(next);
    int length = (int) varlong();
    next = batch.position() + length;
    batch.get(); // attributes: none are defined
    timestampMillis = baseTimestamp + varlong();
    offset = baseOffset + varlong();
    int keyLength = (int) varlong();
    if (keyLength > 0) {
      batch.position(batch.position() + keyLength);
    }
    valueLength = Math.max(0, (int) varlong());
    valueAt = batch.position();
    if (next > batch.limit() || valueAt + valueLength > next) {
      throw new IndexOutOfBoundsException();
    }
  }

  long offset() {
    return offset;
  }

  long timestampMillis() {
    return timestampMillis;
  }

  /** A part of the batch's own bytes. */
  ByteBuffer value() {
    return batch.slice(valueAt, valueLength);
  }

  private long varlong() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      byte next7 = batch.get();
      value |= (next7 & 0x7FL) << shift;
      if (next7 >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw new IndexOutOfBoundsException();
  }
}
