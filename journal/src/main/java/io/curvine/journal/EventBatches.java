/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.CodedOutputStream;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Principal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecordsBuilder;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Events as Kafka record batches of format v2, uncompressed.
 *
 * <p>A record's value is the event, its key the id of what the event is about (8 bytes,
 * big-endian), its timestamp the event's in milliseconds. Headers: {@code type} (name of the
 * event), {@code principal} ({@code uid:gid} and, where known, {@code :user}), {@code time}
 * (nanoseconds since the epoch, decimal), {@code command} ({@code session:seq}). The first record
 * of a batch has {@code chain} too: the 32 bytes of the chain's hash before this batch.
 */
final class EventBatches {
  static final String CHAIN_HEADER = "chain";

  /** A batch is closed once its events hold this much, so that one fetch stays bounded. */
  static final int BATCH_TARGET_BYTES = 256 << 10;

  private static final int RECORD_OVERHEAD_BYTES = 256;

  private EventBatches() {}

  /**
   * One batch. {@code end} is the chain's hash after it; {@code taken} how many events it holds.
   */
  record Encoded(ByteBuffer bytes, ChainHash end, int taken, long maxTimestampMillis) {}

  /** Encodes as many of {@code events}, from {@code from} on, as one batch should hold. */
  static Encoded encode(long baseOffset, ChainHash chain, List<Event> events, int from) {
    List<byte[]> values = new ArrayList<>();
    int bytes = 0;
    for (int i = from; i < events.size() && (i == from || bytes < BATCH_TARGET_BYTES); i++) {
      byte[] value = toBytes(events.get(i));
      values.add(value);
      bytes += value.length;
    }
    return encode(baseOffset, chain, events.subList(from, from + values.size()), values, bytes);
  }

  private static Encoded encode(
      long baseOffset, ChainHash chain, List<Event> events, List<byte[]> values, int valueBytes) {
    // The builder's buffer grows where this is not enough.
    int estimate =
        RecordBatchLayout.HEADER_BYTES + valueBytes + values.size() * RECORD_OVERHEAD_BYTES;
    ChainHash end = chain;
    long maxTimestamp = RecordBatch.NO_TIMESTAMP;
    try (MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(estimate),
            RecordBatch.MAGIC_VALUE_V2,
            Compression.NONE,
            TimestampType.CREATE_TIME,
            baseOffset)) {
      for (int i = 0; i < values.size(); i++) {
        Event event = events.get(i);
        byte[] value = values.get(i);
        long timestamp = timestampMillis(event);
        builder.appendWithOffset(
            baseOffset + i, timestamp, key(event), value, headers(event, i == 0 ? chain : null));
        maxTimestamp = Math.max(maxTimestamp, timestamp);
        end = end.next(value);
      }
      return new Encoded(builder.build().buffer(), end, values.size(), maxTimestamp);
    }
  }

  /** The batch that {@code bytes} hold, its checksum verified. */
  static RecordBatch decode(ByteBuffer bytes) throws CurvineException {
    return decodeIfValid(bytes)
        .orElseThrow(
            () -> new CurvineException(ErrorCode.CORRUPT, "a record batch fails its checksum"));
  }

  /** Empty where its checksum does not match. */
  static Optional<RecordBatch> decodeIfValid(ByteBuffer bytes) {
    RecordBatch batch = MemoryRecords.readableRecords(bytes).batchIterator().next();
    return batch.isValid() ? Optional.of(batch) : Optional.empty();
  }

  static byte[] value(Record record) {
    ByteBuffer buffer = record.value();
    byte[] value = new byte[buffer.remaining()];
    buffer.get(value);
    return value;
  }

  /** The chain's hash before the batch. */
  static ChainHash chainBefore(RecordBatch batch) throws CurvineException {
    for (Header header : batch.iterator().next().headers()) {
      if (header.key().equals(CHAIN_HEADER) && header.value().length == ChainHash.LENGTH_BYTES) {
        return ChainHash.of(header.value());
      }
    }
    throw new CurvineException(
        ErrorCode.CORRUPT, "batch at offset " + batch.baseOffset() + " has no chain hash");
  }

  /** The chain's hash before an offset that is in the batch or follows it. */
  static ChainHash chainBefore(RecordBatch batch, long offset) throws CurvineException {
    ChainHash hash = chainBefore(batch);
    for (Record record : batch) {
      if (record.offset() < offset) {
        hash = hash.next(value(record));
      }
    }
    return hash;
  }

  static ChainHash chainAfter(ChainHash before, RecordBatch batch) {
    ChainHash end = before;
    for (Record record : batch) {
      end = end.next(value(record));
    }
    return end;
  }

  private static long timestampMillis(Event event) {
    return Math.max(0, TimeUnit.NANOSECONDS.toMillis(event.getTimeNanos()));
  }

  static byte[] toBytes(Event event) {
    byte[] bytes = new byte[event.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    // Maps in the order of their keys: the same event has the same bytes, and hash, on every
    // master.
    out.useDeterministicSerialization();
    try {
      event.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException("an array of the event's own size cannot be too small", e);
    }
    return bytes;
  }

  private static byte[] key(Event event) {
    var subject = EventKeys.subject(event);
    return subject.isEmpty()
        ? null
        : ByteBuffer.allocate(Long.BYTES).putLong(subject.getAsLong()).array();
  }

  private static Header[] headers(Event event, ChainHash chain) {
    Principal principal = event.getPrincipal();
    String who =
        Integer.toUnsignedString(principal.getUid())
            + ":"
            + Integer.toUnsignedString(principal.getGid())
            + (principal.getUser().isEmpty() ? "" : ":" + principal.getUser());
    String command =
        Long.toUnsignedString(event.getSessionId()) + ":" + Long.toUnsignedString(event.getSeq());
    List<Header> headers = new ArrayList<>(5);
    headers.add(text("type", typeName(event)));
    headers.add(text("principal", who));
    headers.add(text("time", Long.toString(event.getTimeNanos())));
    headers.add(text("command", command));
    if (chain != null) {
      headers.add(new RecordHeader(CHAIN_HEADER, chain.bytes()));
    }
    return headers.toArray(Header[]::new);
  }

  private static String typeName(Event event) {
    var field = event.getOneofFieldDescriptor(Event.getDescriptor().getOneofs().get(0));
    return field == null ? "Unknown" : field.getMessageType().getName();
  }

  private static Header text(String key, String value) {
    return new RecordHeader(key, value.getBytes(UTF_8));
  }
}
