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
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.chaos.harness.TcpProxy;
import io.curvine.chaos.harness.WebhookSender;
import io.curvine.chaos.readers.S3Store;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.Mount;
import io.curvine.ufs.testing.S3Server;
import io.curvine.ufs.testing.SqsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;

/**
 * Objects change while nobody takes their notifications over HTTP, or while the queue that has them
 * is away. One mount has no scan, so that only its source can have told; the other has.
 */
class SourcesDownIT {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Duration SCAN = Duration.ofSeconds(1);
  private static final String TOLD = "/told";
  private static final String LOOKED_AT = "/looked-at";
  private static final String TOKEN = "a-token-of-1-test-of-sources";
  private static final String QUEUE = "events";
  private static final int KEYS = 4;
  private static final int TAKEN_BEFORE = 5;

  @TempDir Path temp;
  private S3Server s3;
  private S3AsyncClient bucket;
  private S3Store told;
  private S3Store lookedAt;
  private LocalCluster cluster;
  private CurvineClient client;

  @BeforeEach
  void start() throws IOException {
    s3 = S3Server.start();
    bucket = s3.client();
    told = new S3Store(bucket, "told");
    lookedAt = new S3Store(bucket, "looked-at");
    for (String each : List.of("told", "looked-at")) {
      var unused = s3.createBucket(each);
    }
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    cluster = LocalCluster.start(temp.resolve("data"), "--ufs", ufs.toString(), "--workers", "1");
    client = Clients.connect(cluster);
  }

  @AfterEach
  void stop() {
    client.close();
    cluster.close();
    bucket.close();
    s3.close();
  }

  @Test
  void whatNobodyTakesOverHttpIsSentAgain() throws Exception {
    for (int i = 0; i < KEYS; i++) {
      put(told, "" + i, "first");
    }
    put(lookedAt, "a", "first");
    mounted("webhook", Map.of("webhook.token", TOKEN));
    List<String> masters = WebhookSender.masters(cluster);
    WebhookSender sender = new WebhookSender(masters, TOLD, TOKEN);
    becomes(TOLD + "/0", "first");
    becomes(LOOKED_AT + "/a", "first");

    put(told, "0", "second");
    String hints = cluster.source(TOLD).get("hints").asText();
    for (String master : masters) {
      assertThat(sender.post(master, TOKEN.replace('1', '2'), created("0"))).isEqualTo(403);
    }
    assertThat(cluster.source(TOLD).get("hints").asText()).isEqualTo(hints);
    assertThat(read(TOLD + "/0")).as("nobody has told of it").isEqualTo("first");
    sender.send(created("0"), PATIENCE);
    assertThat(read(TOLD + "/0")).as("told, and so taken in").isEqualTo("second");

    theLeaderDies(sender);
    allDie(sender);
  }

  /** The sender goes on, and what it knows to be taken is seen, whoever leads. */
  private void theLeaderDies(WebhookSender sender) {
    int failed = sender.failed();
    AtomicBoolean stop = new AtomicBoolean();
    AtomicInteger taken = new AtomicInteger();
    CompletableFuture<Void> changes =
        CompletableFuture.runAsync(() -> changeUntil(stop, taken, sender));
    goesOn(changes, "changes", () -> taken.get() >= TAKEN_BEFORE);
    Processes.kill9(cluster.leaderPid());
    goesOn(changes, "a notification that is not taken", () -> sender.failed() > failed);
    int before = taken.get();
    goesOn(changes, "changes again", () -> taken.get() >= before + TAKEN_BEFORE);
    stop.set(true);
    changes.join();
    follows("webhook");
  }

  private void changeUntil(AtomicBoolean stop, AtomicInteger taken, WebhookSender sender) {
    for (int i = 0; !stop.get(); i++) {
      String key = "" + i % KEYS;
      put(told, key, "change " + i);
      sender.send(created(key), PATIENCE);
      assertThat(read(TOLD + "/" + key)).as("told, and so taken in").isEqualTo("change " + i);
      taken.incrementAndGet();
    }
  }

  private static void goesOn(
      CompletableFuture<Void> changes, String what, BooleanSupplier condition) {
    Await.until(what, PATIENCE, () -> condition.getAsBoolean() || changes.isDone());
    if (changes.isDone()) {
      changes.join();
      throw new AssertionError("the changes have ended");
    }
  }

  /** Two changes are not sent again: one is found by the scan, one when an operator asks. */
  private void allDie(WebhookSender sender) throws IOException {
    client.close();
    cluster.killEverything();
    put(told, "0", "while all are away");
    put(told, "1", "told to nobody");
    put(lookedAt, "a", "told to nobody");
    int before = sender.failed();
    CompletableFuture<Void> sent =
        CompletableFuture.runAsync(() -> sender.send(created("0"), PATIENCE));
    goesOn(sent, "a notification that is not taken", () -> sender.failed() > before);
    cluster.startAgain();
    client = Clients.connect(cluster);
    sent.join();
    assertThat(read(TOLD + "/0")).isEqualTo("while all are away");
    becomes(LOOKED_AT + "/a", "told to nobody");
    follows("webhook");
    assertThat(cluster.source(TOLD).get("gaps").asInt()).isZero();
    isAsItsUfs();
    assertThat(read(TOLD + "/1")).isEqualTo("told to nobody");
  }

