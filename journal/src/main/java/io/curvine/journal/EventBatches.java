/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Principal;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * Events as Kafka record batches of format v2, uncompressed.
 *
 * <p>A record's value is the event, its key the id of what the event is about (8 bytes,
 * big-endian), its timestamp the event's in milliseconds. Headers: {@code type} (name of the
 * event), {@code principal} ({@code uid:gid} and, where known, {@code :user}), {@code time}
 * (nanoseconds since the epoch, decimal), {@code command} ({@code session:seq}). The first record
 * of a batch has {@code chain} too: the 32 bytes of the chain's hash before this batch; and {@code
 * raft} ({@code term:index}, decimal) where the place of its entry in the Raft log is known.
 */
final class EventBatches {
  static final String CHAIN_HEADER = "chain";
  static final String RAFT_HEADER = "raft";

  /** A batch is closed once its events hold this much, so that one fetch stays bounded. */
  static final int BATCH_TARGET_BYTES = 256 << 10;

  private static final int RECORD_OVERHEAD_BYTES = 160;
  private static final int HEADERS = 4;
  private static final byte[] TYPE = "type".getBytes(UTF_8);
  private static final byte[] PRINCIPAL = "principal".getBytes(UTF_8);
  private static final byte[] TIME = "time".getBytes(UTF_8);
  private static final byte[] COMMAND = "command".getBytes(UTF_8);
  private static final byte[] CHAIN = CHAIN_HEADER.getBytes(UTF_8);
  private static final byte[] RAFT = RAFT_HEADER.getBytes(UTF_8);
  private static final byte[] UNKNOWN = "Unknown".getBytes(UTF_8);
  private static final Map<Event.EventCase, byte[]> TYPE_NAMES = typeNames();

  private EventBatches() {}

  /**
   * One batch. {@code end} is the chain's hash after it; {@code taken} how many events it holds.
   */
  record Encoded(ByteBuffer bytes, ChainHash end, int taken, long maxTimestampMillis) {}

  /** Encodes as many of {@code events}, from {@code from} on, as one batch should hold. */
  static Encoded encode(
      long baseOffset, ChainHash chain, List<StoredEvent> events, int from, RaftPlace place) {
    int to = from;
    int bytes = 0;
    while (to < events.size() && (to == from || bytes < BATCH_TARGET_BYTES)) {
      bytes += events.get(to++).bytes().size();
    }
    BatchWriter writer = new BatchWriter(baseOffset, bytes + (to - from) * RECORD_OVERHEAD_BYTES);
    ChainHash.Links links = chain.links();
    WhoHeader who = new WhoHeader();
    for (int i = from; i < to; i++) {
      Event event = events.get(i).event();
      ByteString value = events.get(i).bytes();
      boolean first = i == from;
      int more = first ? (place.known() ? 2 : 1) : 0;
      writer.begin(
          baseOffset + i - from, timestampMillis(event), key(event), value, HEADERS + more);
      writer.header(TYPE, typeName(event));
      writer.header(PRINCIPAL, who.of(event.getPrincipal()));
      writer.header(TIME, event.getTimeNanos());
      writer.header(COMMAND, event.getSessionId(), event.getSeq());
      if (first) {
        writer.header(CHAIN, chain.bytes());
        if (place.known()) {
          writer.header(RAFT, place.term(), place.index());
        }
      }
      writer.end();
      links.add(value);
    }
    return new Encoded(writer.finish(), links.end(), to - from, writer.maxTimestamp());
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

  /** The place of the batch's entry in the Raft log. */
  static RaftPlace place(RecordBatch batch) {
    for (Header header : batch.iterator().next().headers()) {
      if (header.key().equals(RAFT_HEADER)) {
        return RaftPlace.parse(new String(header.value(), UTF_8)).orElse(RaftPlace.UNKNOWN);
      }
    }
    return RaftPlace.UNKNOWN;
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

  private static ByteString key(Event event) {
    var subject = EventKeys.subject(event);
    return subject.isEmpty()
        ? null
        : UnsafeByteOperations.unsafeWrap(
            ByteBuffer.allocate(Long.BYTES).putLong(0, subject.getAsLong()));
  }

  private static byte[] typeName(Event event) {
    return TYPE_NAMES.getOrDefault(event.getEventCase(), UNKNOWN);
  }

  private static Map<Event.EventCase, byte[]> typeNames() {
    Map<Event.EventCase, byte[]> names = new EnumMap<>(Event.EventCase.class);
    for (var field : Event.getDescriptor().getOneofs().get(0).getFields()) {
      names.put(
          Event.EventCase.forNumber(field.getNumber()),
          field.getMessageType().getName().getBytes(UTF_8));
    }
    return names;
  }

  /** The text of a principal; one follows another of the same, mostly. */
  private static final class WhoHeader {
    private Principal last;
    private byte[] text;

    byte[] of(Principal principal) {
      if (!principal.equals(last)) {
        last = principal;
        text =
            (Integer.toUnsignedString(principal.getUid())
                    + ":"
                    + Integer.toUnsignedString(principal.getGid())
                    + (principal.getUser().isEmpty() ? "" : ":" + principal.getUser()))
                .getBytes(UTF_8);
      }
      return text;
    }
  }
}
