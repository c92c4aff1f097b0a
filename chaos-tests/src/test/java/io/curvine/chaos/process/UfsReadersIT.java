/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.chaos.readers.Bounds;
import io.curvine.chaos.readers.Bounds.Fault;
import io.curvine.chaos.readers.ClientReader;
import io.curvine.chaos.readers.Content;
import io.curvine.chaos.readers.Content.Stamp;
import io.curvine.chaos.readers.CurvineMutator;
import io.curvine.chaos.readers.DirectoryStore;
import io.curvine.chaos.readers.History;
import io.curvine.chaos.readers.KernelReader;
import io.curvine.chaos.readers.Keys;
import io.curvine.chaos.readers.Load;
import io.curvine.chaos.readers.Mounted;
import io.curvine.chaos.readers.Notifier;
import io.curvine.chaos.readers.S3Store;
import io.curvine.chaos.readers.SharedWrites;
import io.curvine.chaos.readers.StalenessChecker;
import io.curvine.chaos.readers.UfsMutator;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.client.CurvineInputStream;
import io.curvine.client.ReadFrom;
import io.curvine.client.Refs;
import io.curvine.journal.broker.KafkaBroker;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.WorkerStatus;
import io.curvine.protocol.proto.WritePolicy;
import io.curvine.ufs.testing.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3AsyncClient;

/**
 * Objects of a bucket and files of a directory change behind Curvine's back and through it, at
 * random, while others read them by the Java API and through a mount; notifications come twice,
 * late, out of order or never, a worker and the leader die. What every reader saw is then held
 * against the changes: nothing torn, nothing older than the bounds of the mounts, nothing that
 * comes back.
 *
 * <p>The seed is printed; {@code -Dcurvine.seed=N} makes the same changes, faults and choices of
 * readers again, as far as threads and processes come in the same order.
 *
 * <p>It wants the machine to itself, as its bounds are seconds: {@code bin/test -pl chaos-tests -am
 * -Dit.test=UfsReadersIT -Dcurvine.ufs-readers=true}.
 */