  @Test
  void whatAQueueHasIsTakenWhenItCanBeReachedAgain() throws Exception {
    put(told, "a", "first");
    put(lookedAt, "a", "first");
    try (SqsServer server = SqsServer.start();
        SqsAsyncClient store = server.client();
        TcpProxy road = TcpProxy.start(server.endpoint())) {
      mounted("sqs", queue(server, road));
      becomes(TOLD + "/a", "first");
      becomes(LOOKED_AT + "/a", "first");
      put(told, "a", "second");
      send(store, server, "a");
      becomes(TOLD + "/a", "second");

      road.cut();
      fails("sqs queue " + server.endpoint(), " cannot be reached: ");
      put(told, "a", "third");
      send(store, server, "a");
      put(lookedAt, "a", "third");
      becomes(LOOKED_AT + "/a", "third");
      assertThat(read(TOLD + "/a")).as("the queue has it").isEqualTo("second");
      Processes.kill9(cluster.leaderPid());
      fails("sqs queue " + server.endpoint(), " cannot be reached: "); // as the next one says
      road.leadTo(server.endpoint());
      becomes(TOLD + "/a", "third");
      follows("sqs");

      theQueueIsLost(server, road);
    }
  }

  /** The server dies with its messages, and comes back without a queue at first. */
  private void theQueueIsLost(SqsServer server, TcpProxy road) throws IOException {
    String lost = "sqs queue " + server.endpoint();
    server.close();
    fails(lost, " cannot be reached: ");
    put(told, "a", "told to nobody");
    try (SqsServer other = SqsServer.start();
        SqsAsyncClient store = other.client()) {
      road.leadTo(other.endpoint());
      fails(lost, "does not exist");
      var unused = other.createQueue(QUEUE);
      follows("sqs");
      put(told, "b", "told to the other");
      send(store, other, "b");
      becomes(TOLD + "/b", "told to the other");
      assertThat(read(TOLD + "/a")).isEqualTo("third");
      isAsItsUfs(); // a queue does not tell what it has lost, so an operator has to
      assertThat(read(TOLD + "/a")).isEqualTo("told to nobody");
      follows("sqs");
    }
  }

  private static Map<String, String> queue(SqsServer server, TcpProxy road) {
    Map<String, String> options = new HashMap<>(server.options(server.createQueue(QUEUE)));
    options.put("sqs.endpoint", road.endpoint().toString());
    // What the server gave to a receive whose connection was cut comes again after this only.
    options.put("sqs.visibility-timeout", "10s");
    return options;
  }

  private static void send(SqsAsyncClient store, SqsServer server, String key) {
    String queue = server.endpoint() + "/000000000000/" + QUEUE;
    var unused = store.sendMessage(send -> send.queueUrl(queue).messageBody(created(key))).join();
  }

  private static String created(String key) {
    return BucketEvents.created("told", key);
  }

  private static void put(S3Store into, String key, String content) {
    into.put(key, content.getBytes(UTF_8));
  }

  /** Both mounts; returns when a new source's first look at everything is over. */
  private void mounted(String source, Map<String, String> options) throws IOException {
    Mount mount =
        Mount.newBuilder()
            .setPath(TOLD)
            .setUri(s3.uri("told"))
            .putAllOptions(s3.options())
            .putAllOptions(options)
            .addSources(source)
            .build();
    Mount scanned =
        Mount.newBuilder()
            .setPath(LOOKED_AT)
            .setUri(s3.uri("looked-at"))
            .putAllOptions(s3.options())
            .setScanIntervalMs(SCAN.toMillis())
            .build();
    for (Mount each : List.of(mount, scanned)) {
      var unused = client.namespace().mount(each);
    }
    Await.until(
        "the first look at everything",
        PATIENCE,
        () -> {
          JsonNode now = cluster.ufsSync(TOLD);
          return now.get("sources").get(0).get("behind").asInt() == 0
              && now.get("dirty").asInt() == 0;
        });
  }

  /** People see that the source fails, and why. */
  private void fails(String... why) {
    Await.until(
        "the source to fail with " + List.of(why),
        PATIENCE,
        () -> {
          String failing = cluster.curvineAdmin("ufs", "sources", TOLD).succeeded();
          return cluster.ufsStatus(TOLD).contains("sqs (failing)")
              && failing.contains("failing: ")
              && List.of(why).stream().allMatch(failing::contains);
        });
  }

  /** People see that the source is followed to its end, and has missed nothing. */
  private void follows(String kind) {
    Await.until(
        "the source to be followed",
        PATIENCE,
        () -> {
          JsonNode now = cluster.source(TOLD);
          return now.get("following").asBoolean()
              && now.get("behind").asInt() == 0
              && now.get("gaps").asInt() == 0
              && cluster.ufsStatus(TOLD).contains("  " + kind + "  ")
              && cluster.curvineAdmin("ufs", "sources", TOLD).succeeded().contains("  following\n");
        });
  }

  private void isAsItsUfs() {
    assertThat(cluster.curvineAdmin("ufs", "resync", "--wait", TOLD).succeeded())
        .isEqualTo(TOLD + " is as its UFS\n");
  }

  private void becomes(String path, String content) {
    Clients.becomes(path, content, client, PATIENCE);
  }

  private String read(String path) {
    try {
      return new String(Clients.read(path, client), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
