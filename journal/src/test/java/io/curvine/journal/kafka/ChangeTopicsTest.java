/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.journal.DerivedLog;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.journal.kafka.group.FakeGroupJournal;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.journal.view.ChangeJsonView;
import io.curvine.journal.view.ChangeProtoView;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileCreated;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.SessionOpened;
import io.curvine.protocol.proto.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own consumer on the topics that are made of the journal. */
@Timeout(60)
class ChangeTopicsTest {
  private static final TopicPartition JOURNAL = new TopicPartition(Topics.JOURNAL, 0);
  private static final TopicPartition CHANGES = new TopicPartition(Topics.CHANGES, 0);
  private static final TopicPartition PROTO = new TopicPartition(Topics.CHANGES_PROTO, 0);

  @TempDir Path dir;

  private JournalLog log;
  private DerivedLog json;
  private DerivedLog proto;
  private GroupCoordinator groups;
  private KafkaFront front;

  @BeforeEach
  void start() throws Exception {
    log =
        JournalLog.open(
            dir.resolve("journal"),
            new JournalConfig(64 << 10, Long.MAX_VALUE, Duration.ofDays(9999)));
    json = DerivedLog.open(dir.resolve("json"), log, new ChangeJsonView(), "json");
    proto = DerivedLog.open(dir.resolve("proto"), log, new ChangeProtoView(), "proto");
    groups =
        new GroupCoordinator(
            new FakeGroupJournal(), Duration.ofDays(7), System::nanoTime, System::nanoTime);
    front =
        KafkaFront.start(
            new HostPort("127.0.0.1", 0),
            () -> List.of(new Broker(0, "127.0.0.1", front.port(), true)),
            new Topics(log, Map.of(Topics.CHANGES, json, Topics.CHANGES_PROTO, proto)),
            groups);
  }

  @AfterEach
  void stop() throws Exception {
    front.close();
    groups.close();
    json.close();
    proto.close();
    log.close();
  }

  /** Two of three are no changes; the last of a run is none. */
  private static Event event(long number) {
    Event.Builder event = Event.newBuilder().setTimeNanos(number * 1_000_000);
    if (number % 3 == 0) {
      return event
          .setSubject(
              Subject.newBuilder()
                  .setPath(ByteString.copyFromUtf8("/f" + number))
                  .setType(InodeType.FILE))
          .setFileCreated(FileCreated.newBuilder().setInode(Inode.newBuilder().setId(number)))
          .build();
    }
    return event.setSessionOpened(SessionOpened.newBuilder().setSessionId(number)).build();
  }

  private void append(long to, int atOnce) throws Exception {
    while (log.nextOffset() < to) {
      List<Event> events = new ArrayList<>();
      long from = log.nextOffset();
      for (long number = from; number < Math.min(to, from + atOnce); number++) {
        events.add(event(number));
      }
      log.append(from, StoredEvent.all(events));
    }
  }

