/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.client.ChangeFeed;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.change.ChangeFilter;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed of real masters, read by Kafka's own consumer and by the Java API. */
class FeedIT {
  private static final int LEADERS_KILLED = 5;
  private static final int CHANGES_BETWEEN_KILLS = 300;
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path temp;

  /** One thing that was read. */
  private record Seen(long offset, String type, String path) {}

  @Test
  void eachAcknowledgedChangeIsReadOnceAndInOrderWhileLeadersDie() throws Exception {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicLong end = new AtomicLong(Long.MAX_VALUE);
    Path data = temp.resolve("data");
    try (LocalCluster cluster = LocalCluster.start(data, "--ufs", ufs.toString());
        CurvineClient client = Clients.connect(cluster)) {
      client.namespace().mkdir(Refs.path("/made"), 0755, false);
      AtomicInteger acknowledged = new AtomicInteger();
      var made =
          CompletableFuture.supplyAsync(() -> makeUntil(stop, acknowledged, client), threads);
      String feeds = feeds(cluster);
      var changes =
          CompletableFuture.supplyAsync(() -> consume(feeds, "curvine.changes", end), threads);
      var journal =
          CompletableFuture.supplyAsync(() -> consume(feeds, "curvine.journal", end), threads);
      var followed = CompletableFuture.supplyAsync(() -> follow(client, end), threads);

      for (int i = 0; i < LEADERS_KILLED; i++) {
        int before = acknowledged.get();
        Await.until(
            "changes before a kill",
            PATIENCE,
            () -> acknowledged.get() >= before + CHANGES_BETWEEN_KILLS || made.isDone());
        Processes.kill9(cluster.leaderPid());
      }
      stop.set(true);
      List<String> expected = made.join();
      end.set(client.changesFromNow(ChangeFilter.ALL).position());

      assertThat(paths(changes.join())).containsExactlyElementsOf(expected);
      assertThat(paths(followed.join())).containsExactlyElementsOf(expected);
      List<Seen> events = journal.join();
      for (int i = 0; i < events.size(); i++) {
        assertThat(events.get(i).offset()).isEqualTo(i);
      }
      assertThat(events).hasSizeGreaterThanOrEqualTo(Math.toIntExact(end.get()));
      theJournalsAreTheSame(cluster, data, end.get());
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
  }

  private static List<String> makeUntil(
      AtomicBoolean stop, AtomicInteger acknowledged, CurvineClient client) {
    List<String> made = new ArrayList<>();
    try {
      while (!stop.get()) {
        String path = "/made/d" + made.size();
        client.namespace().mkdir(Refs.path(path), 0755, false);
        made.add(path);
        acknowledged.incrementAndGet();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return made;
  }

  private static String feeds(LocalCluster cluster) {
    return StreamSupport.stream(cluster.report().get("masters").spliterator(), false)
        .map(master -> master.get("feed").asText())
        .collect(Collectors.joining(","));
  }

  private static List<Seen> consume(String feeds, String topic, AtomicLong end) {
    Map<String, Object> config =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            feeds,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none");
    List<Seen> seen = new ArrayList<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(Set.of(partition));
      consumer.seek(partition, 0);
      while (consumer.position(partition) < end.get()) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          seen.add(
              topic.equals("curvine.changes")
                  ? seen(JSON.readTree(record.value()), record.offset())
                  : new Seen(record.offset(), "", ""));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seen;
  }

  private static Seen seen(JsonNode change, long offset) {
    assertThat(change.get("offset").asLong()).isEqualTo(offset);
    return new Seen(offset, change.get("type").asText(), change.get("path").asText());
  }

  private static List<Seen> follow(CurvineClient client, AtomicLong end) {
    List<Seen> seen = new ArrayList<>();
    ChangeFilter filter =
        new ChangeFilter(Refs.path("/made").getPath(), Set.of(ChangeType.CREATED));
    ChangeFeed feed = client.changes(0, filter);
    try {
      while (feed.position() < end.get()) {
        for (Change change : feed.poll(Duration.ofMillis(200))) {
          seen.add(
              new Seen(
                  change.getOffset(), change.getType().name(), change.getPath().toStringUtf8()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seen;
  }

  /** Of what was made, in the order in which it was read. */
  private static List<String> paths(List<Seen> seen) {
    long last = -1;
    List<String> paths = new ArrayList<>();
    for (Seen each : seen) {
      assertThat(each.offset()).isGreaterThan(last);
      last = each.offset();
      if (each.type().equals("CREATED") && each.path().startsWith("/made/")) {
        paths.add(each.path());
      }
    }
    return paths;
  }

  /** Byte for byte, as far as all of them are. */
  private static void theJournalsAreTheSame(LocalCluster cluster, Path data, long end)
      throws IOException {
    Await.until(
        "all masters",
        PATIENCE,
        () ->
            StreamSupport.stream(cluster.report().get("masters").spliterator(), false)
                .allMatch(master -> master.get("appliedOffset").asLong() >= end));
    byte[] first = journal(data.resolve("masters/m1"));
    for (String other : List.of("m2", "m3")) {
      byte[] journal = journal(data.resolve("masters").resolve(other));
      int common = Math.min(first.length, journal.length);
      assertThat(common).isGreaterThan(Math.toIntExact(end));
      assertThat(java.util.Arrays.mismatch(first, 0, common, journal, 0, common)).isEqualTo(-1);
    }
  }

  private static byte[] journal(Path master) throws IOException {
    String generation = Files.readString(master.resolve("state/CURRENT"), UTF_8).trim();
    Path journal = master.resolve("state").resolve(generation).resolve("journal");
    var bytes = new java.io.ByteArrayOutputStream();
    try (Stream<Path> files = Files.list(journal)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
        bytes.write(Files.readAllBytes(log));
      }
    }
    return bytes.toByteArray();
  }
}
