/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Goes through the records of a batch without making objects of them. Whatever the bytes are, it
 * ends or throws, and never looks outside the batch. Not thread-safe.
 */
public final class RecordCursor {
  private static final int VARINT_MAX_BITS = 63;

  private final byte[] array;
  private final int end;
  private final int count;
  private final long baseOffset;
  private final long baseTimestamp;
  private int at;
  private int done;
  private int recordEnd;
  private long timestamp;
  private int valueFrom;
  private int valueLength;
  private int headersFrom;
  private int headerFrom;
  private int headerLength;

  /**
   * Before the first record of a whole batch.
   *
   * @param array holds it, and must not change meanwhile
   * @param from where it begins there
   */
  public RecordCursor(byte[] array, int from, int sizeBytes) {
    ByteBuffer header = ByteBuffer.wrap(array, from, RecordBatchLayout.HEADER_BYTES).slice();
    this.array = array;
    this.end = from + sizeBytes;
    this.count = header.getInt(RecordBatchLayout.COUNT_AT);
    this.baseOffset = header.getLong(0);
    this.baseTimestamp = header.getLong(RecordBatchLayout.BASE_TIMESTAMP_AT);
    this.at = from + RecordBatchLayout.HEADER_BYTES;
    this.recordEnd = at;
  }

  /**
   * Goes to the next record, the first at first.
   *
   * @return false after the last, where the batch ends
   * @throws CurvineException CORRUPT where the bytes are no records
   */
  public boolean next() throws CurvineException {
    if (done >= count) {
      if (recordEnd != end) {
        throw malformed("has " + (end - recordEnd) + " bytes behind its records");
      }
      return false;
    }
    at = recordEnd;
    recordEnd = end;
    int length = length("a record");
    recordEnd = at + length;
    skip(1, "attributes");
    timestamp = baseTimestamp + varint();
    if (varint() != done) {
      throw malformed("has a record out of turn");
    }
    int keyLength = optionalLength("a key");
    skip(Math.max(0, keyLength), "a key");
    valueLength = length("a value");
    valueFrom = at;
    skip(valueLength, "a value");
    headersFrom = at;
    done++;
    return true;
  }

  /** Of the record. */
  public long offset() {
    return baseOffset + done - 1;
  }

  /** Of the record, since the epoch. */
  public long timestampMillis() {
    return timestamp;
  }

  /** Where the record's value begins in the array. */
  public int valueFrom() {
    return valueFrom;
  }

  /** Of the record's value, in bytes. */
  public int valueLength() {
    return valueLength;
  }

  /** Goes to a header of the record; false where it has none of that name. */
  public boolean findHeader(byte[] name) throws CurvineException {
    at = headersFrom;
    int headers = length("headers");
    for (int i = 0; i < headers; i++) {
      int nameLength = length("a header's name");
      int nameFrom = at;
      skip(nameLength, "a header's name");
      headerLength = optionalLength("a header's value");
      headerFrom = at;
      skip(Math.max(0, headerLength), "a header's value");
      if (headerLength >= 0
          && Arrays.equals(array, nameFrom, nameFrom + nameLength, name, 0, name.length)) {
        return true;
      }
    }
    return false;
  }

  /** Where the value of the header that was found begins in the array. */
  public int headerFrom() {
    return headerFrom;
  }

  /** Of the value of the header that was found, in bytes. */
  public int headerLength() {
    return headerLength;
  }

  private int length(String what) throws CurvineException {
    int length = optionalLength(what);
    if (length < 0) {
      throw malformed("has no length of " + what);
    }
    return length;
  }

  /** -1 stands for none. */
  private int optionalLength(String what) throws CurvineException {
    long length = varint();
    if (length < -1 || length > recordEnd - at) {
      throw malformed(
          "has " + what + " of " + length + " bytes where " + (recordEnd - at) + " are");
    }
    return (int) length;
  }

  private void skip(int bytes, String what) throws CurvineException {
    if (bytes > recordEnd - at) {
      throw malformed("ends in " + what);
    }
    at += bytes;
  }

  /** Zigzag. */
  private long varint() throws CurvineException {
    long value = 0;
    for (int shift = 0; shift <= VARINT_MAX_BITS; shift += 7) {
      if (at >= recordEnd) {
        throw malformed("ends in a number");
      }
      byte next = array[at++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return (value >>> 1) ^ -(value & 1);
      }
    }
    throw malformed("has a number that does not end");
  }

  private CurvineException malformed(String what) {
    return new CurvineException(ErrorCode.CORRUPT, "record " + done + " of the batch " + what);
  }
}
