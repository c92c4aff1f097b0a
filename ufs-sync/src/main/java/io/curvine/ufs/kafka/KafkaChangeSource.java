/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.kafka;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.notify.BucketNotifications;
import io.curvine.ufs.notify.NotificationBacklog;
import io.curvine.ufs.notify.NotificationBacklog.Portion;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Bucket notifications in a topic. It takes part in no group: the places in the partitions are its
 * cursor. As every {@link ChangeSource} it is used by one thread, and closed by any.
 */
final class KafkaChangeSource implements ChangeSource {
  private static final Duration CLOSE_MAX = Duration.ofSeconds(2);
  private static final int GAP_MAX_CHARACTERS = 500;

  private final KafkaSourceConfig config;
  private final NotificationBacklog<ConsumerRecord<byte[], byte[]>> backlog;
  private final SortedMap<Integer, Long> startPlaces;
  private final boolean fresh;

  /** Held while the consumer is used, which takes one thread only. */
  private final ReentrantLock turn = new ReentrantLock();

  private volatile KafkaConsumer<byte[], byte[]> consumer;
  private volatile boolean closed;
  private TopicReader reader;
  private String cursor;
  private String gap = "";

  KafkaChangeSource(
      KafkaSourceConfig config, BucketNotifications notifications, Optional<String> cursor) {
    this.config = config;
    this.backlog = new NotificationBacklog<>(notifications, config.name());
    Optional<SortedMap<Integer, Long>> places =
        cursor.flatMap(text -> KafkaCursor.parse(config.topic(), text));
    this.fresh = places.isEmpty();
    this.startPlaces = places.orElseGet(TreeMap::new);
    this.cursor = cursor.orElse("");
    if (cursor.isPresent() && places.isEmpty()) {
      missed("the cursor '" + cursor.get() + "' has no places in topic " + config.topic());
    }
  }

  @Override
  public ChangeBatch poll(Duration wait) throws CurvineException, InterruptedException {
    turn.lockInterruptibly();
    try {
      if (closed) {
        return ChangeBatch.nothing(cursor);
      }
      if (backlog.size() == 0) {
        receive(wait);
      }
      return batch();
    } catch (WakeupException e) {
      return ChangeBatch.nothing(cursor); // close() waits for its turn
    } catch (InterruptException e) {
      // Kafka sets the thread's flag again.
      InterruptedException interrupted = new InterruptedException(e.getMessage());
      if (Thread.interrupted()) {
        interrupted.initCause(e);
      }
      throw interrupted;
    } catch (KafkaException e) {
      throw KafkaErrors.of(config.name(), e);
    } finally {
      turn.unlock();
    }
  }

  private void receive(Duration wait) throws CurvineException {
    if (reader == null) {
      KafkaConsumer<byte[], byte[]> opened =
          new KafkaConsumer<>(
              config.consumer(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
      consumer = opened;
      if (closed) {
        opened.wakeup(); // close() may have looked before it was there
      }
      reader = new TopicReader(opened, config, startPlaces, fresh, System::nanoTime, this::missed);
    }
    for (ConsumerRecord<byte[], byte[]> record :
        reader.read(gap.isEmpty() ? wait : Duration.ZERO)) {
      backlog.add(record, Objects.requireNonNullElseGet(record.value(), () -> new byte[0]));
    }
  }

  private ChangeBatch batch() throws CurvineException {
    Portion<ConsumerRecord<byte[], byte[]>> portion = backlog.take();
    portion.whole().forEach(reader::given);
    missed(portion.gap());
    cursor = KafkaCursor.format(config.topic(), reader.places());
    OptionalLong lag = reader.lag();
    ChangeBatch batch =
        new ChangeBatch(
            portion.hints(),
            cursor,
            portion.newestMillis(),
            lag.isPresent() ? OptionalLong.of(lag.getAsLong() + backlog.size()) : lag,
            gap);
    gap = "";
    return batch;
  }

  /** Kept until a batch says it. */
  private void missed(String why) {
    if (!why.isEmpty() && gap.length() < GAP_MAX_CHARACTERS) {
      gap = gap.isEmpty() ? why : gap + "; " + why;
    }
  }

  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> open = consumer;
    if (open != null) {
      open.wakeup();
    }
    turn.lock();
    try {
      if (consumer != null) {
        consumer.close(CloseOptions.timeout(CLOSE_MAX));
        consumer = null;
      }
    } finally {
      turn.unlock();
    }
  }
}