@EnabledIfSystemProperty(named = "curvine.ufs-readers", matches = "true")
class UfsReadersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String BUCKET = "read";
  private static final String TOPIC = "read-events";
  private static final String PROBE = "d0/probe";

  // What the mounts' options say, and as much again as a loaded machine may take.
  private static final Duration SCAN_INTERVAL = Duration.ofSeconds(4);
  private static final Duration EVENT_BOUND = Duration.ofSeconds(4);
  private static final Duration SCAN_BOUND = SCAN_INTERVAL.plusSeconds(6);
  private static final Duration KERNEL_BOUND = Duration.ofSeconds(3);

  private static final int HISTORIES_MAX = 3;
  private static final int BLOCK_SIZE_BYTES = 1 << 20;
  private static final Duration WRITER_PAUSE = Duration.ofMillis(80);
  private static final Duration READER_PAUSE = Duration.ofMillis(10);
  private static final Duration PHASE = Duration.ofSeconds(4);

  /** What a run that tests anything has some of. */
  private static final List<String> HAPPENS =
      List.of(
          "UFS: put",
          "UFS: replaced alike",
          "UFS: deleted",
          "UFS: renamed",
          "UFS: put where both write",
          "Curvine: put",
          "Curvine: deleted",
          "Curvine: renamed",
          "Curvine: put where both write",
          "client: read whole",
          "client: read in part",
          "client: listed",
          "mount: read");

  @TempDir Path temp;

  private final long seed = Long.getLong("curvine.seed", System.nanoTime());
  private final Random seeds = new Random(seed);
  private final History history = new History();
  private final SharedWrites shared = new SharedWrites();
  private final List<Fault> faults = new ArrayList<>();

  @Test
  void readersSeeNothingTornAndNothingOlderThanTheBounds() throws Exception {
    System.out.println("curvine.seed=" + seed);
    Path root = Files.createDirectory(temp.resolve("root"));
    Path directory = Files.createDirectory(temp.resolve("directory"));
    Path outside = Files.createDirectory(temp.resolve("outside"));
    Path point = Files.createDirectory(temp.resolve("point"));
    try (S3Server s3 = S3Server.start();
        S3AsyncClient bucket = s3.client();
        KafkaBroker broker = KafkaBroker.start();
        KafkaProducer<String, String> events = producer(broker);
        LocalCluster cluster =
            LocalCluster.start(
                temp.resolve("data"), "--ufs", root.toString(), "--mount", point.toString());
        CurvineClient writer = Clients.connect(cluster);
        CurvineClient reader = Clients.connect(cluster);
        CurvineClient anyReader = CurvineClient.connect(readsFromAny(cluster))) {
      Notifier notifier =
          new Notifier(BUCKET, event -> send(new ProducerRecord<>(TOPIC, event), events), next());
      List<Mounted> mounts =
          List.of(
              new Mounted("/bucket", new S3Store(bucket, BUCKET), Optional.of(notifier)),
              new Mounted("/directory", new DirectoryStore(directory, outside), Optional.empty()));
      makeTopic(broker);
      var unused = s3.createBucket(BUCKET);
      for (Mounted mounted : mounts) {
        prepare(mounted);
      }
      List<Mount.Builder> made =
          List.of(
              bucketMount(s3, broker),
              mount("/directory", directory.toUri().toString()).addSources("inotify"));
      for (Mount.Builder mount : made) {
        var known = writer.namespace().mount(mount.build());
        System.out.println("mounted " + known.getUri());
      }
      try (Load load = new Load()) {
        for (Mounted mounted : mounts) {
          UfsMutator atUfs = new UfsMutator(history, mounted, shared, next());
          load.start(atUfs::step, WRITER_PAUSE, next());
          CurvineMutator through = new CurvineMutator(history, mounted, shared, writer, next());
          load.start(through::step, WRITER_PAUSE, next());
        }
        for (CurvineClient client : List.of(reader, reader, anyReader)) {
          ClientReader reads = new ClientReader(history, mounts, client, next());
          load.start(reads::step, READER_PAUSE, next());
        }
        KernelReader reads = new KernelReader(history, mounts, point, next());
        load.start(reads::step, READER_PAUSE, next());
        KernelReader keepsOpen = new KernelReader(history, mounts, point, next());
        load.start(keepsOpen::stepOfOneFile, READER_PAUSE, next());
        disturb(mounts, notifier, writer, load);
        load.stop();
      }
      notifier.flush();
      for (Mounted mounted : mounts) {
        isAsItsUfs(mounted, reader, point);
      }
      wasRight(mounts, cluster);
      isSound(cluster);
    }
  }

  private long next() {
    return seeds.nextLong();
  }

  private static ClientConfig readsFromAny(LocalCluster cluster) {
    return ClientConfig.defaults()
        .withMasters(HostPort.parseList(cluster.masters()))
        .withReadFrom(ReadFrom.ANY, Duration.ofSeconds(1));
  }

  private static void makeTopic(KafkaBroker broker) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address().toString()))) {
      var unused = admin.createTopics(List.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
    }
  }

  private static KafkaProducer<String, String> producer(KafkaBroker broker) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", broker.address().toString());
    return new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
  }

  private static void send(
      ProducerRecord<String, String> event, KafkaProducer<String, String> events) {
    try {
      var unused = events.send(event).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while an event was sent", e);
    } catch (ExecutionException e) {
      throw new CompletionException(e.getCause());
    }
  }

  private static Mount.Builder mount(String path, String uri) {
    return Mount.newBuilder()
        .setPath(path)
        .setUri(uri)
        .setMode(MountMode.CACHE)
        .setWritePolicy(WritePolicy.THROUGH)
        .setScanIntervalMs(SCAN_INTERVAL.toMillis())
        .setBlockSizeBytes(BLOCK_SIZE_BYTES);
  }

  private static Mount.Builder bucketMount(S3Server s3, KafkaBroker broker) {
    return mount("/bucket", s3.uri(BUCKET))
        .putAllOptions(s3.options())
        .putOptions("kafka.bootstrap", broker.address().toString())
        .putOptions("kafka.topic", TOPIC)
        .addSources("kafka");
  }

  /** Every directory is there and stays there. */
  private void prepare(Mounted mounted) throws IOException {
    for (String directory : Keys.DIRECTORIES) {
      mounted.store().put(directory + "/stays", new byte[] {1});
    }
    Keys.owned().forEach(key -> history.know(mounted.at(key)));
  }

  private void disturb(List<Mounted> mounts, Notifier notifier, CurvineClient client, Load load)
      throws InterruptedException, IOException {
    load.goOn(PHASE);
    notifier.lose(true);
    load.goOn(PHASE);
    notifier.lose(false);
    List<WorkerStatus> workers = client.namespace().status().getWorkersList();
    Processes.kill9(workers.get(seeds.nextInt(workers.size())).getPid());
    load.goOn(PHASE);
    long leader =
        client.namespace().status().getMastersList().stream()
            .filter(master -> master.getRole().equals("leader"))
            .findFirst()
            .orElseThrow()
            .getPid();
    long begun = System.nanoTime();
    Processes.kill9(leader);
    for (Mounted mounted : mounts) {
      areFollowedAgain(mounted, notifier, client);
    }
    faults.add(new Fault(begun, System.nanoTime()));
    load.goOn(PHASE);
    load.goOn(PHASE);
    Await.until(
        "some of each change and of each read",
        PATIENCE,
        () -> history.counts().keySet().containsAll(HAPPENS));
  }

  /** Nobody promises how soon a new leader hears of the UFS; from then on the bounds hold again. */
  private void areFollowedAgain(Mounted mounted, Notifier notifier, CurvineClient client)
      throws IOException {
    byte[] content = Content.of(Stamp.of(PROBE, history.nextNumber(), Content.LENGTH_MIN_BYTES));
    mounted.store().put(PROBE, content);
    if (mounted.notifier().isPresent()) {
      notifier.created(PROBE, Optional.empty());
      notifier.flush();
    }
    Await.until(
        "changes to be seen again in " + mounted.path(),
        PATIENCE,
        () -> Arrays.equals(read(mounted.at(PROBE), client), content));
  }

  private static byte[] read(String path, CurvineClient client) throws IOException {
    try (CurvineInputStream in = client.openStream(Refs.path(path))) {
      return in.readAllBytes();
    }
  }

  // --- afterwards ---

  private void isAsItsUfs(Mounted mounted, CurvineClient client, Path point) {
    List<String> differences = new ArrayList<>();
    try {
      Await.until(
          mounted.path() + " to be as its UFS",
          PATIENCE,
          () -> {
            differences.clear();
            differences.addAll(differences(mounted, client, point));
            return differences.isEmpty();
          });
    } catch (AssertionError e) {
      throw new AssertionError(mounted.path() + ": " + differences, e);
    }
  }

  private static List<String> differences(Mounted mounted, CurvineClient client, Path point)
      throws IOException {
    Map<String, byte[]> expected = mounted.store().all();
    Map<String, byte[]> found = new TreeMap<>();
    for (String directory : Keys.DIRECTORIES) {
      for (Entry entry : client.namespace().entries(Refs.path(mounted.at(directory)))) {
        String key = directory + "/" + entry.getName().toStringUtf8();
        found.put(key, read(mounted.at(key), client));
      }
    }
    List<String> differences = new ArrayList<>(differences("client", expected, found));
    Map<String, byte[]> mountHas = new TreeMap<>();
    for (String key : found.keySet()) {
      Path file = point.resolve(mounted.at(key).substring(1));
      mountHas.put(key, Files.readAllBytes(file));
    }
    differences.addAll(differences("mount", expected, mountHas));
    return differences;
  }

  private static List<String> differences(
      String who, Map<String, byte[]> expected, Map<String, byte[]> found) {
    List<String> differences = new ArrayList<>();
    Set<String> keys = new TreeSet<>(expected.keySet());
    keys.addAll(found.keySet());
    for (String key : keys) {
      if (!Arrays.equals(expected.get(key), found.get(key))) {
        differences.add(
            who
                + ": "
                + key
                + " has "
                + described(found.get(key))
                + ", in the UFS "
                + described(expected.get(key)));
      }
    }
    return differences;
  }

  private static String described(byte[] content) {
    if (content == null) {
      return "nothing";
    }
    try {
      return content.length < Content.LENGTH_MIN_BYTES
          ? content.length + " bytes"
          : Content.stamp(content, 0).toString();
    } catch (Content.TornException e) {
      return e.getMessage();
    }
  }

  private void wasRight(List<Mounted> mounts, LocalCluster cluster) throws IOException {
    StalenessChecker checker =
        new StalenessChecker(
            history, new Bounds(EVENT_BOUND, SCAN_BOUND, KERNEL_BOUND, List.copyOf(faults)));
    List<String> wrong = new ArrayList<>(checker.check());
    for (Mounted mounted : mounts) {
      Map<String, byte[]> all = new TreeMap<>();
      mounted.store().all().forEach((key, content) -> all.put(mounted.at(key), content));
      wrong.addAll(shared.lost(mounted.path(), all));
    }
    faults.forEach(
        fault ->
            System.out.println(
                "changes were not seen, or nobody led, for "
                    + Duration.ofNanos(fault.endedNanos() - fault.begunNanos())));
    System.out.println("older ones were seen for " + checker.latest());
    new TreeMap<>(history.counts())
        .forEach((kind, count) -> System.out.println(count + " " + kind));
    printHistories(wrong, mounts, cluster);
    assertThat(wrong).as("curvine.seed=" + seed).isEmpty();
  }

  /** What Curvine knows of the first few keys with which something is wrong. */
  private static void printHistories(
      List<String> wrong, List<Mounted> mounts, LocalCluster cluster) {
    mounts.stream()
        .flatMap(mounted -> Keys.owned().stream().map(mounted::at))
        .filter(path -> wrong.stream().anyMatch(each -> each.contains(path)))
        .limit(HISTORIES_MAX)
        .forEach(path -> System.out.println(cluster.curvine("fs", "history", path).out()));
  }

  private static void isSound(LocalCluster cluster) {
    Await.until(
        "nothing to be dirty",
        PATIENCE,
        () -> cluster.curvineAdmin("ufs", "dirty").succeeded().equals("nothing is dirty\n"));
    JsonNode sound = cluster.curvineAdmin("fsck", "--all", "--ufs", "--json").json();
    assertThat(sound.get("clean").asBoolean()).as(sound.toString()).isTrue();
  }
}
