/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.mirror;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.journal.DerivedLog;
import io.curvine.journal.EventView;
import io.curvine.journal.FeedLog;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.journal.TestEvents;
import io.curvine.journal.broker.KafkaBroker;
import io.curvine.journal.kafka.Topics;
import io.curvine.journal.mirror.MirrorProgress.State;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A mirror, or several that each take themselves for the leader's, with a real broker. */
@Timeout(120)
class MirrorTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final long BEGUN_MILLIS = System.currentTimeMillis() - 100_000;
  private static KafkaBroker broker;

  @TempDir Path dir;

  private final List<Mirror> mirrors = new ArrayList<>();
  private JournalLog journal;
  private DerivedLog hundredths;
  private String copy;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = KafkaBroker.start();
  }

  @AfterAll
  static void stopBroker() throws IOException {
    broker.close();
  }

  @BeforeEach
  void open() throws IOException {
    copy = "copy-" + System.nanoTime();
    journal =
        JournalLog.open(
            dir.resolve("journal"),
            new JournalConfig(64 << 10, 128 << 10, Duration.ofDays(36_000)));
    // A topic with every hundredth event.
    EventView view =
        (offset, event) ->
            offset % 100 == 0
                ? Optional.of(
                    new EventView.Shown(
                        ByteString.EMPTY, ByteString.copyFromUtf8("" + offset), ByteString.EMPTY))
                : Optional.empty();
    hundredths = DerivedLog.open(dir.resolve("derived"), journal, view, "hundredths");
  }

  @AfterEach
  void close() throws IOException {
    mirrors.forEach(Mirror::close);
    hundredths.close();
    journal.close();
  }

  @Test
  void aCopyHasTheEventsWithTheirTimesAndHeaders() throws Exception {
    append(500);
    Mirror mirror = mirror(Topics.JOURNAL, "one");
    mirror.leadershipBegins();
    await(mirror, at(500));
    append(20);
    await(mirror, at(520));

    List<ConsumerRecord<byte[], byte[]>> records = records();
    assertThat(records).hasSize(520);
    for (int i = 0; i < records.size(); i++) {
      ConsumerRecord<byte[], byte[]> record = records.get(i);
      assertThat(record.value()).isEqualTo(event(i).bytes().toByteArray());
      assertThat(record.timestamp()).isEqualTo(timeMillis(i));
      assertThat(offset(record)).isEqualTo(i);
      assertThat(record.headers().lastHeader("curvine.cluster").value())
          .isEqualTo("one".getBytes(UTF_8));
      assertThat(record.headers().lastHeader("type")).isNotNull();
    }
    MirrorProgress progress = mirror.progress().get(0);
    assertThat(progress.lagEvents()).hasValue(0);
    assertThat(progress.lag()).isZero();
  }

  @Test
  void mastersThatBothCopyAddEachEventOnce() throws Exception {
    Mirror first = mirror(Topics.JOURNAL, "one");
    Mirror second = mirror(Topics.JOURNAL, "one");
    first.leadershipBegins();
    for (int i = 0; i < 20; i++) {
      append(50);
      // The one before is not told: it goes on until it is fenced, and then tries to come back.
      (i % 2 == 0 ? second : first).leadershipBegins();
      if (i % 4 == 3) {
        await(first, progress -> progress.nextOffset().isPresent());
      }
    }
    first.leadershipEnds();
    await(second, at(1000));

    assertThat(records()).extracting(MirrorTest::offset).containsExactlyElementsOf(upTo(1000));
    assertThat(first.progress().get(0).state()).isEqualTo(State.STANDBY);
  }

  /** Right after a transaction has ended, a broker may lose the mark of its end. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aBrokerThatWasKilledIsWaitedForAndHasEachEventOnce(boolean underWay) throws Exception {
    Path impatient =
        Files.writeString(
            dir.resolve("client.properties"),
            """
            max.block.ms=1000
            request.timeout.ms=1000
            delivery.timeout.ms=1500
            default.api.timeout.ms=1000
            """);
    MirrorConfig plain = config(Topics.JOURNAL);
    MirrorConfig config =
        new MirrorConfig(
            plain.bootstrapServers(),
            plain.topics(),
            "",
            "",
            16 << 10,
            Duration.ZERO,
            0,
            MirrorConfig.OnGap.STOP,
            impatient.toString());
    Mirror mirror = mirror(config, "one", journal);
    mirror.leadershipBegins();
    append(300);
    await(mirror, progress -> progress.nextOffset().orElse(-1) > 0);
    if (underWay) {
      append(300);
    }
    broker.kill();
    append(underWay ? 300 : 600);
    await(mirror, progress -> progress.state() == State.FAILING);
    assertThat(mirror.progress().get(0).lagEvents().getAsLong()).isPositive();
    assertThat(mirror.progress().get(0).lag()).isPositive();
    broker.startAgain();

    await(mirror, at(900));
    assertThat(records()).extracting(MirrorTest::offset).containsExactlyElementsOf(upTo(900));
  }

  @Test
  void aGapStopsTheCopyUntilSomebodySkipsIt() throws Exception {
    append(10);
    Mirror before = mirror(Topics.JOURNAL, "one");
    before.leadershipBegins();
    await(before, at(10));
    before.close();
    loseTheBeginning(10);
    long start = journal.startOffset();

    Mirror stopped = mirror(Topics.JOURNAL, "one");
    stopped.leadershipBegins();
    await(stopped, progress -> progress.state() == State.GAP);
    assertThat(stopped.progress().get(0).detail())
        .contains("goes on at offset 10, and the journal begins at " + start);
    stopped.close();
    assertThat(records()).hasSize(10);

    Mirror skipping =
        mirror(config(Topics.JOURNAL).withOnGap(MirrorConfig.OnGap.SKIP), "one", journal);
    skipping.leadershipBegins();
    await(skipping, at(journal.nextOffset()));
    assertThat(skipping.progress().get(0).skipped()).isEqualTo(start - 10);
    assertThat(offset(records().get(10))).isEqualTo(start);
  }

  @Test
  void whatATopicDoesNotShowIsNoGap() throws Exception {
    append(50);
    Mirror before = mirror(Topics.CHANGES, "one");
    before.leadershipBegins();
    await(before, at(50));
    assertThat(records()).extracting(MirrorTest::offset).containsExactly(0L);
    // What one minute does by itself.
    try (var producer = MirrorClients.open(config(Topics.CHANGES)).producer("keeps-the-place")) {
      producer.initTransactions();
      MirrorClients clients = MirrorClients.open(config(Topics.CHANGES));
      var target =
          new MirrorTarget(clients, "one", copy, "curvine-mirror-one", "keeps-the-place", producer);
      MirrorTarget.Place place = target.place();
      assertThat(place.lastOffset()).isZero();
      before.close();
      loseTheBeginning(50);
      producer.beginTransaction();
      producer.sendOffsetsToTransaction(target.kept(journal.startOffset(), 0), place.group());
      producer.commitTransaction();
      assertThat(target.place().nextOffset()).isEqualTo(journal.startOffset());
    }

    Mirror after = mirror(Topics.CHANGES, "one");
    after.leadershipBegins();
    await(after, at(journal.nextOffset()));
    assertThat(after.progress().get(0).skipped()).isZero();
  }

  @Test
  void aCopyWhoseRecordsHaveExpiredIsNotMadeAnew() throws Exception {
    append(100);
    Mirror before = mirror(Topics.JOURNAL, "one");
    before.leadershipBegins();
    await(before, at(100));
    before.close();
    try (Admin admin = admin()) {
      admin
          .deleteRecords(Map.of(partition(), RecordsToDelete.beforeOffset(-1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }

    append(5);
    Mirror after = mirror(Topics.JOURNAL, "one");
    after.leadershipBegins();
    await(after, at(105));
    assertThat(records())
        .extracting(MirrorTest::offset)
        .containsExactly(100L, 101L, 102L, 103L, 104L);
  }

  @Test
  void aTopicThatWasDeletedIsCopiedAnew() throws Exception {
    append(10);
    Mirror before = mirror(Topics.JOURNAL, "one");
    before.leadershipBegins();
    await(before, at(10));
    before.close();
    try (Admin admin = admin()) {
      admin.deleteTopics(List.of(copy)).all().get(30, TimeUnit.SECONDS);
      // The controller has deleted it; the broker hears of that a moment later.
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (admin.listTopics().names().get(30, TimeUnit.SECONDS).contains(copy)) {
        assertThat(System.nanoTime()).as("the topic is there still").isLessThan(end);
      }
    }

    Mirror after = mirror(Topics.JOURNAL, "one");
    after.leadershipBegins();
    await(after, at(10));
    assertThat(records()).extracting(MirrorTest::offset).containsExactlyElementsOf(upTo(10));
  }

  @Test
  void anotherClustersTopicIsRefused() throws Exception {
    append(3);
    Mirror one = mirror(Topics.JOURNAL, "one");
    one.leadershipBegins();
    await(one, at(3));
    one.close();

    Mirror two = mirror(Topics.JOURNAL, "two");
    two.leadershipBegins();
    await(two, progress -> progress.state() == State.REFUSED);
    assertThat(two.progress().get(0).detail()).contains("it is a copy of cluster one");
    assertThat(records()).hasSize(3);
  }

  @Test
  void aTopicThatSomebodyElseWritesIsRefused() throws Exception {
    makeTopic(1);
    try (KafkaProducer<byte[], byte[]> other =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.address().toString()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      other.send(new ProducerRecord<>(copy, new byte[1])).get(30, TimeUnit.SECONDS);
    }
    Mirror mirror = mirror(Topics.JOURNAL, "one");
    mirror.leadershipBegins();
    await(mirror, progress -> progress.state() == State.REFUSED);
    assertThat(mirror.progress().get(0).detail()).contains("is no copy of an event");
  }

  @Test
  void aTopicOfSeveralPartitionsIsRefused() throws Exception {
    makeTopic(2);
    Mirror mirror = mirror(Topics.JOURNAL, "one");
    mirror.leadershipBegins();
    await(mirror, progress -> progress.state() == State.REFUSED);
    assertThat(mirror.progress().get(0).detail()).contains("it has 2 partitions; allowed: 1");
  }

  @Test
  void aCopyThatIsAheadOfTheJournalIsRefused() throws Exception {
    append(30);
    Mirror mirror = mirror(Topics.JOURNAL, "one");
    mirror.leadershipBegins();
    await(mirror, at(30));
    mirror.close();
    journal.truncateTo(20);

    Mirror after = mirror(Topics.JOURNAL, "one");
    after.leadershipBegins();
    await(after, progress -> progress.state() == State.REFUSED);
    assertThat(after.progress().get(0).detail())
        .contains("goes on at offset 30, and this cluster's journal ends before 20");
  }

  @Test
  void whoDoesNotLeadWritesNothing() throws Exception {
    append(3);
    MirrorSource deposed =
        source(
            "one",
            journal,
            CompletableFuture.failedFuture(new IOException("another master leads")));
    Mirror mirror = add(Mirror.open(config(Topics.JOURNAL), deposed));
    mirror.leadershipBegins();
    await(mirror, progress -> progress.state() == State.FAILING);
    assertThat(mirror.progress().get(0).detail())
        .isEqualTo("this master does not lead: another master leads");
    try (Admin admin = admin()) {
      assertThat(admin.listTopics().names().get(30, TimeUnit.SECONDS)).doesNotContain(copy);
    }
  }

  private void append(int count) throws IOException {
    long first = journal.nextOffset();
    List<StoredEvent> events = new ArrayList<>();
    for (long number = first; number < first + count; number++) {
      events.add(event(number));
    }
    journal.append(first, events);
  }

  private static StoredEvent event(long number) {
    long timeNanos = TimeUnit.MILLISECONDS.toNanos(timeMillis(number));
    return StoredEvent.of(TestEvents.event(number).toBuilder().setTimeNanos(timeNanos).build());
  }

  /** Close to now: the broker drops what is older than a week. */
  private static long timeMillis(long number) {
    return BEGUN_MILLIS + number;
  }

  /** Appends until retention has dropped what there is up to an offset. */
  private void loseTheBeginning(long offset) throws IOException {
    while (journal.startOffset() <= offset) {
      append(100);
      journal.applyRetention(JournalLog.Floor.NONE);
    }
  }

  private MirrorConfig config(String topic) {
    return MirrorConfig.to(List.of(broker.address()), List.of(topic + "=" + copy));
  }

  private Mirror mirror(String topic, String cluster) throws IOException {
    return mirror(config(topic), cluster, topic.equals(Topics.JOURNAL) ? journal : hundredths);
  }

  private Mirror mirror(MirrorConfig config, String cluster, FeedLog log) throws IOException {
    return add(Mirror.open(config, source(cluster, log, CompletableFuture.completedFuture(null))));
  }

  private Mirror add(Mirror mirror) {
    mirrors.add(mirror);
    return mirror;
  }

  private static MirrorSource source(String cluster, FeedLog log, CompletableFuture<Void> leading) {
    return new MirrorSource() {
      @Override
      public String clusterId() {
        return cluster;
      }

      @Override
      public Optional<FeedLog> log(String topic) {
        return Optional.of(log);
      }

      @Override
      public CompletableFuture<Void> confirmLeading() {
        return leading;
      }
    };
  }

  private static Predicate<MirrorProgress> at(long offset) {
    return progress ->
        progress.nextOffset().orElse(-1) == offset && progress.state() == State.COPYING;
  }

  private static void await(Mirror mirror, Predicate<MirrorProgress> wanted) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!wanted.test(mirror.progress().get(0))) {
      assertThat(System.nanoTime() - deadline).as(mirror.progress().toString()).isNegative();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  private TopicPartition partition() {
    return new TopicPartition(copy, 0);
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", broker.address().toString()));
  }

  private void makeTopic(int partitions) throws Exception {
    try (Admin admin = admin()) {
      admin
          .createTopics(List.of(new NewTopic(copy, partitions, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  /** All that is in the copy for good. */
  /** All up to the topic's end; a transaction that has ended may be marked so a little later. */
  private List<ConsumerRecord<byte[], byte[]>> records() throws Exception {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            broker.address().toString(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none");
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(Set.of(partition()));
      consumer.seekToBeginning(Set.of(partition()));
      long end = end();
      long deadline = System.nanoTime() + PATIENCE.toNanos();
      while (consumer.position(partition()) < end) {
        assertThat(System.nanoTime() - deadline).as("no mark before " + end).isNegative();
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  /** Also of what has no mark yet. */
  private long end() throws Exception {
    try (Admin admin = admin()) {
      return admin
          .listOffsets(Map.of(partition(), OffsetSpec.latest()))
          .partitionResult(partition())
          .get(30, TimeUnit.SECONDS)
          .offset();
    }
  }

  private static long offset(ConsumerRecord<byte[], byte[]> record) {
    return ByteBuffer.wrap(record.headers().lastHeader("curvine.offset").value()).getLong();
  }

  private static List<Long> upTo(long end) {
    List<Long> offsets = new ArrayList<>();
    for (long offset = 0; offset < end; offset++) {
      offsets.add(offset);
    }
    return offsets;
  }
}
