/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.journal.TestEvents;
import io.curvine.journal.kafka.group.FakeGroupJournal;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.RangeAssignor;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.GroupNotEmptyException;
import org.apache.kafka.common.errors.GroupSubscribedToTopicException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kafka's own consumers as members of groups, and its tools for operators. */
@Timeout(120)
final class GroupConsumerTest {
  private static final TopicPartition JOURNAL = new TopicPartition(Topics.JOURNAL, 0);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path dir;

  private final FakeGroupJournal journal = new FakeGroupJournal();
  private final List<KafkaConsumer<byte[], byte[]>> open = new ArrayList<>();
  private JournalLog log;
  private GroupCoordinator groups;
  private KafkaFront front;

  @BeforeEach
  void start() throws Exception {
    log = JournalLog.open(dir, JournalConfig.defaults());
    log.append(0, StoredEvent.all(TestEvents.events(0, 100)));
    groups = new GroupCoordinator(journal, Duration.ofDays(7), System::nanoTime, System::nanoTime);
    groups.leadershipBegins();
    front =
        KafkaFront.start(
            new HostPort("127.0.0.1", 0),
            () -> List.of(new Broker(1, "127.0.0.1", front.port(), true)),
            new Topics(log, Map.of()),
            groups);
  }

  @AfterEach
  void stop() throws Exception {
    open.forEach(consumer -> consumer.close(CloseOptions.timeout(Duration.ZERO)));
    front.close();
    groups.close();
    log.close();
  }

