/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.feed;

import io.curvine.cli.CliException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Kafka's own consumer on one topic, with its defaults; the same for both servers. Stateless. */
public final class FeedReader {
  private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

  private FeedReader() {}

  /**
   * What one pass over a topic gave.
   *
   * @param bytes of keys and values
   */
  public record Pass(long records, long bytes, long nanos) {
    /** Its speed. */
    public double recordsPerSecond() {
      return records / (nanos / 1e9);
    }
  }

  static KafkaConsumer<byte[], byte[]> open(String bootstrap, String topic) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition(topic)));
    return consumer;
  }

  static TopicPartition partition(String topic) {
    return new TopicPartition(topic, 0);
  }

  /** Told of what was read. */
  interface Sink {
    void take(ConsumerRecord<byte[], byte[]> read);
  }

  /** Reads a topic from its first record to the end that it has now. */
  public static Pass readAll(String bootstrap, String topic) throws CliException {
    return readAll(bootstrap, topic, read -> {});
  }

  static Pass readAll(String bootstrap, String topic, Sink sink) throws CliException {
    try (KafkaConsumer<byte[], byte[]> consumer = open(bootstrap, topic)) {
      TopicPartition partition = partition(topic);
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      consumer.seekToBeginning(List.of(partition));
      long records = 0;
      long bytes = 0;
      long began = System.nanoTime();
      long heard = began;
      while (consumer.position(partition) < end) {
        ConsumerRecords<byte[], byte[]> polled = consumer.poll(Duration.ofSeconds(1));
        if (!polled.isEmpty()) {
          heard = System.nanoTime();
        } else if (System.nanoTime() - heard > SILENCE_MAX.toNanos()) {
          throw new CliException(
              topic + " of " + bootstrap + " gives nothing at " + consumer.position(partition));
        }
        for (ConsumerRecord<byte[], byte[]> each : polled) {
          records++;
          bytes += Math.max(0, each.serializedKeySize()) + each.serializedValueSize();
          sink.take(each);
        }
      }
      return new Pass(records, bytes, System.nanoTime() - began);
    }
  }
}
