/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.BucketEvents;
import io.curvine.chaos.harness.EventTopic;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.chaos.harness.WebhookSender;
import io.curvine.client.CurvineClient;
import io.curvine.journal.broker.KafkaBroker;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** Objects of a bucket change, a broker carries the notifications, leaders and the broker die. */
class BucketChangesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String BUCKET = "changing";
  private static final String TOKEN = "a-token-of-1-test-of-buckets";
  private static final int OBJECTS = 12;
  private static final int CHANGES = 60;

  @TempDir Path temp;

  /** What the bucket holds: key to content. */
  private final Map<String, String> expected = new TreeMap<>();

  private final Random random = new Random(seed());

  private static long seed() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    return seed;
  }

  @Test
  void readersSeeWhatTheBucketHolds() throws Exception {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    try (S3Server s3 = S3Server.start();
        S3AsyncClient bucket = s3.client();
        KafkaBroker broker = KafkaBroker.start();
        EventTopic events = EventTopic.make(broker, "bucket-events", 2);
        LocalCluster cluster =
            LocalCluster.start(temp.resolve("data"), "--ufs", ufs.toString(), "--workers", "1");
        CurvineClient client = Clients.connect(cluster)) {
      mount(s3, events, client);
      for (int i = 0; i < OBJECTS; i++) {
        change(bucket, events);
      }
      readersAgree(client);
      for (int i = 0; i < CHANGES; i++) {
        change(bucket, events);
      }
      readersAgree(client);

      Processes.kill9(cluster.leaderPid());
      for (int i = 0; i < CHANGES; i++) {
        change(bucket, events);
      }
      readersAgree(client);

      broker.kill();
      Await.until(
          "the failure to be told",
          PATIENCE,
          () -> !source(cluster).get("failure").asText().isEmpty());
      broker.startAgain();
      for (int i = 0; i < CHANGES; i++) {
        change(bucket, events);
      }
      readersAgree(client);
      Await.until(
          "the source to have come to its end",
          PATIENCE,
          () ->
              source(cluster).get("following").asBoolean()
                  && source(cluster).get("behind").asLong() == 0);
      assertThat(cluster.curvineAdmin("ufs", "status").succeeded()).contains("/bucket", "kafka");

      // A webhook may call any master.
      List<String> masters = WebhookSender.masters(cluster);
      WebhookSender sender = new WebhookSender(masters, "/bucket", TOKEN);
      for (String master : masters) {
        put(bucket, "d1/o 1", "told to " + master);
        String event = BucketEvents.created(BUCKET, "d1/o 1");
        assertThat(sender.post(master, TOKEN.replace('1', '2'), event)).isEqualTo(403);
        assertThat(sender.post(master, "no notification")).isEqualTo(400);
        assertThat(sender.post(master, event)).isEqualTo(200);
        // The answer came after the effect.
        assertThat(read("d1/o 1", client)).isEqualTo(expected.get("d1/o 1"));
      }

      // A change that nobody tells of is found when an operator asks.
      put(bucket, "told/by-nobody", "silent");
      assertThat(cluster.curvineAdmin("ufs", "resync", "/bucket", "--wait").succeeded())
          .isEqualTo("/bucket is as its UFS\n");
      readersAgree(client);
      assertThat(cluster.curvineAdmin("ufs", "dirty").succeeded()).isEqualTo("nothing is dirty\n");
    }
  }

  private static void mount(S3Server s3, EventTopic events, CurvineClient client)
      throws IOException {
    Mount mount =
        Mount.newBuilder()
            .setPath("/bucket")
            .setUri(s3.createBucket(BUCKET))
            .putAllOptions(s3.options())
            .putAllOptions(events.options())
            .addSources("kafka")
            .putOptions("webhook.token", TOKEN)
            .addSources("webhook")
            .build();
    var unused = client.namespace().mount(mount);
  }

  private static JsonNode source(LocalCluster cluster) {
    JsonNode kafka = cluster.curvineAdmin("--json", "ufs", "sources").json().get(0);
    assertThat(kafka.get("kind").asText()).isEqualTo("kafka");
    return kafka;
  }

  /** One object more, less, or with another content; its notification comes once or twice. */
  private void change(S3AsyncClient bucket, EventTopic events) {
    String key = "d" + random.nextInt(3) + "/o " + random.nextInt(OBJECTS);
    boolean deletes = random.nextInt(4) == 0 && expected.containsKey(key);
    if (deletes) {
      var unused = bucket.deleteObject(delete -> delete.bucket(BUCKET).key(key)).join();
      expected.remove(key);
    } else {
      put(bucket, key, "content " + random.nextLong());
    }
    String event = deletes ? BucketEvents.removed(BUCKET, key) : BucketEvents.created(BUCKET, key);
    for (int i = 0; i < 1 + random.nextInt(2); i++) {
      events.send(event);
    }
  }

  private void put(S3AsyncClient bucket, String key, String content) {
    var unused =
        bucket
            .putObject(
                put -> put.bucket(BUCKET).key(key), AsyncRequestBody.fromString(content, UTF_8))
            .join();
    expected.put(key, content);
  }

  /** In the end. */
  private void readersAgree(CurvineClient client) {
    for (int directory = 0; directory < 3; directory++) {
      for (int object = 0; object < OBJECTS; object++) {
        agrees("d" + directory + "/o " + object, client);
      }
    }
    for (String key : expected.keySet()) {
      agrees(key, client);
    }
  }

  private void agrees(String key, CurvineClient client) {
    String[] last = {null};
    try {
      Await.until(
          key + " to be as in the bucket",
          PATIENCE,
          () -> {
            last[0] = read(key, client);
            return Objects.equals(last[0], expected.get(key));
          });
    } catch (AssertionError e) {
      throw new AssertionError(key + " is " + last[0] + ", the bucket has " + expected.get(key), e);
    }
  }

  /** Null where it is not there. */
  private static String read(String key, CurvineClient client) throws IOException {
    try {
      return new String(Clients.read("/bucket/" + key, client), UTF_8);
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.NOT_FOUND) {
        return null;
      }
      if (e.code() == ErrorCode.UFS_CHANGED) {
        return "changing";
      }
      throw e;
    }
  }
}
