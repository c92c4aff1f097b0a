/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import io.curvine.chaos.harness.OwnWorker;
import io.curvine.chaos.harness.RealDisk;
import io.curvine.client.CreateOptions;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks of a worker, in each tier, that are smaller than they are said to be, or turn read-only:
 * the kernel's own errors, from file systems of the test's own.
 */
final class FaultyDisksIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long MIB = 1 << 20;
  private static final int UFS_FILES = 8;
  private static final int UFS_FILE_BYTES = 6 << 20;
  private static final int WRITTEN_BYTES = (3 << 20) + 77;
  private static final int WRITES_MAX = 100;
  private static final int REFUSALS_ENOUGH = 6;

  @TempDir private Path temp;
  private Path ufs;

  @BeforeEach
  void prepare() throws IOException {
    assumeTrue(RealDisk.possible(temp), "needs root and the right to mount, and mkfs.ext4");
    ufs = Files.createDirectory(temp.resolve("ufs"));
    for (int i = 0; i < UFS_FILES; i++) {
      Files.write(ufs.resolve("f" + i), content(i, UFS_FILE_BYTES));
    }
  }

  private static byte[] content(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private LocalCluster cluster() {
    LocalCluster cluster = LocalCluster.start(temp.resolve("data"), "--workers", "1");
    cluster.curvine("umount", "/").succeeded();
    cluster.curvine("mount", ufs.toString(), "/ufs").succeeded();
    return cluster;
  }

  private OwnWorker worker(LocalCluster cluster, RealDisk mem, RealDisk ssd, RealDisk hdd) {
    return OwnWorker.start(
        cluster,
        temp.resolve("own"),
        "MEM:" + mem.path().resolve("cache") + ":64MiB",
        "SSD:" + ssd.path().resolve("cache") + ":64MiB",
        "HDD:" + hdd.path().resolve("cache") + ":64MiB");
  }

  private static String written(int file) {
    return "/w" + file;
  }

  private static void write(CurvineClient client, int file, int replicas) throws IOException {
    CreateOptions options =
        CreateOptions.defaults().withReplicas(replicas).withBlockSizeBytes(1 << 20);
    try (OutputStream out = client.createStream(Refs.path(written(file)), options)) {
      out.write(content(1000 + file, WRITTEN_BYTES));
    }
  }

  private static void checkWritten(CurvineClient client, int file) throws IOException {
    assertThat(client.openStream(Refs.path(written(file))).readAllBytes())
        .as(written(file))
        .isEqualTo(content(1000 + file, WRITTEN_BYTES));
  }

  private static void checkUfs(CurvineClient client, int file) throws IOException {
    assertThat(client.openStream(Refs.path("/ufs/f" + file)).readAllBytes())
        .as("/ufs/f%s", file)
        .isEqualTo(content(file, UFS_FILE_BYTES));
  }

  // --- full ---

  @Test
  void aDiskThatIsFullTooEarlyCostsNothingThatWasAcknowledged() throws Exception {
    try (RealDisk mem = RealDisk.inMemory(temp.resolve("mem"), 8);
        RealDisk ssd = RealDisk.inMemory(temp.resolve("ssd"), 12);
        RealDisk hdd = RealDisk.inMemory(temp.resolve("hdd"), 24);
        LocalCluster cluster = cluster();
        OwnWorker worker = worker(cluster, mem, ssd, hdd);
        CurvineClient client = Clients.connect(cluster)) {
      cluster.curvineAdmin("worker", "decommission", "1", "--wait").succeeded();
      readAll(client);
      awaitCapacity(worker, "mem", 8);

      List<Integer> acknowledged = writeUntilFull(client);
      awaitCapacity(worker, "ssd", 12);
      awaitCapacity(worker, "hdd", 24);
      assertThat(worker.tier("ssd").get("pinnedBytes").asLong()).isPositive();
      assertThat(worker.tier("hdd").get("pinnedBytes").asLong()).isPositive();
      for (int file : acknowledged) {
        checkWritten(client, file);
      }
      readAll(client);

      int half = acknowledged.size() / 2;
      for (int file : acknowledged.subList(0, half)) {
        client.namespace().delete(Refs.path(written(file)), InodeType.FILE, false);
      }
      Await.until("room for a write", PATIENCE, () -> writes(client, WRITES_MAX));
      checkWritten(client, WRITES_MAX);
      for (int file : acknowledged.subList(half, acknowledged.size())) {
        checkWritten(client, file);
      }
      assertThat(worker.isAlive()).isTrue();
      assertThat(worker.output()).doesNotContain("is taken out");
    }
  }

  private static void readAll(CurvineClient client) throws IOException {
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < UFS_FILES; i++) {
        checkUfs(client, i);
      }
    }
  }

  private static void awaitCapacity(OwnWorker worker, String tier, int mebibytes) {
    Await.until(
        "the report of " + tier + " as what its disk holds",
        PATIENCE,
        () -> {
          long capacity = worker.tier(tier).get("capacityBytes").asLong();
          return capacity > 0 && capacity <= mebibytes * MIB;
        });
  }

  /**
   * The files that were acknowledged. One that is refused leaves some room, which the next look at
   * the disk finds: only refusals in a row say that both disks are full.
   */
  private static List<Integer> writeUntilFull(CurvineClient client) throws IOException {
    List<Integer> acknowledged = new ArrayList<>();
    int refusals = 0;
    for (int file = 0; file < WRITES_MAX && refusals < REFUSALS_ENOUGH; file++) {
      if (writes(client, file)) {
        acknowledged.add(file);
        refusals = 0;
      } else {
        refusals++;
      }
    }
    assertThat(refusals).isEqualTo(REFUSALS_ENOUGH);
    return acknowledged;
  }

  /** False where it was refused for want of room. */
  private static boolean writes(CurvineClient client, int file) throws IOException {
    try {
      write(client, file, 1);
      return true;
    } catch (CurvineException e) {
      assertThat(e.code()).as(e.getMessage()).isEqualTo(ErrorCode.NO_SPACE);
      return false;
    }
  }

  // --- read-only ---

  @Test
  void aDiskThatTurnsReadOnlyIsTakenOutAndNobodyNotices() throws Exception {
    try (RealDisk mem = RealDisk.inFile(temp.resolve("mem"), temp.resolve("mem.img"), 64);
        RealDisk ssd = RealDisk.inFile(temp.resolve("ssd"), temp.resolve("ssd.img"), 64);
        RealDisk hdd = RealDisk.inFile(temp.resolve("hdd"), temp.resolve("hdd.img"), 64);
        LocalCluster cluster = cluster();
        OwnWorker worker = worker(cluster, mem, ssd, hdd);
        CurvineClient client = Clients.connect(cluster)) {
      AtomicInteger acknowledged = new AtomicInteger();
      try (Load load = new Load(client, acknowledged)) {
        // In the order in which what is written goes to them.
        turnReadOnly(cluster, worker, ssd, "ssd", load);
        turnReadOnly(cluster, worker, hdd, "hdd", load);
        turnReadOnly(cluster, worker, mem, "mem", load);
      }
      worker.close();
      mem.repair();
      ssd.repair();
      hdd.repair();
      worker.startAgain();
      for (String tier : List.of("mem", "ssd", "hdd")) {
        assertThat(worker.tier(tier).get("capacityBytes").asLong()).isEqualTo(64 * MIB);
      }
      for (int file = 0; file < acknowledged.get(); file++) {
        String path = written(file);
        checkWritten(client, file);
        Await.until(
            "two replicas of " + path, PATIENCE, () -> Replicas.twoOfEach(client, path, Set.of()));
      }
      readAll(client);
    }
  }

  // --- dead, and gone ---

  @Test
  void aDeadDiskAndADirectoryThatIsGoneAreTakenOutAndNobodyNotices() throws Exception {
    Path gone = Files.createDirectories(temp.resolve("hdd"));
    try (RealDisk ssd = RealDisk.inFile(temp.resolve("ssd"), temp.resolve("ssd.img"), 64);
        LocalCluster cluster = cluster();
        OwnWorker worker =
            OwnWorker.start(
                cluster,
                temp.resolve("own"),
                "MEM:" + temp.resolve("mem") + ":16MiB",
                "SSD:" + ssd.path().resolve("cache") + ":64MiB",
                "HDD:" + gone.resolve("cache") + ":64MiB");
        CurvineClient client = Clients.connect(cluster)) {
      AtomicInteger acknowledged = new AtomicInteger();
      try (Load load = new Load(client, acknowledged)) {
        load.awaitMore();
        ssd.die();
        awaitTakenOut(cluster, worker, ssd.path(), "ssd", load);
        Files.move(gone, temp.resolve("elsewhere"));
        awaitTakenOut(cluster, worker, gone, "hdd", load);
      }
      for (int file = 0; file < acknowledged.get(); file++) {
        checkWritten(client, file);
      }
      readAll(client);
    }
  }

  /** Nothing is written, so nothing but a read can find out. */
  @Test
  void aDiskThatDiesUnderReadersIsTakenOutAndTheyGoOn() throws Exception {
    try (RealDisk ssd = RealDisk.inFile(temp.resolve("ssd"), temp.resolve("ssd.img"), 80);
        LocalCluster cluster = cluster();
        OwnWorker worker =
            OwnWorker.start(
                cluster,
                temp.resolve("own"),
                "SSD:" + ssd.path().resolve("cache") + ":64MiB",
                "HDD:" + temp.resolve("hdd") + ":64MiB");
        CurvineClient client = Clients.connect(cluster)) {
      cluster.curvineAdmin("worker", "decommission", "1", "--wait").succeeded();
      readAll(client);
      long all = (long) UFS_FILES * UFS_FILE_BYTES;
      Await.until(
          "all of it on the disk",
          PATIENCE,
          () -> worker.tier("ssd").get("usedBytes").asLong() >= all);
      ssd.die();
      readAll(client);
      Await.until(
          "the report of the disk as taken out",
          PATIENCE,
          () -> worker.tier("ssd").get("capacityBytes").asLong() == 0);
    }
  }

  private static void turnReadOnly(
      LocalCluster cluster, OwnWorker worker, RealDisk disk, String tier, Load load) {
    load.awaitMore();
    disk.turnReadOnly();
    awaitTakenOut(cluster, worker, disk.path(), tier, load);
  }

  private static void awaitTakenOut(
      LocalCluster cluster, OwnWorker worker, Path directory, String tier, Load load) {
    Await.until(
        "the report of " + tier + " as taken out",
        PATIENCE,
        () -> {
          load.goOn();
          return worker.tier(tier).get("capacityBytes").asLong() == 0;
        });
    load.awaitMore();
    assertThat(worker.isAlive()).isTrue();
    Outcome doctor = cluster.curvineAdmin("doctor");
    assertThat(doctor.exitCode()).isEqualTo(1);
    assertThat(doctor.out()).contains("has taken out its directory " + directory);
  }

  /** Writes new files and reads what there is, until it is closed; all of it has to succeed. */
  private static final class Load implements AutoCloseable {
    private final ExecutorService threads = Executors.newFixedThreadPool(2);
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicInteger acknowledged;

    /** That may be written: without end they would fill the disks. */
    private final Semaphore files = new Semaphore(0);

    private final AtomicInteger reads = new AtomicInteger();
    private final List<Future<Void>> work = new ArrayList<>();

    Load(CurvineClient client, AtomicInteger acknowledged) {
      this.acknowledged = acknowledged;
      Random random = new Random(5);
      begin(
          () -> {
            if (files.tryAcquire(1, TimeUnit.SECONDS)) {
              write(client, acknowledged.get(), 2);
              acknowledged.incrementAndGet();
            }
          });
      begin(
          () -> {
            checkUfs(client, random.nextInt(UFS_FILES));
            int known = acknowledged.get();
            if (known > 0) {
              checkWritten(client, random.nextInt(known));
            }
            reads.incrementAndGet();
          });
    }

    /** One step of a thread. */
    private interface Step {
      void take() throws Exception;
    }

    private void begin(Step step) {
      Callable<Void> all =
          () -> {
            while (!ending.get()) {
              step.take();
            }
            return null;
          };
      work.add(threads.submit(all));
    }

    /** Until some more was written and read. */
    void awaitMore() {
      int writesBefore = acknowledged.get();
      int readsBefore = reads.get();
      files.release(2);
      Await.until(
          "more reads and writes",
          PATIENCE,
          () -> {
            check();
            return acknowledged.get() > writesBefore + 1 && reads.get() > readsBefore + 2;
          });
    }

    /** Has one more file written; throws what has failed. */
    void goOn() throws Exception {
      files.release();
      check();
    }

    private void check() throws Exception {
      for (Future<Void> each : work) {
        if (each.isDone()) {
          each.get();
        }
      }
    }

    @Override
    public void close() throws Exception {
      ending.set(true);
      threads.shutdown();
      for (Future<Void> each : work) {
        each.get();
      }
    }
  }
}
