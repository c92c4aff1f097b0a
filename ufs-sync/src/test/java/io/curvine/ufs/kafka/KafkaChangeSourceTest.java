/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.journal.broker.KafkaBroker;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.notify.Events;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** With a real broker. */
@Timeout(120)
class KafkaChangeSourceTest {
  private static final URI LOCATION = URI.create("s3://b/p");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static KafkaBroker broker;
  private static Admin admin;
  private static KafkaProducer<byte[], byte[]> producer;

  @TempDir Path dir;

  private final List<ChangeSource> sources = new ArrayList<>();
  private final Map<String, String> options = new HashMap<>();
  private String topic;

  @BeforeAll
  static void startBroker() throws IOException {
    broker = KafkaBroker.start();
    Map<String, Object> config = Map.of("bootstrap.servers", broker.address().toString());
    admin = Admin.create(config);
    producer = new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
  }

  @AfterAll
  static void stopBroker() throws IOException {
    producer.close();
    admin.close();
    broker.close();
  }

  @BeforeEach
  void makeTopic() throws Exception {
    topic = "events-" + System.nanoTime();
    makeTopic(2);
    Path properties =
        Files.writeString(dir.resolve("kafka.properties"), "metadata.max.age.ms=200\n");
    options.put("kafka.bootstrap", broker.address().toString());
    options.put("kafka.topic", topic);
    options.put("kafka.properties", properties.toString());
  }

  @AfterEach
  void close() {
    sources.forEach(ChangeSource::close);
  }

  @Test
  void itGoesOnAtItsCursor() throws Exception {
    send(0, Events.created("b", "p/old", "e0"));
    ChangeSource source = open(Optional.empty());
    ChangeBatch begun = source.poll(Duration.ZERO);
    assertThat(begun.hints()).as("from now").isEmpty();
    assertThat(begun.cursor()).isEqualTo(topic + "@0:1,1:0");
    assertThat(begun.gap()).isEmpty();

    send(0, Events.created("b", "p/x", "e1"));
    send(1, Events.removed("b", "p/y"));
    List<ChangeBatch> batches = until(source, hints -> hints.size() == 2);
    assertThat(hints(batches))
        .containsExactlyInAnyOrder(new ChangeHint("x", "e1", false), ChangeHint.at("y"));
    ChangeBatch last = batches.get(batches.size() - 1);
    assertThat(last.cursor()).isEqualTo(topic + "@0:2,1:1");
    assertThat(last.behind().orElse(0)).isZero();
    assertThat(last.newestMillis()).isPositive();
    source.close();

    send(0, Events.created("b", "p/z", "e2"));
    List<ChangeBatch> after = until(open(Optional.of(begun.cursor())), hints -> hints.size() == 3);
    assertThat(hints(after)).extracting(ChangeHint::path).contains("x", "y", "z");
    assertThat(after).allMatch(batch -> batch.gap().isEmpty());
  }

  @Test
  void withoutACursorItMayBeginAtTheBeginning() throws Exception {
    send(0, Events.created("b", "p/old", "e0"));
    options.put("kafka.start", "earliest");
    List<ChangeBatch> batches = until(open(Optional.empty()), hints -> !hints.isEmpty());
    assertThat(hints(batches)).containsExactly(new ChangeHint("old", "e0", false));
  }

  @Test
  void batchesAreBoundedAndNothingIsLost() throws Exception {
    ChangeSource source = open(Optional.empty());
    String cursor = source.poll(Duration.ZERO).cursor();
    int count = 2_500;
    for (int i = 0; i < count; i++) {
      send(i % 2, Events.created("b", "p/" + i, "e"));
    }
    String many =
        Events.records(
            IntStream.range(0, 1_500)
                .mapToObj(i -> Events.record("ceph:s3", "ObjectCreated:Put", "b", "p/m" + i, "e"))
                .toList());
    send(0, many);
    // Each batch is read by a new source: the cursor of each has to hold.
    List<ChangeBatch> batches = new ArrayList<>();
    while (hints(batches).stream().map(ChangeHint::path).distinct().count() < count + 1_500) {
      batches.addAll(until(source, hints -> !hints.isEmpty()));
      ChangeBatch last = batches.get(batches.size() - 1);
      assertThat(last.hints()).hasSizeLessThanOrEqualTo(ChangeBatch.HINTS_MAX);
      if (!last.cursor().equals(cursor)) {
        cursor = last.cursor();
        source.close();
        source = open(Optional.of(cursor));
      }
    }
  }

