/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.ChainHash;
import io.curvine.journal.RecordCursor;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ClusterRestored;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Checks the batches of one segment, whose checksums fit, in order. For one thread. */
final class BatchCheck {
  private static final byte[] CHAIN = {'c', 'h', 'a', 'i', 'n'};

  private final Path file;
  private final Consumer<Finding> found;
  private final EventShape shape = new EventShape();
  private final ChainHash.Links links = ChainHash.EMPTY.links();

  /** Whether {@link #links} is at the chain's hash before the next batch. */
  private boolean linked;

  private Optional<ChainHash> start = Optional.empty();
  private long previousPosition = -1;
  private long previousOffset = -1;
  private long nextOffset;
  private long events;
  private long firstNanos = -1;
  private long lastNanos = -1;
  private String clusterId = "";
  private boolean damaged;

  BatchCheck(Path file, long baseOffset, Consumer<Finding> found) {
    this.file = file;
    this.nextOffset = baseOffset;
    this.found = found;
  }

  /** The chain's hash before the first batch, where it is known. */
  void begin(Optional<ChainHash> chain) {
    start = chain;
    chain.ifPresent(hash -> links.restart(hash.bytes(), 0));
    linked = chain.isPresent();
  }

  /** Between here and the batch is what cannot be read: it is the next. */
  void goOnAt(RawBatch batch) {
    linked = false;
    nextOffset = batch.baseOffset();
  }

  /** The batch is damaged: what comes behind it is the next. */
  void goOnAfter(RawBatch batch) {
    linked = false;
    nextOffset = batch.nextOffset();
  }

  /** Checks the next batch. */
  void check(RawBatch batch) throws IOException {
    if (batch.leaderEpoch() != -1) {
      add(batch, Finding.Kind.BATCH, "its leader epoch is " + batch.leaderEpoch() + ", not -1");
    }
    if (batch.count() != batch.lastOffsetDelta() + 1 || batch.count() < 1) {
      add(
          batch,
          Finding.Kind.BATCH,
          "it has " + batch.count() + " events and ends " + batch.lastOffsetDelta() + " after it");
      linked = false;
      return;
    }
    if (batch.attributes() != 0) {
      add(batch, Finding.Kind.BATCH, "its attributes are " + batch.attributes() + ", not 0");
    }
    try {
      RecordCursor records = batch.records();
      boolean chained = records.next() && chain(batch, records);
      order(batch, chained);
      do {
        event(batch, records);
      } while (records.next());
    } catch (CurvineException e) {
      add(batch, Finding.Kind.BATCH, e.getMessage());
      linked = false;
    }
    nextOffset += batch.count();
    previousPosition = batch.position();
    previousOffset = nextOffset - batch.count();
  }

  /**
   * Compares the hash that the batch carries with that of the events before it.
   *
   * @return whether it follows what was read before
   */
  private boolean chain(RawBatch batch, RecordCursor first) throws CurvineException {
    byte[] array = batch.array();
    if (!first.findHeader(CHAIN) || first.headerLength() != ChainHash.LENGTH_BYTES) {
      add(batch, Finding.Kind.CHAIN, "it has no hash of the chain");
      return linked;
    }
    boolean follows = linked && links.endsWith(array, first.headerFrom());
    if (linked && !follows && batch.baseOffset() == nextOffset) {
      broken(batch);
    }
    if (!follows) {
      links.restart(array, first.headerFrom());
      linked = true;
    }
    if (start.isEmpty() && previousOffset < 0) {
      start = Optional.of(links.end());
    }
    return follows;
  }

  private void broken(RawBatch batch) {
    damaged = true;
    boolean hasPrevious = previousOffset >= 0;
    found.accept(
        new Finding(
            Finding.Kind.CHAIN,
            file,
            hasPrevious ? previousPosition : batch.position(),
            hasPrevious ? previousOffset : nextOffset,
            hasPrevious
                ? "the events of this batch do not give the hash that the next one carries, at offset "
                    + nextOffset
                : "the hash that the batch carries is not that of the events before it",
            Advice.COMPARE));
  }

  /** Compares offsets. One that the chain contradicts is wrong in the header alone. */
  private void order(RawBatch batch, boolean chained) {
    long base = batch.baseOffset();
    if (base == nextOffset) {
      return;
    }
    if (chained) {
      add(
          batch,
          Finding.Kind.BATCH,
          "its header says offset " + base + ", by the chain it is " + nextOffset);
      return;
    }
    boolean gap = base > nextOffset;
    add(
        batch,
        gap ? Finding.Kind.GAP : Finding.Kind.OVERLAP,
        gap
            ? "offsets " + nextOffset + " to " + (base - 1) + " are missing before it"
            : "it begins with offset " + base + " again");
    nextOffset = base;
  }

