/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import io.curvine.journal.FeedLog;
import io.curvine.journal.LogSlice;
import io.curvine.journal.mirror.MirrorProgress.State;
import io.curvine.protocol.io.Throttle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;

/**
 * Copies a topic from a known place on, one transaction after the other, each with its records and
 * the place behind them. Holds one transaction's events in memory. Of one thread.
 */
final class MirrorCopy {
  /** How long a place may be in memory alone: then also events that a topic does not show count. */
  private static final long KEEP_PLACE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final FeedLog log;
  private final String copy;
  private final MirrorConfig config;
  private final MirrorTarget target;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Throttle throttle;
  private final TransactionSize size;
  private final MirrorStatus status;
  private ByteBuffer buffer = ByteBuffer.allocate(0);
  private MirrorTarget.Place place;
  private long begunNanos = System.nanoTime();

  /**
   * @param producer has its transactions initialised
   */
  MirrorCopy(
      FeedLog log,
      String copy,
      MirrorConfig config,
      MirrorTarget target,
      KafkaProducer<byte[], byte[]> producer,
      Throttle throttle,
      TransactionSize size,
      MirrorStatus status) {
    this.log = log;
    this.copy = copy;
    this.config = config;
    this.target = target;
    this.producer = producer;
    this.throttle = throttle;
    this.size = size;
    this.status = status;
  }

  /**
   * Goes on until it is interrupted or something fails. What was not committed then is not in the
   * copy, or the other cluster knows that it is.
   */
  void follow(MirrorTarget.Place from) throws IOException, InterruptedException {
    place = from;
    long first = first(from);
    if (first > log.nextOffset()) {
      throw new MirrorHaltException(
          State.REFUSED,
          "the copy goes on at offset "
              + first
              + ", and this cluster's journal ends before "
              + log.nextOffset()
              + "; allowed: a copy of this journal");
    }
    advance(first, from.lastOffset());
    if (from.nextOffset() >= 0 && first > from.nextOffset()) {
      keepPlace(); // what is lost is lost once
      status.skips(from.nextOffset(), first);
    }
    status.placed(first);
    while (true) {
      if (awaitMore()) {
        gather();
        step();
      } else {
        keepPlace();
      }
    }
  }

  private long first(MirrorTarget.Place from) throws MirrorHaltException {
    if (from.nextOffset() >= 0) {
      return kept(from.nextOffset());
    }
    if (from.lost() && config.onGap() == MirrorConfig.OnGap.STOP) {
      throw new MirrorHaltException(
          State.GAP,
          "the topic had records that are gone, and how far they went is not kept any more: events"
              + " may be lost to the copy, or come twice. Copy into a new topic, or set"
              + " feed.mirror.on-gap = \"skip\" to begin with the oldest event of the journal");
    }
    if (from.lost()) {
      status.placeLost(log.startOffset());
    }
    return log.startOffset();
  }

  /** The offset to go on at, where the journal still has it. */
  private long kept(long wanted) throws MirrorHaltException {
    long start = log.startOffset();
    if (wanted >= start) {
      return wanted;
    }
    if (config.onGap() == MirrorConfig.OnGap.STOP) {
      throw new MirrorHaltException(
          State.GAP,
          "the copy goes on at offset "
              + wanted
              + ", and the journal begins at "
              + start
              + ": what lies between is lost to it. Copy into a new topic, or set"
              + " feed.mirror.on-gap = \"skip\" to go on without");
    }
    return start;
  }

  /** Whether there is something to read; false after a time. */
  private boolean awaitMore() throws IOException, InterruptedException {
    if (log.aheadOf(place.nextOffset()).bytes() > 0) {
      return true;
    }
    CompletableFuture<Void> more = log.onAppend(place.nextOffset());
    try {
      // On the thread that appends: a gauge that is read before this thread runs is right.
      CompletableFuture<Void> noted = more.thenRun(status::grown);
      status.caughtUp();
      // A topic that is made of the journal is made for those who ask now and then.
      noted.get(KEEP_PLACE_NANOS, TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IOException("the feed cannot be followed", e.getCause());
    } finally {
      more.cancel(false);
    }
  }

  /** Transactions cost the other cluster more than what is in them. */
  private void gather() throws IOException, InterruptedException {
    Duration rest = config.linger().minusNanos(System.nanoTime() - begunNanos);
    if (!rest.isNegative() && log.aheadOf(place.nextOffset()).bytes() < size.bytes()) {
      TimeUnit.NANOSECONDS.sleep(rest.toNanos());
    }
  }

  private void step() throws IOException, InterruptedException {
    long from = place.nextOffset();
    ByteBuffer batches = read(from);
    TimeUnit.NANOSECONDS.sleep(throttle.reserve(batches.remaining(), System.nanoTime()));
    long reached = from;
    long last = place.lastOffset();
    long lastMillis = 0;
    boolean begun = false;
    for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
      batch.ensureValid();
      for (Record record : batch) {
        if (record.offset() < from) {
          continue;
        }
        if (!begun) {
          begun = true;
          begin();
          status.behindSince(record.timestamp());
        }
        send(record);
        last = record.offset();
        lastMillis = record.timestamp();
      }
      reached = Math.max(reached, batch.nextOffset());
    }
    if (begun) {
      commit(reached, last);
    }
    advance(reached, last);
    status.reached(reached, reached >= log.nextOffset(), lastMillis);
    if (System.nanoTime() - begunNanos >= KEEP_PLACE_NANOS) {
      keepPlace();
    }
  }

  private void advance(long next, long last) {
    place = new MirrorTarget.Place(next, last, false, place.group());
  }

  /** A transaction of the place alone. */
  private void keepPlace() {
    begin();
    commit(place.nextOffset(), place.lastOffset());
  }

  private void begin() {
    begunNanos = System.nanoTime();
    producer.beginTransaction();
  }

  private void commit(long next, long last) {
    producer.sendOffsetsToTransaction(target.kept(next, last), place.group());
    producer.commitTransaction();
    size.committed(Duration.ofNanos(System.nanoTime() - begunNanos));
  }

  /**
   * A failure to send fails the commit; but one that is known at once may have taken long to know,
   * and each further record would take as long.
   */
  private void send(Record record) throws IOException, InterruptedException {
    Future<RecordMetadata> sent = producer.send(copyOf(record));
    if (sent.isDone()) {
      try {
        sent.get();
      } catch (ExecutionException e) {
        throw new IOException("cannot send to topic " + copy, e.getCause());
      }
    }
  }

  private ProducerRecord<byte[], byte[]> copyOf(Record record) {
    ProducerRecord<byte[], byte[]> made =
        new ProducerRecord<>(
            copy, 0, record.timestamp(), bytes(record.key()), bytes(record.value()));
    for (Header header : record.headers()) {
      made.headers().add(header);
    }
    target.mark(made.headers(), record.offset());
    return made;
  }

  private static byte[] bytes(ByteBuffer from) {
    if (from == null) {
      return null;
    }
    byte[] bytes = new byte[from.remaining()];
    from.get(bytes);
    return bytes;
  }

  private ByteBuffer read(long from) throws IOException {
    try (LogSlice slice = log.sliceFor(from, size.bytes())) {
      if (slice.lengthBytes() > buffer.capacity()) {
        buffer = ByteBuffer.allocate(slice.lengthBytes());
      }
      buffer.clear().limit(slice.lengthBytes());
      slice.read(buffer);
      return buffer.flip();
    }
  }
}
