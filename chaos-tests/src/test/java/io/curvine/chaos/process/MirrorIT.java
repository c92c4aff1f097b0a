/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.journal.broker.KafkaBroker;
import io.curvine.protocol.change.ChangeFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed of real masters, copied into a real Kafka. */
class MirrorIT {
  private static final int CHANGES_BETWEEN_FAULTS = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String OFFSET = "curvine.offset";
  private static final String CLUSTER = "curvine.cluster";

  @TempDir Path temp;

  /**
   * A record as both sides have to have it.
   *
   * @param bytes of key, value and headers, readable
   */
  private record Seen(long offset, long timestamp, String bytes) {}

  @Test
  void eachEventIsCopiedOnceAndInOrderWhileLeadersAndTheBrokerDie() throws Exception {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    ExecutorService threads = Executors.newFixedThreadPool(2);
    AtomicBoolean stop = new AtomicBoolean();
    try (KafkaBroker broker = KafkaBroker.start();
        LocalCluster cluster = startMirrored(ufs, broker);
        CurvineClient client = Clients.connect(cluster)) {
      client.namespace().mkdir(Refs.path("/made"), 0755, false);
      AtomicInteger acknowledged = new AtomicInteger();
      var load = CompletableFuture.runAsync(() -> changeUntil(stop, acknowledged, client), threads);
      Runnable changes =
          () -> {
            int before = acknowledged.get();
            Await.until(
                "changes before the next fault",
                PATIENCE,
                () -> acknowledged.get() >= before + CHANGES_BETWEEN_FAULTS || load.isDone());
          };

      changes.run();
      Processes.kill9(cluster.leaderPid());
      changes.run();
      broker.kill();
      changes.run(); // nobody waits for the broker
      broker.startAgain();
      changes.run();
      Processes.kill9(cluster.leaderPid());
      changes.run();
      stop.set(true);
      load.join();

      long end = client.changesFromNow(ChangeFilter.ALL).position();
      assertThat(end).isGreaterThan(5 * CHANGES_BETWEEN_FAULTS);
      String feeds = feeds(cluster);
      isTheSame(feeds, broker, "curvine.journal", "curvine.journal", end);
      isTheSame(feeds, broker, "curvine.changes", "fs.events", end);
      theLeaderShowsHowFarItIs(cluster, end);
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  private LocalCluster startMirrored(Path ufs, KafkaBroker broker) {
    return LocalCluster.start(
        temp.resolve("data"),
        "--ufs",
        ufs.toString(),
        "--workers",
        "1",
        "--set",
        "feed.mirror.bootstrap-servers=" + broker.address(),
        "--set",
        "feed.mirror.topics=curvine.journal,curvine.changes=fs.events");
  }

  private static void changeUntil(
      AtomicBoolean stop, AtomicInteger acknowledged, CurvineClient client) {
    try {
      for (int i = 0; !stop.get(); i++) {
        client.namespace().mkdir(Refs.path("/made/d" + i), 0755, false);
        acknowledged.incrementAndGet();
        if (i % 3 == 0) {
          client.namespace().rename(Refs.path("/made/d" + i), Refs.path("/made/e" + i), false);
          acknowledged.incrementAndGet();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String feeds(LocalCluster cluster) {
    return StreamSupport.stream(cluster.report().get("masters").spliterator(), false)
        .map(master -> master.get("feed").asText())
        .collect(Collectors.joining(","));
  }

  private static void isTheSame(
      String feeds, KafkaBroker broker, String topic, String copy, long end) {
    List<Seen> expected = feed(feeds, topic, end);
    assertThat(expected).hasSizeGreaterThan(5 * CHANGES_BETWEEN_FAULTS);
    List<Seen> copied = copy(broker, copy, expected.get(expected.size() - 1).offset());
    assertThat(copied).extracting(Seen::offset).isSorted().doesNotHaveDuplicates();
    assertThat(copied).isEqualTo(expected);
  }

  /** A topic of the masters up to an offset. */
  private static List<Seen> feed(String feeds, String topic, long end) {
    List<Seen> seen = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(feeds)) {
      consumer.assign(Set.of(partition));
      consumer.seek(partition, 0);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
          if (record.offset() < end) {
            seen.add(seen(record.offset(), record));
          }
        }
      }
    }
    return seen;
  }

  /** A topic of the broker up to the record of a journal's offset. */
  private static List<Seen> copy(KafkaBroker broker, String topic, long last) {
    List<Seen> seen = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(broker.address().toString())) {
      consumer.assign(Set.of(partition));
      consumer.seek(partition, 0);
      Await.until(
          "the copy of offset " + last,
          PATIENCE,
          () -> {
            consumer.poll(Duration.ofMillis(200)).forEach(record -> seen.add(copied(record)));
            return seen.stream().anyMatch(each -> each.offset() >= last);
          });
      // What came twice may lie behind it.
      long end = consumer.endOffsets(Set.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> seen.add(copied(record)));
      }
    }
    return seen.stream().filter(each -> each.offset() <= last).toList();
  }

  private static Seen copied(ConsumerRecord<byte[], byte[]> record) {
    return seen(ByteBuffer.wrap(record.headers().lastHeader(OFFSET).value()).getLong(), record);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String servers) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            servers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none");
    return new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private static Seen seen(long offset, ConsumerRecord<byte[], byte[]> record) {
    StringBuilder bytes = new StringBuilder();
    bytes.append(hex(record.key())).append(' ').append(hex(record.value()));
    for (Header header : record.headers()) {
      if (!header.key().equals(OFFSET) && !header.key().equals(CLUSTER)) {
        bytes.append(' ').append(header.key()).append('=').append(hex(header.value()));
      }
    }
    return new Seen(offset, record.timestamp(), bytes.toString());
  }

  private static String hex(byte[] bytes) {
    return bytes == null ? "none" : HexFormat.of().formatHex(bytes);
  }

  private static void theLeaderShowsHowFarItIs(LocalCluster cluster, long end) {
    Await.until(
        "gauges of a copy that is complete",
        PATIENCE,
        () -> {
          List<String> metrics = new ArrayList<>();
          for (int i = 0; i < 3; i++) {
            metrics.addAll(metrics(cluster.basePort() + 300 + i).lines().toList());
          }
          return metrics.contains(
                  "curvine_master_mirror_state{state=\"copying\",topic=\"curvine.changes\"} 1.0")
              && metrics.contains("curvine_master_mirror_lag_events{topic=\"curvine.journal\"} 0.0")
              && metrics.stream()
                  .filter(line -> line.startsWith("curvine_master_mirror_offset{"))
                  .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                  .anyMatch(offset -> Double.parseDouble(offset) >= end);
        });
  }

  private static String metrics(int port) throws IOException, InterruptedException {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
            HttpResponse.BodyHandlers.ofString(UTF_8))
        .body();
  }
}