  private void event(RawBatch batch, RecordCursor record) throws IOException {
    byte[] array = batch.array();
    links.add(array, record.valueFrom(), record.valueLength());
    shape.look(array, record.valueFrom(), record.valueLength());
    long offset = nextOffset + record.offset() - batch.baseOffset();
    events++;
    if (!shape.problem().isEmpty()) {
      add(
          batch,
          Finding.Kind.EVENT,
          offset,
          "the event cannot be decoded: " + shape.problem(),
          Advice.BUG);
      return;
    }
    if (!EventKinds.known(shape.kind())) {
      boolean none = shape.kind() == 0;
      add(
          batch,
          none ? Finding.Kind.EVENT : Finding.Kind.UNKNOWN_EVENT,
          offset,
          none ? "the event has no kind" : EventKinds.unknown(shape.kind(), offset),
          none ? Advice.BUG : Advice.NEWER);
    } else if (shape.kind() == EventKinds.CLUSTER_FORMED) {
      formed(batch, record, offset);
    } else if (shape.kind() == EventKinds.CLUSTER_RESTORED) {
      restored(batch, record, offset);
    }
    time(batch, record, offset);
  }

  private void formed(RawBatch batch, RecordCursor record, long offset) throws IOException {
    if (offset != 0) {
      add(
          batch,
          Finding.Kind.OTHER_CLUSTER,
          offset,
          "a cluster is formed here, which only the event at offset 0 does",
          Advice.COMPARE);
      return;
    }
    clusterId =
        Event.parser()
            .parseFrom(batch.array(), record.valueFrom(), record.valueLength())
            .getClusterFormed()
            .getClusterId();
  }

  /** From here on the events are those of the new cluster. */
  private void restored(RawBatch batch, RecordCursor record, long offset) throws IOException {
    ClusterRestored event =
        Event.parser()
            .parseFrom(batch.array(), record.valueFrom(), record.valueLength())
            .getClusterRestored();
    if (!clusterId.isEmpty() && !clusterId.equals(event.getFromClusterId())) {
      add(
          batch,
          Finding.Kind.OTHER_CLUSTER,
          offset,
          "cluster "
              + event.getFromClusterId()
              + " becomes a new one here, but the events before are of "
              + clusterId,
          Advice.COMPARE);
    }
    clusterId = event.getClusterId();
  }

  private void time(RawBatch batch, RecordCursor record, long offset) {
    long nanos = shape.timeNanos();
    if (nanos < lastNanos) {
      add(
          batch,
          Finding.Kind.TIME,
          offset,
          "time runs backwards, by " + (lastNanos - nanos) + " ns",
          Advice.COMPARE);
    }
    long millis = Math.max(0, TimeUnit.NANOSECONDS.toMillis(nanos));
    if (record.timestampMillis() != millis) {
      add(
          batch,
          Finding.Kind.TIME,
          offset,
          "the record's time is " + record.timestampMillis() + " ms, its event's " + millis + " ms",
          Advice.COMPARE);
    }
    if (firstNanos < 0) {
      firstNanos = nanos;
    }
    lastNanos = Math.max(lastNanos, nanos);
  }

  private void add(RawBatch batch, Finding.Kind kind, String what) {
    damaged = true;
    add(batch, kind, nextOffset, what, Advice.FROM_ANOTHER_MASTER);
  }

  private void add(RawBatch batch, Finding.Kind kind, long offset, String what, String advice) {
    found.accept(new Finding(kind, file, batch.position(), offset, what, advice));
  }

  /** Whether batches were found that do not follow one another, or break the chain. */
  boolean damaged() {
    return damaged;
  }

  long nextOffset() {
    return nextOffset;
  }

  long events() {
    return events;
  }

  long firstNanos() {
    return firstNanos;
  }

  long lastNanos() {
    return lastNanos;
  }

  String clusterId() {
    return clusterId;
  }

  Optional<ChainHash> chainStart() {
    return start;
  }

  /** Empty where no batch was read and none is known from elsewhere. */
  Optional<ChainHash> chainEnd() {
    return linked ? Optional.of(links.end()) : Optional.empty();
  }
}
