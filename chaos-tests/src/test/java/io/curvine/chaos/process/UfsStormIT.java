/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.BucketEvents;
import io.curvine.chaos.harness.EventTopic;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.S3FaultProxy;
import io.curvine.chaos.harness.S3FaultProxy.Treatment;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.journal.broker.KafkaBroker;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JobList;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import io.curvine.protocol.proto.TreeJobStatus;
import io.curvine.protocol.proto.WritePolicy;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/** A real S3 server that is asked too much, takes its key back, and comes back from both. */
class UfsStormIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int WORKERS = 2;
  private static final int READERS = 4;
  private static final int OBJECT_BYTES = 64 << 10;
  private static final int READ = 160;
  private static final int LOADED = 60;
  private static final int EXPORTED = 12;

  /** Reads that come to their end while the store refuses some requests, before it refuses all. */
  private static final int READ_IN_PART = 40;

  /** Of one request to the store, as the mounts are set up. */
  private static final int ATTEMPTS = 2;

  /** How often a client asks the workers for bytes that the UFS does not give. */
  private static final int ROUNDS = 2;

  private static final Duration SCAN = Duration.ofSeconds(1);

  @TempDir private static Path temp;
  private static S3Server s3;
  private static S3AsyncClient bucket;
  private static S3FaultProxy proxy;
  private static LocalCluster cluster;
  private static CurvineClient client;

  @BeforeAll
  static void start() throws IOException {
    s3 = S3Server.start();
    bucket = s3.client();
    proxy = S3FaultProxy.start(s3.endpoint());
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    cluster =
        LocalCluster.start(
            temp.resolve("data"),
            "--ufs",
            ufs.toString(),
            "--workers",
            Integer.toString(WORKERS),
            "--set",
            "master.job-retry-max=2s");
    client = Clients.connect(cluster);
  }

  @AfterAll
  static void stop() throws IOException {
    client.close();
    cluster.close();
    proxy.close();
    bucket.close();
    s3.close();
  }

  @AfterEach
  void calm() {
    proxy.treat(Treatment.PASS);
  }

  @Test
  void aStoreThatIsAskedTooMuchIsNotAskedMore() throws Exception {
    s3.createBucket("cold");
    fill("cold", "read/", READ);
    fill("cold", "load/", LOADED);
    mount("/cold", s3.uri("cold"), mount -> {});
    mount("/sent", s3.createBucket("sent"), UfsStormIT::writtenBack);
    assertThat(names("/cold/read")).isEqualTo(READ);
    assertThat(names("/cold/load")).isEqualTo(LOADED);

    proxy.treat(UfsStormIT::partly);
    long load =
        client
            .namespace()
            .startJob(TreeJobKind.LOAD, Refs.path("/cold/load"), 1, TierKind.TIER_UNSPECIFIED);
    export("early");
    try (Readers readers = new Readers()) {
      Await.until("reads", PATIENCE, () -> readers.good.get() >= READ_IN_PART || readers.failed());
      long requestsBefore = proxy.requests();
      int begunBefore = readers.begun.get();
      int refusedBefore = readers.refused.get();
      long began = System.nanoTime();
      proxy.treat(Treatment.SLOW_DOWN);
      export("late");
      long work = work();
      Await.until(
          "reads that are refused",
          PATIENCE,
          () -> readers.refused.get() >= refusedBefore + 2 * READERS || readers.failed());
      long requests = proxy.requests() - requestsBefore;
      int reads = readers.begun.get() - begunBefore + READERS;
      proxy.treat(Treatment.PASS);
      long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) + 1;
      // A job waits one second after its first failure and two after each that follows, and an
      // attempt at it ends with the first request that fails, or the first of each object.
      long ofReads = (long) reads * ROUNDS * WORKERS * ATTEMPTS;
      long ofJobs = work * ATTEMPTS * (2 + seconds / 2);
      assertThat(requests)
          .as("%d reads, %d objects of jobs, %d s", reads, work, seconds)
          .isBetween(1L, ofReads + ofJobs);
    }

    Await.until("the end of the load", PATIENCE, () -> tree(load).getEndedNanos() != 0);
    assertThat(tree(load).getStatus()).as("%s", tree(load)).isEqualTo(TreeJobStatus.SUCCEEDED);
    assertThat(tree(load).getFilesDone()).isEqualTo(LOADED);
    for (int i = 0; i < EXPORTED; i++) {
      arrives("sent", "early" + i);
      arrives("sent", "late" + i);
    }
    Await.until(
        "the end of all jobs",
        PATIENCE,
        () -> client.namespace().listJobs(JobList.PENDING_JOBS, 0, 1).isEmpty());
    assertThat(client.namespace().listJobs(JobList.FAILED_JOBS, 0, 1)).isEmpty();
    for (int i = 0; i < READ; i++) {
      assertThat(read("/cold/read/" + i)).isEqualTo(content("read/" + i));
    }
  }

  private static void export(String prefix) throws IOException {
    for (int i = 0; i < EXPORTED; i++) {
      write("/sent/" + prefix + i, content(prefix + i));
    }
  }

  /** Objects that are yet to be loaded or exported. */
  private static long work() throws IOException {
    return client.namespace().listJobs(JobList.PENDING_JOBS, 0, 1_000).stream()
        .mapToLong(job -> Math.max(1, job.getJob().getPartsCount()))
        .sum();
  }

  /** Every second request is refused, and of the others some are broken off or not heard of. */
  private static Treatment partly(long number) {
    if (number % 2 == 0) {
      return Treatment.SLOW_DOWN;
    }
    return switch ((int) (number % 21)) {
      case 3 -> Treatment.CUT;
      case 7 -> Treatment.SWALLOW_ANSWER;
      case 11 -> Treatment.HANG_UP;
      default -> Treatment.PASS;
    };
  }

  @Test
  void aKeyThatIsTakenBackAndGivenAgainLosesNothing() throws Exception {
    s3.createBucket("denied");
    fill("denied", "kept/", 2);
    fill("denied", "kept/unseen/", 1);
    fill("denied", "checked/", 1);
    mount("/kept", s3.uri("denied") + "/kept", mount -> mount.setScanIntervalMs(SCAN.toMillis()));
    mount("/checked", s3.uri("denied") + "/checked", mount -> mount.setVerifyMs(-1));
    mount("/later", s3.createBucket("later"), UfsStormIT::writtenBack);
    assertThat(read("/kept/0")).isEqualTo(content("kept/0"));
    assertThat(read("/checked/0")).isEqualTo(content("checked/0"));
    assertThat(names("/kept")).as("what is listed is scanned").isEqualTo(3);

    proxy.treat(Treatment.DENY);
    assertThat(read("/kept/0")).as("known and cached").isEqualTo(content("kept/0"));
    isDenied(() -> read("/kept/1"), "s3://denied/kept/1");
    isDenied(() -> names("/kept/unseen"), "s3://denied/kept/unseen");
    isDenied(() -> read("/checked/0"), "s3://denied/checked/0");
    Outcome cat = cluster.curvine("fs", "cat", "/kept/1");
    assertThat(cat.exitCode()).isNotZero();
    assertThat(cat.err()).contains("s3://denied/kept/1", "InvalidAccessKeyId");

    write("/later/x", content("x"));
    Await.until("attempts", PATIENCE, () -> pendingAt("x").getJob().getAttempts() >= 2);
    assertThat(pendingAt("x").getError()).contains("UFS_DENIED", "s3://later/x");
    assertThat(cluster.curvine("jobs", "list", "--pending").succeeded()).contains("UFS_DENIED");
    assertThat(cluster.curvine("jobs", "list", "--failed").succeeded()).isEqualTo("no jobs\n");
    assertThat(read("/later/x")).isEqualTo(content("x"));
    Await.until(
        "the scan to be told as failing",
        PATIENCE,
        () -> cluster.ufsStatus("/kept").contains(", 1 failed"));

    proxy.treat(Treatment.PASS);
    arrives("later", "x");
    assertThat(read("/kept/1")).isEqualTo(content("kept/1"));
    assertThat(read("/checked/0")).isEqualTo(content("checked/0"));
    assertThat(names("/kept/unseen")).isEqualTo(1);
    Await.until(
        "the end of all jobs",
        PATIENCE,
        () -> client.namespace().listJobs(JobList.PENDING_JOBS, 0, 1).isEmpty());
    Await.until("the scan to succeed", PATIENCE, () -> scanSucceeded("/kept"));
  }

  private static boolean scanSucceeded(String mount) {
    String status = cluster.ufsStatus(mount);
    return status.contains(", ended ") && !status.contains("failed");
  }

  @Test
  void changesAreSeenWhileTheirSourceIsAwayAndAfter() throws Exception {
    s3.createBucket("told");
    s3.createBucket("looked-at");
    put("told", "a", "first");
    put("looked-at", "a", "first");
    try (KafkaBroker broker = KafkaBroker.start();
        EventTopic events = EventTopic.make(broker, "events-of-buckets", 1)) {
      mount("/told", s3.uri("told"), mount -> toldBy(mount, events));
      mount(
          "/looked-at",
          s3.uri("looked-at"),
          mount -> toldBy(mount, events).setScanIntervalMs(SCAN.toMillis()));
      becomes("/told/a", "first");
      becomes("/looked-at/a", "first");
      put("told", "a", "second");
      events.send(BucketEvents.created("told", "a"));
      becomes("/told/a", "second");

      broker.kill();
      Await.until(
          "the source to fail",
          PATIENCE,
          () -> cluster.ufsStatus("/told").contains("kafka (failing)"));
      put("told", "a", "third");
      put("looked-at", "a", "third");
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(() -> events.send(BucketEvents.created("told", "a")));
      becomes("/looked-at/a", "third"); // nobody told of it
      assertThat(sent).isNotDone();
      broker.startAgain();
      sent.join();
      becomes("/told/a", "third");
      Await.until(
          "the end of the events, without a gap",
          PATIENCE,
          () -> {
            var now = cluster.source("/told");
            return now.get("behind").asInt() == 0 && now.get("gaps").asInt() == 0;
          });

      proxy.treat(Treatment.SLOW_DOWN);
      put("told", "a", "fourth");
      events.send(BucketEvents.created("told", "a"));
      Await.until(
          "the event to be told as waiting",
          PATIENCE,
          () -> cluster.source("/told").get("behind").asInt() > 0);
      events.deleteAll(); // nobody will read it any more
      Await.until(
          "the gap to be told", PATIENCE, () -> cluster.source("/told").get("gaps").asInt() > 0);
      proxy.treat(Treatment.PASS);
      becomes("/told/a", "fourth");
      Await.until(
          "the source to be followed",
          PATIENCE,
          () -> cluster.source("/told").get("failure").asText().isEmpty());
    }
  }

  private static Mount.Builder toldBy(Mount.Builder mount, EventTopic events) {
    return mount.putAllOptions(events.options()).addSources("kafka");
  }

  private static void put(String into, String key, String content) {
    var unused =
        bucket
            .putObject(
                put -> put.bucket(into).key(key), AsyncRequestBody.fromString(content, UTF_8))
            .join();
  }

  private static void becomes(String path, String content) {
    Clients.becomes(path, content, client, PATIENCE);
  }

  /** Reads objects of /cold/read over and over, each thread one at a time. */
  private static final class Readers implements AutoCloseable {
    final AtomicInteger begun = new AtomicInteger();
    final AtomicInteger good = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    private final ExecutorService threads = Executors.newFixedThreadPool(READERS);
    private final AtomicBoolean stop = new AtomicBoolean();
    private final List<CompletableFuture<Void>> ends;

    Readers() {
      ends =
          IntStream.range(0, READERS)
              .mapToObj(i -> CompletableFuture.runAsync(this::readOn, threads))
              .toList();
    }

    private void readOn() {
      while (!stop.get()) {
        String name = "read/" + begun.getAndIncrement() % READ;
        try {
          assertThat(read("/cold/" + name)).isEqualTo(content(name));
          good.incrementAndGet();
        } catch (CurvineException e) {
          assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.UFS_UNREACHABLE);
          assertThat(e).hasMessageContaining("s3://cold/" + name);
          refused.incrementAndGet();
        } catch (IOException e) {
          throw new AssertionError(name, e);
        }
      }
    }

    boolean failed() {
      return ends.stream().anyMatch(CompletableFuture::isCompletedExceptionally);
    }

    @Override
    public void close() {
      stop.set(true);
      try {
        ends.forEach(CompletableFuture::join);
      } finally {
        threads.shutdownNow();
      }
    }
  }

  private interface Asking {
    Object ask() throws IOException;
  }

  private static void isDenied(Asking asking, String where) {
    assertThatThrownBy(asking::ask)
        .isInstanceOfSatisfying(
            CurvineException.class,
            e -> assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.UFS_DENIED))
        .hasMessageContaining(where)
        .hasMessageContaining("key is not known"); // the proxy's words, and ours where it has none
  }

  private static void fill(String into, String prefix, int count) {
    List<CompletableFuture<?>> puts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String key = prefix + i;
      puts.add(
          bucket.putObject(
              put -> put.bucket(into).key(key), AsyncRequestBody.fromBytes(content(key))));
    }
    puts.forEach(CompletableFuture::join);
  }

  private interface Settings {
    void apply(Mount.Builder mount);
  }

  private static void mount(String path, String uri, Settings settings) throws IOException {
    Map<String, String> options = new HashMap<>(s3.options());
    options.put("s3.endpoint", proxy.endpoint().toString());
    options.put("s3.max-attempts", Integer.toString(ATTEMPTS));
    Mount.Builder mount = Mount.newBuilder().setPath(path).setUri(uri).putAllOptions(options);
    settings.apply(mount);
    var unused = client.namespace().mount(mount.build());
  }

  private static void writtenBack(Mount.Builder mount) {
    mount.setMode(MountMode.FS).setWritePolicy(WritePolicy.BACK);
  }

  private static int names(String directory) throws IOException {
    int count = 0;
    for (Entry entry : client.namespace().entries(Refs.path(directory))) {
      assertThat(entry.getName().isEmpty()).isFalse();
      count++;
    }
    return count;
  }

  private static byte[] content(String key) {
    byte[] content = new byte[OBJECT_BYTES];
    new Random(key.hashCode()).nextBytes(content);
    return content;
  }

  private static void write(String path, byte[] content) throws IOException {
    client.write(Refs.path(path), CreateOptions.defaults(), ByteBuffer.wrap(content));
  }

  private static byte[] read(String path) throws IOException {
    return Clients.read(path, client);
  }

  private static TreeJob tree(long id) throws IOException {
    return client.namespace().jobs(List.of(id), Duration.ZERO).get(0).getTree();
  }

  private static JobState pendingAt(String path) throws IOException {
    return client.namespace().listJobs(JobList.PENDING_JOBS, 0, 1_000).stream()
        .filter(job -> job.getJob().getUfsPath().toStringUtf8().equals(path))
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is to be done at " + path));
  }

  /** As it was written, past Curvine. */
  private static void arrives(String in, String key) {
    Await.until(
        key + " to be in the bucket",
        PATIENCE,
        () -> {
          byte[] there =
              bucket
                  .getObject(get -> get.bucket(in).key(key), AsyncResponseTransformer.toBytes())
                  .join() // fails, and does so again, until the object is there
                  .asByteArray();
          return Arrays.equals(there, content(key));
        });
  }
}