  private KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> more, TopicPartition... on) {
    Map<String, Object> config =
        new HashMap<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                "127.0.0.1:" + front.port(),
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest"));
    config.putAll(more);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(on));
    return consumer;
  }

  private static List<ConsumerRecord<byte[], byte[]>> readTo(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition, long offset) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    while (consumer.position(partition) < offset) {
      consumer.poll(Duration.ofSeconds(10)).forEach(records::add);
    }
    return records;
  }

  @Test
  void aConsumerGetsEachChangeAndPassesTheRest() throws Exception {
    append(5_000, 7);
    try (var consumer = consumer(Map.of(), CHANGES)) {
      var records = readTo(consumer, CHANGES, 5_000);
      assertThat(records).hasSize(1_667);
      for (int i = 0; i < records.size(); i++) {
        var record = records.get(i);
        assertThat(record.offset()).isEqualTo(3L * i);
        assertThat(record.timestamp()).isEqualTo(3L * i);
        assertThat(new String(record.key(), java.nio.charset.StandardCharsets.UTF_8))
            .isEqualTo("/f" + 3 * i);
        assertThat(new String(record.value(), java.nio.charset.StandardCharsets.UTF_8))
            .startsWith("{\"offset\":" + 3 * i + ",");
      }
      assertThat(consumer.endOffsets(Set.of(CHANGES))).containsEntry(CHANGES, 5_000L);
      assertThat(consumer.listTopics())
          .containsOnlyKeys(Topics.JOURNAL, Topics.CHANGES, Topics.CHANGES_PROTO);
    }
  }

  @Test
  void itGoesOnWithWhatComes() throws Exception {
    append(100, 10);
    try (var consumer = consumer(Map.of(), PROTO)) {
      readTo(consumer, PROTO, 100);
      append(1_000, 1);
      var records = readTo(consumer, PROTO, 1_000);
      assertThat(records).hasSize(300);
      assertThat(Change.parseFrom(records.get(299).value()).getPath().toStringUtf8())
          .isEqualTo("/f999");
    }
  }

  @Test
  void seeksByOffsetAndTime() throws Exception {
    append(1_000, 25);
    try (var consumer = consumer(Map.of(), CHANGES)) {
      consumer.seek(CHANGES, 500);
      assertThat(readTo(consumer, CHANGES, 1_000).get(0).offset()).isEqualTo(501);
      long found = consumer.offsetsForTimes(Map.of(CHANGES, 700L)).get(CHANGES).offset();
      consumer.seek(CHANGES, found);
      assertThat(readTo(consumer, CHANGES, 1_000).get(0).timestamp()).isEqualTo(702);
    }
  }

  @Test
  void severalTopicsAtOnceInSmallAnswers() throws Exception {
    append(3_000, 50);
    Map<String, Object> small =
        Map.of(
            ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4_000,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 3_000);
    try (var consumer = consumer(small, JOURNAL, CHANGES, PROTO)) {
      Map<String, Integer> counts = new HashMap<>();
      while (counts.getOrDefault(Topics.JOURNAL, 0) < 3_000
          || counts.getOrDefault(Topics.CHANGES, 0) < 1_000
          || counts.getOrDefault(Topics.CHANGES_PROTO, 0) < 1_000) {
        consumer
            .poll(Duration.ofSeconds(10))
            .forEach(r -> counts.merge(r.topic(), 1, Integer::sum));
      }
      assertThat(counts)
          .isEqualTo(
              Map.of(Topics.JOURNAL, 3_000, Topics.CHANGES, 1_000, Topics.CHANGES_PROTO, 1_000));
    }
  }

  @Test
  void aFetchWaitsForAsManyBytesAsItWants() throws Exception {
    append(30, 10);
    Map<String, Object> patient =
        Map.of(
            ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 20_000,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50_000);
    var consumer = consumer(patient, JOURNAL);
    try {
      assertThat(consumer.poll(Duration.ofMillis(500)).isEmpty()).isTrue();
      append(100, 10);
      assertThat(consumer.poll(Duration.ofMillis(500)).isEmpty()).isTrue();
      // One batch, so that what is enough comes at once: of several, the last could be left to a
      // fetch of its own, for which they are not enough.
      append(1_500, 1_400);
      assertThat(readTo(consumer, JOURNAL, 1_500)).hasSize(1_500);
    } finally {
      // The last fetch still waits; an orderly close would wait for it.
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }

  @Test
  void aFetchThatWantsMoreThanItMayGetIsAnsweredWhereNoMoreComes() throws Exception {
    append(3_000, 50);
    Map<String, Object> greedy =
        Map.of(
            ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 5_000_000,
            ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 10_000,
            ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50_000);
    var consumer = consumer(greedy, CHANGES);
    try {
      // All of the closed segments; of the newest it waits for more.
      while (consumer.position(CHANGES) < 2_000) {
        consumer.poll(Duration.ofSeconds(10));
      }
      assertThat(consumer.position(CHANGES)).isGreaterThanOrEqualTo(2_000);
    } finally {
      consumer.close(CloseOptions.timeout(Duration.ZERO));
    }
  }
}