  private KafkaConsumer<byte[], byte[]> member(Map<String, Object> more) {
    Map<String, Object> config = new HashMap<>();
    config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + front.port());
    config.put(ConsumerConfig.GROUP_ID_CONFIG, "g");
    config.put(ConsumerConfig.GROUP_PROTOCOL_CONFIG, "classic");
    config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    config.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 45_000);
    config.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 200);
    config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
    config.putAll(more);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    open.add(consumer);
    consumer.subscribe(List.of(Topics.JOURNAL));
    return consumer;
  }

  /** All members poll in turn until it is so; what they read is counted. */
  private int pollUntil(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    int read = 0;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(end);
      for (KafkaConsumer<byte[], byte[]> consumer : open) {
        read += consumer.poll(Duration.ofMillis(20)).count();
      }
    }
    return read;
  }

  private KafkaConsumer<byte[], byte[]> owner() {
    return open.stream()
        .filter(consumer -> consumer.assignment().contains(JOURNAL))
        .findFirst()
        .orElseThrow();
  }

  private boolean allShareGeneration() {
    Set<Integer> generations = new HashSet<>();
    open.forEach(consumer -> generations.add(consumer.groupMetadata().generationId()));
    long owners = open.stream().filter(each -> each.assignment().contains(JOURNAL)).count();
    return generations.size() == 1 && !generations.contains(-1) && owners == 1;
  }

  private void kill(KafkaConsumer<byte[], byte[]> consumer) {
    open.remove(consumer);
    consumer.close(
        CloseOptions.timeout(Duration.ZERO)
            .withGroupMembershipOperation(GroupMembershipOperation.REMAIN_IN_GROUP));
  }

  @ParameterizedTest
  @ValueSource(classes = {RangeAssignor.class, CooperativeStickyAssignor.class})
  void anotherMemberGoesOnWhereOneDied(Class<?> assignor) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            assignor.getName(),
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            30,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            4_000);
    for (int i = 0; i < 3; i++) {
      member(config);
    }
    pollUntil("one of three to have it", this::allShareGeneration);
    pollUntil("thirty to be read", () -> owner().position(JOURNAL) >= 30);
    KafkaConsumer<byte[], byte[]> first = owner();
    first.commitSync(Map.of(JOURNAL, new OffsetAndMetadata(30, "thirty")));
    kill(first);
    pollUntil("another to have it", this::allShareGeneration);
    assertThat(open).hasSize(2);
    assertThat(owner().committed(Set.of(JOURNAL)).get(JOURNAL))
        .isEqualTo(new OffsetAndMetadata(30, "thirty"));
    pollUntil("it to be read to the end", () -> owner().position(JOURNAL) == 100);
    owner().commitSync();
    assertThat(journal.load().offsets().get("g").get(0).getOffset()).isEqualTo(100);
  }

  @Test
  void resumesWhereItCommitted() {
    var first = member(Map.of(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 40));
    int read = pollUntil("forty", () -> position(first) >= 40);
    first.commitSync();
    open.remove(first);
    first.close();
    assertThat(journal.load().groups().get(0).getMembersCount()).as("it left").isZero();
    var second = member(Map.of());
    read += pollUntil("the rest", () -> position(second) == 100);
    assertThat(read).isEqualTo(100);
  }

  private static long position(KafkaConsumer<byte[], byte[]> consumer) {
    return consumer.assignment().isEmpty() ? -1 : consumer.position(JOURNAL);
  }

  @Test
  void goesOnWithoutARebalanceUnderTheNextLeader() {
    var first = member(Map.of());
    var second = member(Map.of());
    pollUntil("both to be in", this::allShareGeneration);
    int generation = first.groupMetadata().generationId();
    String id = second.groupMetadata().memberId();
    int saves = journal.saves();
    groups.leadershipEnds();
    owner().commitAsync((offsets, failure) -> {});
    groups.leadershipBegins();
    pollUntil("it to be read", () -> owner().position(JOURNAL) == 100);
    owner().commitSync();
    assertThat(owner().committed(Set.of(JOURNAL)).get(JOURNAL).offset()).isEqualTo(100);
    assertThat(first.groupMetadata().generationId()).isEqualTo(generation);
    assertThat(second.groupMetadata().generationId()).isEqualTo(generation);
    assertThat(second.groupMetadata().memberId()).isEqualTo(id);
    assertThat(journal.saves()).isEqualTo(saves);
  }

  @Test
  void aJournalThatIsBusyIsWaitedFor() {
    journal.fail(ErrorCode.BUSY);
    var consumer = member(Map.of(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, 10));
    pollUntil("some saves to be turned away", () -> journal.failures() > 3);
    assertThat(consumer.assignment()).isEmpty();
    journal.fail(ErrorCode.OK);
    pollUntil("it to be read", () -> position(consumer) == 100);
    journal.fail(ErrorCode.NO_SPACE);
    int failures = journal.failures();
    boolean[] committed = {false};
    consumer.commitAsync((offsets, failure) -> committed[0] = failure == null);
    pollUntil("a commit to be turned away", () -> journal.failures() > failures);
    assertThat(committed[0]).isFalse();
    journal.fail(ErrorCode.OK);
    consumer.commitSync();
    assertThat(journal.load().offsets().get("g").get(0).getOffset()).isEqualTo(100);
  }

  @Test
  void aMemberThatDoesNotPollLosesItsShare() {
    var slow = member(Map.of(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 1_000));
    pollUntil("it to be alone", () -> slow.assignment().contains(JOURNAL));
    open.remove(slow);
    var other = member(Map.of());
    pollUntil("the other to have it", () -> other.assignment().contains(JOURNAL));
    open.add(slow);
    assertThatThrownBy(() -> slow.commitSync(Map.of(JOURNAL, new OffsetAndMetadata(1))))
        .isInstanceOf(CommitFailedException.class);
    assertThat(journal.load().offsets()).isEmpty();
  }

  @Test
  void aStaticMemberKeepsItsShareOverARestart() {
    Map<String, Object> one = Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "one");
    Map<String, Object> two = Map.of(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, "two");
    var first = member(one);
    var second = member(two);
    pollUntil("both to be in", this::allShareGeneration);
    int generation = second.groupMetadata().generationId();
    boolean had = first.assignment().contains(JOURNAL);
    open.remove(first);
    first.close();
    var back = member(one);
    pollUntil("it to be back", this::allShareGeneration);
    assertThat(second.groupMetadata().generationId()).isEqualTo(generation);
    assertThat(back.groupMetadata().generationId()).isEqualTo(generation);
    assertThat(back.assignment().contains(JOURNAL)).isEqualTo(had);

    var usurper = member(one);
    open.remove(back);
    pollUntil("the usurper to be in", this::allShareGeneration);
    open.add(back);
    assertThatThrownBy(() -> pollUntil("the older one to be fenced", () -> false))
        .isInstanceOf(FencedInstanceIdException.class);
    assertThat(usurper.groupMetadata().generationId()).isEqualTo(generation);
  }

  @Test
  void operatorsSeeAndChangeGroups() throws Exception {
    Map<String, Object> config =
        Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:" + front.port());
    try (Admin admin = Admin.create(config)) {
      var consumer = member(Map.of(ConsumerConfig.CLIENT_ID_CONFIG, "reader"));
      pollUntil("it to be read", () -> position(consumer) == 100);
      consumer.commitSync();
      assertThat(get(admin.listGroups().all()))
          .extracting(GroupListing::groupId)
          .containsExactly("g");
      ConsumerGroupDescription described =
          get(admin.describeConsumerGroups(List.of("g")).describedGroups().get("g"));
      assertThat(described.groupState()).isEqualTo(GroupState.STABLE);
      assertThat(described.partitionAssignor()).isEqualTo("range");
      assertThat(described.coordinator().port()).isEqualTo(front.port());
      assertThat(described.members()).hasSize(1);
      var member = described.members().iterator().next();
      assertThat(member.clientId()).isEqualTo("reader");
      assertThat(member.assignment().topicPartitions()).containsExactly(JOURNAL);
      assertThat(
              get(admin.listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata())
                  .get(JOURNAL)
                  .offset())
          .isEqualTo(100);
      assertThatThrownBy(() -> get(admin.deleteConsumerGroups(List.of("g")).all()))
          .hasCauseInstanceOf(GroupNotEmptyException.class);
      assertThatThrownBy(() -> get(admin.deleteConsumerGroupOffsets("g", Set.of(JOURNAL)).all()))
          .hasCauseInstanceOf(GroupSubscribedToTopicException.class);
      open.remove(consumer);
      consumer.close();
      var earlier = Map.of(JOURNAL, new OffsetAndMetadata(17));
      get(admin.alterConsumerGroupOffsets("g", earlier).all());
      assertThat(
              get(admin.listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata())
                  .get(JOURNAL)
                  .offset())
          .isEqualTo(17);
      get(admin.deleteConsumerGroupOffsets("g", Set.of(JOURNAL)).all());
      assertThat(get(admin.listConsumerGroupOffsets("g").partitionsToOffsetAndMetadata()))
          .isEmpty();
      get(admin.deleteConsumerGroups(List.of("g")).all());
      assertThat(get(admin.listGroups().all())).isEmpty();
      assertThat(journal.load().groups()).isEmpty();
    }
  }

  private static <T> T get(KafkaFuture<T> answer) throws Exception {
    return answer.get(30, TimeUnit.SECONDS);
  }

  @Test
  void whoAssignsCommitsWithoutBeingAMember() {
    var consumer = member(Map.of());
    consumer.unsubscribe();
    consumer.assign(List.of(JOURNAL));
    pollUntil("it to be read", () -> consumer.position(JOURNAL) == 100);
    consumer.commitSync();
    assertThat(consumer.committed(Set.of(JOURNAL)).get(JOURNAL).offset()).isEqualTo(100);
    assertThat(journal.load().groups()).isEmpty();
    var member = member(Map.of());
    pollUntil("it to be a member", () -> !member.assignment().isEmpty());
    assertThatThrownBy(() -> consumer.commitSync(Map.of(JOURNAL, new OffsetAndMetadata(1))))
        .isInstanceOf(CommitFailedException.class);
  }
}
