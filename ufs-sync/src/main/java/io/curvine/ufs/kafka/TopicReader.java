/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.kafka;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads all partitions of a topic from their places on, and says what it cannot read any more. Used
 * by one thread at a time. Failures are Kafka's exceptions; the next call goes on where the last
 * one ended.
 */
final class TopicReader {
  /** Partitions are looked up in the consumer's own metadata, which costs nothing. */
  private static final long DISCOVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** A consumer is silent about brokers that are away, so one that gets nothing asks. */
  private static final long SILENCE_MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final KafkaSourceConfig config;
  private final LongSupplier nanoClock;
  private final Consumer<String> gaps;

  /** The next offset to give of each partition. */
  private final SortedMap<Integer, Long> places;

  /** Nothing is known of the past: new partitions begin where the configuration says. */
  private boolean fresh;

  private boolean missing;
  private boolean discovered;
  private long discoveredAtNanos;
  private long heardAtNanos;

  /**
   * @param places where to go on; changed as records are given
   * @param fresh there is no place to go on from
   * @param gaps gets what cannot be read any more
   */
  TopicReader(
      KafkaConsumer<byte[], byte[]> consumer,
      KafkaSourceConfig config,
      SortedMap<Integer, Long> places,
      boolean fresh,
      LongSupplier nanoClock,
      Consumer<String> gaps) {
    this.consumer = consumer;
    this.config = config;
    this.places = places;
    this.fresh = fresh;
    this.nanoClock = nanoClock;
    this.gaps = gaps;
    this.heardAtNanos = nanoClock.getAsLong();
  }

  /**
   * The next records; none where none came in time, or where a gap was found.
   *
   * @throws CurvineException UFS_ERROR where there is no such topic
   */
  ConsumerRecords<byte[], byte[]> read(Duration wait) throws CurvineException {
    long now = nanoClock.getAsLong();
    if (!discovered || now - discoveredAtNanos >= DISCOVERY_NANOS) {
      discover();
      discovered = true;
      discoveredAtNanos = now;
    }
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
      listen(records.isEmpty());
      return records;
    } catch (OffsetOutOfRangeException e) {
      goOnFromEarliest(e);
      return ConsumerRecords.empty();
    }
  }

  private void listen(boolean nothingCame) {
    long now = nanoClock.getAsLong();
    if (!nothingCame) {
      heardAtNanos = now;
    } else if (now - heardAtNanos >= SILENCE_MAX_NANOS) {
      var unused = consumer.endOffsets(consumer.assignment());
      heardAtNanos = now;
    }
  }

  private void discover() throws CurvineException {
    Set<Integer> found =
        consumer.partitionsFor(config.topic()).stream()
            .map(info -> info.partition())
            .collect(Collectors.toSet());
    if (found.isEmpty()) {
      missing = true;
      throw new CurvineException(
          ErrorCode.UFS_ERROR,
          config.name() + " does not exist; make it, or set " + KafkaSourceConfig.TOPIC);
    }
    Set<Integer> gone = new HashSet<>(places.keySet());
    gone.removeAll(found);
    Map<TopicPartition, Long> begun = begin(found);
    if (missing && !places.isEmpty()) {
      gaps.accept(config.name() + " was away for a while");
    }
    if (!gone.isEmpty()) {
      gaps.accept(config.name() + " has partitions " + gone + " no more");
      places.keySet().removeAll(gone);
    }
    begun.forEach((partition, offset) -> places.put(partition.partition(), offset));
    assign();
    missing = false;
    fresh = false;
  }

  /** Where to begin with partitions that are new. */
  private Map<TopicPartition, Long> begin(Set<Integer> found) {
    List<TopicPartition> unknown =
        found.stream()
            .filter(partition -> !places.containsKey(partition))
            .map(this::partition)
            .toList();
    if (unknown.isEmpty()) {
      return Map.of();
    }
    // A topic that was made after the source was opened has nothing from before.
    if (fresh && !missing && !config.fromEarliest()) {
      return consumer.endOffsets(unknown);
    }
    Map<TopicPartition, Long> begun = consumer.beginningOffsets(unknown);
    if (!fresh) {
      begun.entrySet().stream()
          .filter(each -> each.getValue() > 0)
          .min(Comparator.comparing(each -> each.getKey().partition()))
          .ifPresent(
              each ->
                  gaps.accept(
                      each.getKey() + " was found after its first records had been deleted"));
    }
    return begun;
  }

  private void assign() {
    Set<TopicPartition> wanted =
        places.keySet().stream().map(this::partition).collect(Collectors.toSet());
    Set<TopicPartition> before = consumer.assignment();
    if (!wanted.equals(before)) {
      Set<TopicPartition> added = new HashSet<>(wanted);
      added.removeAll(before);
      consumer.assign(wanted);
      added.forEach(partition -> consumer.seek(partition, places.get(partition.partition())));
    }
  }

  private void goOnFromEarliest(OffsetOutOfRangeException lost) {
    Map<TopicPartition, Long> sought = new HashMap<>(lost.offsetOutOfRangePartitions());
    Map<TopicPartition, Long> earliest = consumer.beginningOffsets(sought.keySet());
    earliest.forEach(
        (partition, offset) -> {
          consumer.seek(partition, offset);
          places.put(partition.partition(), offset);
          gaps.accept(
              partition
                  + " has offset "
                  + sought.get(partition)
                  + " no more; going on from "
                  + offset);
        });
  }

  /** That record has been given, with all before it in its partition. */
  void given(ConsumerRecord<byte[], byte[]> record) {
    places.put(record.partition(), record.offset() + 1);
  }

  /** Records that wait at the brokers; empty: the consumer does not know yet. */
  OptionalLong lag() {
    return lag(consumer.assignment());
  }

  private OptionalLong lag(Collection<TopicPartition> partitions) {
    long sum = 0;
    for (TopicPartition partition : partitions) {
      OptionalLong lag = consumer.currentLag(partition);
      if (lag.isEmpty()) {
        return OptionalLong.empty();
      }
      sum += lag.getAsLong();
    }
    return OptionalLong.of(sum);
  }

  /** The next offset to give of each partition. */
  SortedMap<Integer, Long> places() {
    return new TreeMap<>(places);
  }

  private TopicPartition partition(int number) {
    return new TopicPartition(config.topic(), number);
  }
}
