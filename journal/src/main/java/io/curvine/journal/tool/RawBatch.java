/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.google.protobuf.UnsafeByteOperations;
import io.curvine.journal.ChainHash;
import io.curvine.journal.RaftPlace;
import io.curvine.journal.RecordBatchLayout;
import io.curvine.journal.RecordCursor;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A whole record batch as it lies in a segment or came over the wire; nothing in it was checked but
 * that its length fits. Immutable as long as its array is.
 */
public final class RawBatch {
  private static final byte[] CHAIN = "chain".getBytes(US_ASCII);
  private static final byte[] RAFT = "raft".getBytes(US_ASCII);

  private final String origin;
  private final long position;
  private final byte[] array;
  private final int from;
  private final int size;

  /**
   * @param origin file or master, for people
   * @param position of its first byte in its file; -1 where it is in none
   */
  RawBatch(String origin, long position, byte[] array, int from, int size) {
    this.origin = origin;
    this.position = position;
    this.array = array;
    this.from = from;
    this.size = size;
  }

  /**
   * The batches that bytes hold one after the other, as a master gives them.
   *
   * @param origin for people
   * @throws CurvineException CORRUPT where they are none
   */
  public static List<RawBatch> all(String origin, byte[] bytes) throws CurvineException {
    List<RawBatch> batches = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      Frame frame = Frame.of(bytes, at, bytes.length - at, bytes.length - at);
      if (frame.form() != Frame.Form.WHOLE) {
        throw new CurvineException(ErrorCode.CORRUPT, origin + ": " + frame.problem());
      }
      batches.add(new RawBatch(origin, -1, bytes, at, frame.sizeBytes()));
      at += frame.sizeBytes();
    }
    return batches;
  }

  /** Where it comes from, for people: {@code FILE at byte N}, or a master. */
  public String where() {
    return position < 0 ? origin : origin + " at byte " + position;
  }

  /** Of its first byte in its file; -1 where it is in none. */
  public long position() {
    return position;
  }

  /** Bytes of all of it. */
  public int sizeBytes() {
    return size;
  }

  byte[] array() {
    return array;
  }

  int from() {
    return from;
  }

  int end() {
    return from + size;
  }

  /** Offset of its first event. */
  public long baseOffset() {
    return Bytes.int64(array, from);
  }

  /** Offset after its last event. */
  public long nextOffset() {
    return baseOffset() + Bytes.int32(array, from + RecordBatchLayout.LAST_OFFSET_DELTA_AT) + 1;
  }

  int lastOffsetDelta() {
    return Bytes.int32(array, from + RecordBatchLayout.LAST_OFFSET_DELTA_AT);
  }

  /** How many events its header says it has. */
  public int count() {
    return Bytes.int32(array, from + RecordBatchLayout.COUNT_AT);
  }

  /** Whether its header is that of a batch of the journal, with an event at each offset. */
  boolean isDense() {
    return count() >= 1 && lastOffsetDelta() == count() - 1 && attributes() == 0;
  }

  int leaderEpoch() {
    return Bytes.int32(array, from + RecordBatchLayout.LEADER_EPOCH_AT);
  }

  int attributes() {
    return Bytes.int32(array, from + RecordBatchLayout.ATTRIBUTES_AT) >>> 16;
  }

  /** Milliseconds since the epoch, of its first event. */
  public long baseTimestampMillis() {
    return Bytes.int64(array, from + RecordBatchLayout.BASE_TIMESTAMP_AT);
  }

  /** Milliseconds since the epoch, of its newest event. */
  public long maxTimestampMillis() {
    return Bytes.int64(array, from + RecordBatchLayout.MAX_TIMESTAMP_AT);
  }

  /** Whether its bytes have the checksum that it carries. */
  public boolean checksumFits() {
    CRC32C crc = new CRC32C();
    int covered = from + RecordBatchLayout.ATTRIBUTES_AT;
    crc.update(array, covered, end() - covered);
    return (int) crc.getValue() == Bytes.int32(array, from + RecordBatchLayout.CRC_AT);
  }

  RecordCursor records() {
    return new RecordCursor(array, from, size);
  }

  /**
   * The chain's hash before it.
   *
   * @throws CurvineException CORRUPT where it has none
   */
  public ChainHash chainBefore() throws CurvineException {
    RecordCursor records = first();
    if (!records.findHeader(CHAIN) || records.headerLength() != ChainHash.LENGTH_BYTES) {
      throw new CurvineException(ErrorCode.CORRUPT, where() + " has no chain hash");
    }
    byte[] hash = new byte[ChainHash.LENGTH_BYTES];
    System.arraycopy(array, records.headerFrom(), hash, 0, hash.length);
    return ChainHash.of(hash);
  }

  /**
   * The chain's hash before an offset that is in it or follows it.
   *
   * @throws CurvineException CORRUPT where its records cannot be read
   */
  public ChainHash chainBefore(long offset) throws CurvineException {
    ChainHash.Links links = chainBefore().links();
    RecordCursor records = records();
    while (records.next() && records.offset() < offset) {
      links.add(array, records.valueFrom(), records.valueLength());
    }
    return links.end();
  }

  /**
   * The place of its entry in the Raft log.
   *
   * @throws CurvineException CORRUPT where its records cannot be read
   */
  public RaftPlace place() throws CurvineException {
    RecordCursor records = first();
    return records.findHeader(RAFT)
        ? RaftPlace.parse(new String(array, records.headerFrom(), records.headerLength(), US_ASCII))
            .orElse(RaftPlace.UNKNOWN)
        : RaftPlace.UNKNOWN;
  }

  private RecordCursor first() throws CurvineException {
    RecordCursor records = records();
    if (!records.next()) {
      throw new CurvineException(ErrorCode.CORRUPT, where() + " has no record");
    }
    return records;
  }

  /**
   * Its events.
   *
   * @throws CurvineException CORRUPT where its records cannot be read
   */
  public List<LoggedEvent> events() throws CurvineException {
    List<LoggedEvent> events = new ArrayList<>();
    RecordCursor records = records();
    while (records.next()) {
      events.add(
          new LoggedEvent(
              records.offset(),
              records.timestampMillis(),
              UnsafeByteOperations.unsafeWrap(array)
                  .substring(records.valueFrom(), records.valueFrom() + records.valueLength())));
    }
    return events;
  }
}
