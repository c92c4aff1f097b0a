/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import io.curvine.journal.FeedLog;
import io.curvine.journal.LogSlice;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;
import org.apache.kafka.common.record.internal.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies one topic, on a thread of its own, for as long as this master leads. Each step is a
 * transaction of the other cluster under a name that all masters share, so a master that does not
 * know yet that it was deposed can add nothing; and the copy itself says where to go on, so nothing
 * is missed or doubled whenever a process dies.
 */
final class MirrorTask implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(MirrorTask.class);
  private static final int STEP_BYTES = 1 << 20;
  private static final long RETRY_FIRST_MS = 200;
  private static final long RETRY_LIMIT_MS = 10_000;

  private final FeedLog log;
  private final String topic;
  private final String target;
  private final MirrorClients clients;
  private final boolean skipLost;
  private final MirrorProgress progress;
  private ByteBuffer buffer = ByteBuffer.allocate(STEP_BYTES);

  /** Where the copy goes on; -1 before it was asked. */
  private long next = -1;

  MirrorTask(
      FeedLog log,
      String topic,
      MirrorConfig config,
      MirrorClients clients,
      MirrorProgress progress) {
    this.log = log;
    this.topic = topic;
    this.target = config.topicPrefix() + topic;
    this.clients = clients;
    this.skipLost = config.skipLost();
    this.progress = progress;
  }

  /** Until its thread is interrupted, or another leader has taken over. */
  @Override
  public void run() {
    long pause = RETRY_FIRST_MS;
    try {
      while (!Thread.currentThread().isInterrupted()) {
        long before = next;
        try {
          copy();
        } catch (ProducerFencedException e) {
          LOG.info("another master copies {} now", topic);
          return;
        } catch (org.apache.kafka.common.errors.InterruptException e) {
          return;
        } catch (IOException | KafkaException e) {
          progress.failed(topic, e);
          LOG.warn("cannot copy {} to {}, tries again: {}", topic, target, e.toString());
          pause = next > before ? RETRY_FIRST_MS : Math.min(RETRY_LIMIT_MS, 2 * pause);
          TimeUnit.MILLISECONDS.sleep(pause);
        }
      }
    } catch (InterruptedException e) {
      LOG.debug("the copy of {} ends", topic, e);
    }
  }

  private void copy() throws IOException, InterruptedException {
    try (KafkaProducer<byte[], byte[]> producer = clients.producer(target)) {
      producer.initTransactions();
      next = place(new MirrorTarget(clients, target).last());
      LOG.info("copies {} to {} from offset {}", topic, target, next);
      while (true) {
        awaitMore();
        step(producer);
        progress.copied(topic, next);
      }
    }
  }

  private long place(OptionalLong last) throws IOException {
    long wanted = last.isPresent() ? last.getAsLong() + 1 : 0;
    long start = log.startOffset();
    if (wanted >= start) {
      return wanted;
    }
    if (last.isPresent() && !skipLost) {
      throw new IOException(
          "the copy goes on at offset "
              + wanted
              + ", and the journal begins at "
              + start
              + "; what lies between is lost to it: set skip-lost to go on all the same");
    }
    if (last.isPresent()) {
      LOG.warn("the copy {} misses the offsets {} to {}", target, wanted, start - 1);
    }
    return start;
  }

  private void awaitMore() throws IOException, InterruptedException {
    FeedLog.Ahead ahead = log.aheadOf(next);
    if (ahead.bytes() > 0) {
      return;
    }
    CompletableFuture<Void> more = log.onAppend(next);
    try {
      more.get();
    } catch (ExecutionException e) {
      throw new IOException("the journal cannot be followed", e.getCause());
    } finally {
      more.cancel(false);
    }
  }

  /** One transaction; nothing of it is there where it fails. */
  private void step(KafkaProducer<byte[], byte[]> producer) throws IOException {
    ByteBuffer batches = read();
    AtomicReference<Exception> failure = new AtomicReference<>();
    long reached = next;
    boolean begun = false;
    for (MutableRecordBatch batch : MemoryRecords.readableRecords(batches).batches()) {
      batch.ensureValid();
      for (Record record : batch) {
        if (record.offset() >= next) {
          if (!begun) {
            producer.beginTransaction();
            begun = true;
          }
          producer.send(
              copyOf(record),
              (sent, problem) -> {
                if (problem != null) {
                  failure.compareAndSet(null, problem);
                }
              });
        }
      }
      reached = batch.nextOffset();
    }
    if (begun) {
      producer.commitTransaction();
    }
    if (failure.get() != null) {
      throw new IOException("a record was not taken", failure.get());
    }
    next = Math.max(next, reached);
  }

  private ProducerRecord<byte[], byte[]> copyOf(Record record) {
    ProducerRecord<byte[], byte[]> copy =
        new ProducerRecord<>(
            target, 0, record.timestamp(), bytes(record.key()), bytes(record.value()));
    for (var header : record.headers()) {
      copy.headers().add(header);
    }
    copy.headers()
        .add(
            MirrorTarget.OFFSET_HEADER,
            ByteBuffer.allocate(Long.BYTES).putLong(record.offset()).array());
    return copy;
  }

  private static byte[] bytes(ByteBuffer buffer) {
    if (buffer == null) {
      return null;
    }
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private ByteBuffer read() throws IOException {
    try (LogSlice slice = log.sliceFor(next, STEP_BYTES)) {
      if (slice.lengthBytes() > buffer.capacity()) {
        buffer = ByteBuffer.allocate(slice.lengthBytes());
      }
      buffer.clear().limit(slice.lengthBytes());
      while (buffer.hasRemaining()) {
        if (slice.channel().read(buffer, slice.position() + buffer.position()) < 0) {
          throw new EOFException("a segment of " + topic + " ends before offset " + next);
        }
      }
      return buffer.flip();
    }
  }
}
