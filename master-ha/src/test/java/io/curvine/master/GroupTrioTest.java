/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.kafka.Topics;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommitGroupOffsets;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FeedGroup;
import io.curvine.protocol.proto.FeedPlace;
import io.curvine.protocol.proto.FeedState;
import io.curvine.protocol.proto.FloorState;
import io.curvine.protocol.proto.GetFeedState;
import io.curvine.protocol.proto.KeepForFeed;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kafka's own consumers of three masters whose leader goes. */
@Timeout(180)
final class GroupTrioTest {
  private static final TopicPartition JOURNAL = new TopicPartition(Topics.JOURNAL, 0);

  private static final AdminRequest.Builder LOOK =
      AdminRequest.newBuilder().setGetFeedState(GetFeedState.getDefaultInstance());

  @TempDir private Path directory;
  private final List<KafkaConsumer<byte[], byte[]>> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(consumer -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
  }

  private KafkaConsumer<byte[], byte[]> member(Trio trio) {
    String feeds =
        Stream.of("m1", "m2", "m3")
            .map(id -> trio.config(id).self().feed().toString())
            .collect(Collectors.joining(","));
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, feeds);
    config.put(ConsumerConfig.GROUP_ID_CONFIG, "g");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    open.add(consumer);
    consumer.subscribe(List.of(Topics.JOURNAL));
    return consumer;
  }

  private static FeedState feed(Trio trio, AdminRequest.Builder request) {
    MasterResponse answer = trio.call(MasterRequest.newBuilder().setAdmin(request).build());
    assertThat(answer.getCode()).as(answer.getMessage()).isEqualTo(ErrorCode.OK);
    return answer.getAdmin().getFeedState();
  }

  /** As the next leader tells it: one member reads, and the floor is where the group is. */
  private static void assertState(FeedState state) {
    FeedGroup group = state.getGroups(0);
    assertThat(group.getName()).isEqualTo("g");
    assertThat(group.getMembersList().stream().flatMap(each -> each.getTopicsList().stream()))
        .containsExactly(Topics.JOURNAL);
    FeedPlace place = group.getPlaces(0);
    assertThat(place.getOffset()).isEqualTo(40);
    assertThat(place.getLagEvents()).isEqualTo(state.getNextOffset() - 40);
    assertThat(place.getLagMs()).isPositive();
    FloorState floor = state.getFloors(0);
    assertThat(floor.getOffset()).isEqualTo(40);
    assertThat(floor.getBytes()).isPositive();
    assertThat(floor.getPassed()).isFalse();
  }

  private boolean pollAll() {
    open.forEach(consumer -> consumer.poll(Duration.ofMillis(20)));
    return true;
  }

  /** Of the one that reads; null where none does, or not all are in. */
  private KafkaConsumer<byte[], byte[]> reader() {
    List<KafkaConsumer<byte[], byte[]>> readers =
        open.stream().filter(each -> each.assignment().contains(JOURNAL)).toList();
    long generations =
        open.stream().map(each -> each.groupMetadata().generationId()).distinct().count();
    return readers.size() == 1 && generations == 1 ? readers.get(0) : null;
  }

  private static long committed(KafkaConsumer<byte[], byte[]> consumer) {
    return consumer.committed(Set.of(JOURNAL)).get(JOURNAL).offset();
  }

  @Test
  void membersAndOffsetsSurviveTheLeader() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      for (int seq = 1; seq <= 50; seq++) {
        assertThat(trio.command(Trio.mkdir(session, seq, "/d" + seq)).getCode())
            .isEqualTo(ErrorCode.OK);
      }
      KafkaConsumer<byte[], byte[]> first = member(trio);
      KafkaConsumer<byte[], byte[]> second = member(trio);
      trio.until("one of two to read", () -> pollAll() && reader() != null);
      trio.until("fifty events", () -> pollAll() && reader().position(JOURNAL) >= 50);
      reader().commitSync(Map.of(JOURNAL, new OffsetAndMetadata(40, "forty")));
      FeedState set =
          feed(
              trio,
              AdminRequest.newBuilder()
                  .setKeepForFeed(
                      KeepForFeed.newBuilder().setName("floor").setGroup("g").setOffset(1)));
      assertThat(set.getFloors(0).getOffset()).isEqualTo(40);
      String reads = reader().groupMetadata().memberId();
      int generation = first.groupMetadata().generationId();

      trio.stop(trio.leader());
      for (int seq = 51; seq <= 100; seq++) {
        assertThat(trio.command(Trio.mkdir(session, seq, "/d" + seq)).getCode())
            .isEqualTo(ErrorCode.OK);
      }
      assertThat(committed(reader())).as("at the next leader").isEqualTo(40);
      assertState(feed(trio, LOOK));
      trio.until("a hundred events", () -> pollAll() && reader().position(JOURNAL) >= 100);
      reader().commitSync(Map.of(JOURNAL, new OffsetAndMetadata(90)));
      assertThat(reader().groupMetadata().memberId()).as("no rebalance").isEqualTo(reads);
      assertThat(first.groupMetadata().generationId()).isEqualTo(generation);
      assertThat(second.groupMetadata().generationId()).isEqualTo(generation);

      open.clear();
      first.close();
      second.close();
      KafkaConsumer<byte[], byte[]> third = member(trio);
      trio.until("the third to have it", () -> pollAll() && !third.assignment().isEmpty());
      assertThat(committed(third)).isEqualTo(90);
      assertThat(third.groupMetadata().generationId()).isGreaterThan(generation);
    }
  }

  @Test
  void onlyTheLeaderItselfCommits() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      Command commit =
          Command.newBuilder()
              .setCommitGroupOffsets(CommitGroupOffsets.newBuilder().setGroup("g"))
              .build();
      assertThat(trio.command(commit).getCode()).isEqualTo(ErrorCode.PERMISSION_DENIED);
    }
  }
}
