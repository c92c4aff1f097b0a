/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.header.Header;

/** The copy of a topic in the other cluster: made where it is missing, and how far it is. */
final class MirrorTarget {
  /** A record's header with the offset that it has in Curvine's journal, 8 bytes, big-endian. */
  static final String OFFSET_HEADER = "curvine.offset";

  private static final long WINDOW_FIRST = 64;
  private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

  private final MirrorClients clients;
  private final String topic;

  MirrorTarget(MirrorClients clients, String topic) {
    this.clients = clients;
    this.topic = topic;
  }

  /**
   * The journal's offset of the newest record that the copy holds for good; no former producer has
   * one under way any more.
   *
   * @return empty where it holds none
   * @throws IOException where the topic is not such a copy
   */
  OptionalLong last() throws IOException, InterruptedException {
    try (KafkaConsumer<byte[], byte[]> consumer = clients.consumer()) {
      TopicPartition partition = partition(consumer);
      consumer.assign(Set.of(partition));
      long begin = consumer.beginningOffsets(Set.of(partition)).get(partition);
      long end = consumer.endOffsets(Set.of(partition)).get(partition);
      // The newest places may be marks of transactions, which are no records: looks further back.
      long to = end;
      for (long window = WINDOW_FIRST; to > begin; window *= 2) {
        long from = Math.max(begin, to - window);
        Optional<ConsumerRecord<byte[], byte[]>> found = lastOf(consumer, partition, from, to);
        if (found.isPresent()) {
          return OptionalLong.of(sourceOffset(found.get()));
        }
        to = from;
      }
      return OptionalLong.empty();
    }
  }

  private static Optional<ConsumerRecord<byte[], byte[]>> lastOf(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long from, long to)
      throws IOException {
    consumer.seek(partition, from);
    ConsumerRecord<byte[], byte[]> last = null;
    long deadline = System.nanoTime() + ANSWER_MAX.toNanos();
    while (consumer.position(partition) < to) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(500))) {
        last = record.offset() < to ? record : last;
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new IOException(partition + " cannot be read from offset " + from);
      }
    }
    return Optional.ofNullable(last);
  }

  private long sourceOffset(ConsumerRecord<byte[], byte[]> record) throws IOException {
    Header header = record.headers().lastHeader(OFFSET_HEADER);
    if (header == null || header.value() == null || header.value().length != Long.BYTES) {
      throw new IOException(
          "the record at offset "
              + record.offset()
              + " of topic "
              + topic
              + " was not copied from Curvine; allowed: a topic that nobody else writes");
    }
    return ByteBuffer.wrap(header.value()).getLong();
  }

  private TopicPartition partition(KafkaConsumer<byte[], byte[]> consumer)
      throws IOException, InterruptedException {
    if (!consumer.listTopics().containsKey(topic)) {
      create();
    }
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions.size() != 1) {
      throw new IOException(
          "topic " + topic + " has " + partitions.size() + " partitions; allowed: 1");
    }
    return new TopicPartition(topic, 0);
  }

  /** With as many replicas as the other cluster gives by itself. */
  private void create() throws IOException, InterruptedException {
    try (Admin admin = clients.admin()) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IOException("cannot make topic " + topic + ": " + e.getCause().getMessage(), e);
      }
    }
  }
}
