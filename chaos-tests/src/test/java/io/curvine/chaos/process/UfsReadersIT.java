/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.EventTopic;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.chaos.readers.Bounds;
import io.curvine.chaos.readers.Bounds.Fault;
import io.curvine.chaos.readers.Canary;
import io.curvine.chaos.readers.Change.Route;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
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
 * <p>Bounds are of a machine that has time to spare; where {@link Canary canaries} are seen late,
 * the bounds of all others are put off.
 */
class UfsReadersIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String BUCKET = "read";
  private static final String PROBE = "d0/probe";

  // What the mounts' options say, and what is looked at once more because something was in its way.
  private static final Duration SCAN_INTERVAL = Duration.ofSeconds(3);
  private static final Duration EVENT_BOUND = Duration.ofSeconds(4);
  private static final Duration SCAN_BOUND = SCAN_INTERVAL.plusSeconds(4);
  private static final Duration KERNEL_BOUND = Duration.ofSeconds(3);

  /** From a canary's sight to its next, with its pause, where the machine has time to spare. */
  private static final Duration EVENT_USUAL = Duration.ofMillis(1_500);

  private static final Duration SCAN_USUAL = SCAN_INTERVAL.plus(EVENT_USUAL);
  private static final Duration CANARY_PAUSE = Duration.ofMillis(100);

  private static final int HISTORIES_MAX = 3;
  private static final int BLOCK_SIZE_BYTES = 1 << 20;
  private static final Duration WRITER_PAUSE = Duration.ofMillis(80);
  private static final Duration READER_PAUSE = Duration.ofMillis(10);
  private static final Duration PHASE = Duration.ofSeconds(3);

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
  private final List<Canary> canaries = new ArrayList<>();

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
        EventTopic events = EventTopic.make(broker, "read-events", 2);
        LocalCluster cluster =
            LocalCluster.start(
                temp.resolve("data"), "--ufs", root.toString(), "--mount", point.toString());
        CurvineClient writer = Clients.connect(cluster);
        CurvineClient reader = Clients.connect(cluster);
        CurvineClient anyReader = CurvineClient.connect(readsFromAny(cluster))) {
      Notifier notifier = new Notifier(BUCKET, events::send, next());
      List<Mounted> mounts =
          List.of(
              new Mounted("/bucket", new S3Store(bucket, BUCKET), Optional.of(notifier)),
              new Mounted("/directory", new DirectoryStore(directory, outside), Optional.empty()));
      var unused = s3.createBucket(BUCKET);
      for (Mounted mounted : mounts) {
        prepare(mounted);
      }
      List<Mount.Builder> made =
          List.of(
              bucketMount(s3, events),
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
        startCanaries(mounts, reader, point, load);
        disturb(mounts, notifier, writer, load);
        load.stop();
      }
      for (Canary canary : canaries) {
        canary.step(); // what readers saw last is before it is seen
      }
      notifier.flush();
      for (Mounted mounted : mounts) {
        isAsItsUfs(mounted, reader, point);
      }
      wasRight(mounts, cluster);
      isSound(cluster);
    }
  }

  /** Of each mount by events, and of the bucket by the scan, as nobody misses an inotify event. */
  private void startCanaries(List<Mounted> mounts, CurvineClient client, Path point, Load load) {
    List<Canary.Reader> readers =
        List.of(
            path -> Clients.read(path, client),
            path -> Files.readAllBytes(point.resolve(path.substring(1))));
    Canary.Watch told = new Canary.Watch(Route.EVENT, EVENT_USUAL);
    for (Mounted mounted : mounts) {
      canaries.add(new Canary(history, mounted, "d0/told", told, readers));
    }
    Canary.Watch found = new Canary.Watch(Route.SCAN, SCAN_USUAL);
    canaries.add(new Canary(history, mounts.get(0), "d0/found", found, readers));
    canaries.forEach(canary -> load.start(canary::step, CANARY_PAUSE, next()));
  }

  private long next() {
    return seeds.nextLong();
  }

  private static ClientConfig readsFromAny(LocalCluster cluster) {
    return ClientConfig.defaults()
        .withMasters(HostPort.parseList(cluster.masters()))
        .withReadFrom(ReadFrom.ANY, Duration.ofSeconds(1));
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

  private static Mount.Builder bucketMount(S3Server s3, EventTopic events) {
    return mount("/bucket", s3.uri(BUCKET))
        .putAllOptions(s3.options())
        .putAllOptions(events.options())
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
    // First, as a leader that dies puts off the bound of what the scan has to find.
    notifier.lose(true);
    load.goOn(PHASE);
    notifier.lose(false);
    load.goOn(PHASE);
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
    faults.add(new Fault(Route.EVENT, begun, System.nanoTime()));
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
        () -> Arrays.equals(Clients.read(mounted.at(PROBE), client), content));
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
        found.put(key, Clients.read(mounted.at(key), client));
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
    canaries.forEach(canary -> faults.addAll(canary.faults()));
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
                "changes were not seen, or nobody led, by "
                    + fault.route()
                    + " for "
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
