/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.journal.TestEvents;
import io.curvine.journal.kafka.group.FakeGroupJournal;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Event;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own consumer and producer against the front. */
@Timeout(60)
class KafkaFrontTest {
  private static final TopicPartition JOURNAL = new TopicPartition(Topics.JOURNAL, 0);

  @TempDir Path dir;

  private JournalLog log;
  private GroupCoordinator groups;
  private KafkaFront front;

  @BeforeEach
  void start() throws Exception {
    log = JournalLog.open(dir, new JournalConfig(64 << 10, Long.MAX_VALUE, Duration.ofDays(9999)));
    groups =
        new GroupCoordinator(
            new FakeGroupJournal(), Duration.ofDays(7), System::nanoTime, System::nanoTime);
    front =
        KafkaFront.start(
            new HostPort("127.0.0.1", 0), this::brokers, new Topics(log, Map.of()), groups);
  }

  @AfterEach
  void stop() throws Exception {
    front.close();
    groups.close();
    log.close();
  }

  private List<Broker> brokers() {
    return List.of(new Broker(0, "127.0.0.1", front.port(), true));
  }

  private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more) {
    Map<String, Object> config =
        new java.util.HashMap<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + front.port(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "none"));
    config.putAll(more);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(JOURNAL));
    return consumer;
  }

  private void append(long from, long to, int atOnce) throws Exception {
    for (long first = from; first < to; first += atOnce) {
      log.append(
          log.nextOffset(),
          StoredEvent.all(TestEvents.events(first, Math.min(to, first + atOnce))));
    }
  }

  private static List<ConsumerRecord<byte[], byte[]>> poll(
      KafkaConsumer<byte[], byte[]> consumer, int count) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    while (records.size() < count) {
      consumer.poll(Duration.ofSeconds(10)).forEach(records::add);
    }
    return records;
  }

  private static List<Event> events(List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
    List<Event> events = new ArrayList<>();
    for (var record : records) {
      events.add(Event.parseFrom(record.value()));
    }
    return events;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String key) {
    return new String(record.headers().lastHeader(key).value(), UTF_8);
  }

  @Test
  void readsAllSegmentsInOrder() throws Exception {
    append(0, 5000, 37);
    try (var consumer = consumer(Map.of(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 50_000))) {
      consumer.seekToBeginning(Set.of(JOURNAL));
      var records = poll(consumer, 5000);
      assertThat(events(records)).isEqualTo(TestEvents.events(0, 5000));
      for (int i = 0; i < records.size(); i++) {
        assertThat(records.get(i).offset()).isEqualTo(i);
        assertThat(records.get(i).timestamp()).isEqualTo(i);
      }
      var deleted = records.get(4);
      assertThat(ByteBuffer.wrap(deleted.key()).getLong()).isEqualTo(4);
      assertThat(header(deleted, "type")).isEqualTo("EntryDeleted");
      assertThat(header(deleted, "principal")).isEqualTo("1000:100:ann");
      assertThat(header(deleted, "time")).isEqualTo("4000000");
      assertThat(header(deleted, "command")).isEqualTo("7:4");
    }
  }

  @Test
  void seeksIntoTheMiddleOfABatch() throws Exception {
    append(0, 300, 50);
    try (var consumer = consumer(Map.of(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed"))) {
      consumer.seek(JOURNAL, 123);
      var records = poll(consumer, 177);
      assertThat(records.get(0).offset()).isEqualTo(123);
      assertThat(events(records)).isEqualTo(TestEvents.events(123, 300));
    }
  }

  @Test
  void tellsOffsetsByTime() throws Exception {
    append(0, 3000, 10);
    log.truncateTo(2500);
    try (var consumer = consumer(Map.of())) {
      assertThat(consumer.beginningOffsets(Set.of(JOURNAL))).containsEntry(JOURNAL, 0L);
      assertThat(consumer.endOffsets(Set.of(JOURNAL))).containsEntry(JOURNAL, 2500L);
      for (long time : new long[] {0, 1, 999, 2499}) {
        OffsetAndTimestamp found = consumer.offsetsForTimes(Map.of(JOURNAL, time)).get(JOURNAL);
        assertThat(found.offset()).isEqualTo(time);
        assertThat(found.timestamp()).isEqualTo(time);
      }
      assertThat(consumer.offsetsForTimes(Map.of(JOURNAL, 2500L)).get(JOURNAL)).isNull();
      List<PartitionInfo> partitions = consumer.partitionsFor(Topics.JOURNAL);
      assertThat(partitions).hasSize(1);
      assertThat(partitions.get(0).leader().port()).isEqualTo(front.port());
      assertThat(consumer.listTopics()).containsOnlyKeys(Topics.JOURNAL);
    }
  }

  @Test
  void waitsForTheNextEvent() throws Exception {
    var consumer = consumer(Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 30_000));
    try {
      consumer.seek(JOURNAL, 0);
      var appender = Executors.newSingleThreadExecutor();
      CompletableFuture<Void> appended =
          CompletableFuture.runAsync(
              () -> {
                try {
                  for (int i = 0; i < 20; i++) {
                    append(i * 5L, i * 5L + 5, 5);
                  }
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              },
              appender);
      assertThat(events(poll(consumer, 100))).isEqualTo(TestEvents.events(0, 100));
      appended.get(10, TimeUnit.SECONDS);
      appender.shutdown();
    } finally {
      // The last fetch still waits; an orderly close would wait for it.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  @Test
  void anEmptyFetchEndsInTime() {
    try (var consumer = consumer(Map.of(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50))) {
      consumer.seek(JOURNAL, 0);
      assertThat(consumer.poll(Duration.ofMillis(400)).isEmpty()).isTrue();
      assertThat(consumer.position(JOURNAL)).isZero();
    }
  }

  @Test
  void saysWhenAnOffsetIsGone() throws Exception {
    log.reset(100);
    append(100, 110, 10);
    try (var consumer = consumer(Map.of())) {
      consumer.seek(JOURNAL, 99);
      assertThatThrownBy(() -> poll(consumer, 1)).isInstanceOf(OffsetOutOfRangeException.class);
      consumer.seek(JOURNAL, 111);
      assertThatThrownBy(() -> poll(consumer, 1)).isInstanceOf(OffsetOutOfRangeException.class);
      consumer.seek(JOURNAL, 100);
      assertThat(events(poll(consumer, 10))).isEqualTo(TestEvents.events(100, 110));
      assertThat(consumer.beginningOffsets(Set.of(JOURNAL))).containsEntry(JOURNAL, 100L);
    }
  }

  @Test
  void aConsumerGoesOnAfterARestart() throws Exception {
    append(0, 50, 10);
    try (var consumer = consumer(Map.of())) {
      consumer.seek(JOURNAL, 0);
      poll(consumer, 50);
      int port = front.port();
      front.close();
      log.close();
      log =
          JournalLog.open(dir, new JournalConfig(64 << 10, Long.MAX_VALUE, Duration.ofDays(9999)));
      append(50, 80, 10);
      front =
          KafkaFront.start(
              new HostPort("127.0.0.1", port), this::brokers, new Topics(log, Map.of()), groups);
      assertThat(events(poll(consumer, 30))).isEqualTo(TestEvents.events(50, 80));
    }
  }

  @Test
  void refusesAProducer() {
    Map<String, Object> config =
        Map.of(
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            "127.0.0.1:" + front.port(),
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            false);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer())) {
      assertThatThrownBy(
              () ->
                  producer
                      .send(new ProducerRecord<>(Topics.JOURNAL, new byte[] {1}))
                      .get(20, TimeUnit.SECONDS))
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
    assertThat(log.nextOffset()).isZero();
  }

  @Test
  void hasNoGroupsWhereItDoesNotLead() {
    try (var consumer = consumer(Map.of(ConsumerConfig.GROUP_ID_CONFIG, "g"))) {
      assertThatThrownBy(() -> consumer.committed(Set.of(JOURNAL), Duration.ofMillis(300)))
          .isInstanceOf(TimeoutException.class);
    }
  }
}