  @Test
  void aNewPartitionIsReadFromItsBeginning() throws Exception {
    ChangeSource source = open(Optional.empty());
    var unused = source.poll(Duration.ZERO);
    admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(3))).all().get();
    send(2, Events.created("b", "p/x", "e1"));
    List<ChangeBatch> batches = until(source, hints -> !hints.isEmpty());
    assertThat(hints(batches)).containsExactly(new ChangeHint("x", "e1", false));
    assertThat(batches.get(batches.size() - 1).cursor()).isEqualTo(topic + "@0:0,1:0,2:1");
  }

  @Test
  void whatRetentionTookIsAGap() throws Exception {
    ChangeSource source = open(Optional.empty());
    String cursor = source.poll(Duration.ZERO).cursor();
    source.close();
    for (int i = 0; i < 10; i++) {
      send(0, Events.created("b", "p/" + i, "e"));
    }
    admin
        .deleteRecords(Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(6)))
        .all()
        .get();
    List<ChangeBatch> batches = until(open(Optional.of(cursor)), hints -> hints.size() == 4);
    assertThat(hints(batches)).extracting(ChangeHint::path).containsExactly("6", "7", "8", "9");
    assertThat(batches.stream().map(ChangeBatch::gap).filter(gap -> !gap.isEmpty()))
        .containsExactly(topic + "-0 has offset 0 no more; going on from 6");
  }

  @Test
  void aTopicThatIsMissingIsSaidAndTriedAgain() throws Exception {
    options.put("kafka.topic", topic + "-later");
    topic = topic + "-later";
    ChangeSource source = open(Optional.empty());
    assertThatThrownBy(() -> source.poll(Duration.ZERO))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining(topic)
        .hasMessageContaining("does not exist")
        .extracting(e -> ((CurvineException) e).code())
        .isEqualTo(ErrorCode.UFS_ERROR);
    makeTopic(1);
    send(0, Events.created("b", "p/x", "e1"));
    assertThat(hints(until(source, hints -> !hints.isEmpty())))
        .containsExactly(new ChangeHint("x", "e1", false));
  }

  @Test
  void aBrokerThatIsAwayIsSaid() throws Exception {
    options.put("kafka.bootstrap", "127.0.0.1:1");
    Path properties =
        Files.writeString(
            dir.resolve("quick.properties"),
            "default.api.timeout.ms=500\nrequest.timeout.ms=400\n");
    options.put("kafka.properties", properties.toString());
    ChangeSource source = open(Optional.empty());
    assertThatThrownBy(() -> source.poll(Duration.ZERO))
        .isInstanceOf(CurvineException.class)
        .extracting(e -> ((CurvineException) e).code())
        .isEqualTo(ErrorCode.UFS_UNREACHABLE);
  }

  @Test
  void aBrokerThatGoesIsSaidAndReadAgainWhenItIsBack() throws Exception {
    Files.writeString(
        dir.resolve("kafka.properties"),
        "default.api.timeout.ms=3000\nrequest.timeout.ms=2000\nreconnect.backoff.max.ms=100\n");
    ChangeSource source = open(Optional.empty());
    var unused = source.poll(Duration.ZERO);
    broker.kill();
    try {
      assertThatThrownBy(() -> until(source, hints -> !hints.isEmpty()))
          .isInstanceOf(CurvineException.class)
          .extracting(e -> ((CurvineException) e).code())
          .isEqualTo(ErrorCode.UFS_UNREACHABLE);
    } finally {
      broker.startAgain();
    }
    send(0, Events.created("b", "p/x", "e1"));
    assertThat(hints(until(source, hints -> !hints.isEmpty())))
        .containsExactly(new ChangeHint("x", "e1", false));
  }

  @Test
  void aCursorOfAnotherTopicIsAGap() throws Exception {
    send(0, Events.created("b", "p/old", "e0"));
    ChangeBatch batch = open(Optional.of("other@0:5")).poll(Duration.ZERO);
    assertThat(batch.gap()).contains("the cursor 'other@0:5' has no places in topic " + topic);
    assertThat(batch.cursor()).isEqualTo(topic + "@0:1,1:0");
  }

  @Test
  void whatCannotBeReadIsAGapOnce() throws Exception {
    ChangeSource source = open(Optional.empty());
    var unused = source.poll(Duration.ZERO);
    send(0, "no");
    send(0, Events.created("b", "p/x", "e1"));
    List<ChangeBatch> batches = until(source, hints -> !hints.isEmpty());
    assertThat(batches.stream().map(ChangeBatch::gap).filter(gap -> !gap.isEmpty()))
        .hasSize(1)
        .allMatch(gap -> gap.startsWith("a message could not be read: "));
  }

  @Test
  void closeEndsAPollAndInterruptionToo() throws Exception {
    ChangeSource source = open(Optional.empty());
    var unused = source.poll(Duration.ZERO);
    CompletableFuture<ChangeBatch> waiting = polling(source);
    source.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS).hints()).isEmpty();
    assertThat(source.poll(PATIENCE).hints()).isEmpty();

    ChangeSource other = open(Optional.empty());
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                var batch = other.poll(PATIENCE);
                ended.complete(new AssertionError(batch));
              } catch (IOException | InterruptedException | RuntimeException e) {
                ended.complete(e);
              }
            });
    thread.start();
    thread.interrupt();
    assertThat(ended.get(10, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
  }

  @Test
  void optionsAreChecked() throws IOException {
    options.remove("kafka.bootstrap");
    assertThatThrownBy(() -> open(Optional.empty()))
        .hasMessage("kafka.bootstrap is not given; the source needs it");
    options.put("kafka.bootstrap", "127.0.0.1:1");
    options.put("kafka.start", "now");
    assertThatThrownBy(() -> open(Optional.empty()))
        .hasMessage("kafka.start is now; allowed: latest, earliest");
    options.remove("kafka.start");
    options.put(
        "kafka.properties",
        Files.writeString(dir.resolve("own.properties"), "group.id=x\n").toString());
    assertThatThrownBy(() -> open(Optional.empty()))
        .hasMessageContaining("which has [group.id]; allowed: all but bootstrap.servers");
    options.put("kafka.properties", dir.resolve("none").toString());
    assertThatThrownBy(() -> open(Optional.empty()))
        .hasMessageContaining("allowed: a properties file that can be read");
  }

  private static CompletableFuture<ChangeBatch> polling(ChangeSource source) {
    CompletableFuture<ChangeBatch> polled = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                polled.complete(source.poll(PATIENCE));
              } catch (IOException | InterruptedException | RuntimeException e) {
                polled.completeExceptionally(e);
              }
            })
        .start();
    return polled;
  }

  private ChangeSource open(Optional<String> cursor) throws IOException {
    ChangeSource source = new KafkaChangeSourceProvider().open(LOCATION, options, cursor);
    sources.add(source);
    return source;
  }

  private static List<ChangeBatch> until(ChangeSource source, Predicate<List<ChangeHint>> enough)
      throws Exception {
    List<ChangeBatch> batches = new ArrayList<>();
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!enough.test(hints(batches))) {
      assertThat(System.nanoTime()).as("%s", batches).isLessThan(end);
      batches.add(source.poll(Duration.ofMillis(200)));
    }
    return batches;
  }

  private static List<ChangeHint> hints(List<ChangeBatch> batches) {
    return batches.stream().flatMap(batch -> batch.hints().stream()).toList();
  }

  private void makeTopic(int partitions) throws Exception {
    admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
  }

  private void send(int partition, String body) throws Exception {
    var unused = producer.send(new ProducerRecord<>(topic, partition, null, body.getBytes(UTF_8)));
    producer.flush();
  }
}
