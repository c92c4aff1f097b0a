/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.bench.TrioBench.Cluster;
import io.curvine.cli.local.LocalBed;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Pong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/** Disturbs a cluster while files are made, and measures how these fare, beside before. */
final class DisturbRun implements AutoCloseable {
  private static final int DIGITS = 3;
  private static final long UPKEEP_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final LocalBed trio;
  private final List<HostPort> masters;
  private final MastersWatch watch;
  private final AdminClient admin;
  private final Duration steady;
  private final Recorder recorder = new Recorder(DIGITS);
  private final BackgroundLoad load;

  /**
   * Begins with the load.
   *
   * @param steady how long it is looked at before each disturbance
   */
  DisturbRun(Cluster cluster, int concurrency, Duration steady) {
    this.trio = cluster.trio();
    this.masters = cluster.masters();
    this.watch = new MastersWatch(masters);
    this.admin = new AdminClient(masters);
    this.steady = steady;
    this.load =
        BackgroundLoad.start(
            new Operations(cluster.client().namespace(), cluster.tree(), true),
            concurrency,
            recorder::recordValue);
  }

  /** Of the creates that ended in some time. */
  record Window(Histogram latencies, double seconds) {
    double perSecond() {
      return latencies.getTotalCount() / seconds;
    }

    double millis(double percentile) {
      return latencies.getValueAtPercentile(percentile) / 1e6;
    }
  }

  /** A disturbance, and the time just before. */
  record Compared(Disturbance disturbance, Window before, Window during) {
    double rate() {
      return during.perSecond() / before.perSecond();
    }

    double p99() {
      return during.millis(99) / before.millis(99);
    }
  }

  /** What is done while it is measured. */
  private interface Doing {
    void run() throws IOException, InterruptedException;
  }

  Compared run(Disturbance disturbance) throws IOException, InterruptedException {
    String follower = prepare(disturbance);
    Window before = window(this::passTime);
    Window during =
        window(
            switch (disturbance) {
              case SNAPSHOT -> this::takeSnapshots;
              case COMPACTION -> this::compact;
              case FOLLOWER_DEAD ->
                  () -> {
                    trio.hold(follower);
                    passTime();
                  };
              case FOLLOWER_BACK, TRANSFER ->
                  () -> {
                    trio.release(follower);
                    watch.awaitInStep();
                  };
            });
    return finish(disturbance, follower, new Compared(disturbance, before, during));
  }

  /** The follower that it is about. */
  private String prepare(Disturbance disturbance) throws IOException, InterruptedException {
    List<Pong> inStep = watch.awaitInStep();
    String follower = inStep.get(inStep.size() - 1).getNodeId();
    switch (disturbance) {
      case FOLLOWER_BACK -> {
        trio.hold(follower);
        passTime();
      }
      case TRANSFER -> {
        trio.hold(follower);
        trio.wipe(follower);
        takeSnapshots(inStep.subList(0, inStep.size() - 1));
      }
      case SNAPSHOT, COMPACTION, FOLLOWER_DEAD -> {}
    }
    return follower;
  }

  private Compared finish(Disturbance disturbance, String follower, Compared compared)
      throws IOException, InterruptedException {
    if (disturbance == Disturbance.FOLLOWER_DEAD) {
      trio.release(follower);
    }
    List<Pong> inStep = watch.awaitInStep();
    if (disturbance == Disturbance.TRANSFER
        && inStep.stream()
            .anyMatch(p -> p.getNodeId().equals(follower) && p.getSnapshotOffset() == 0)) {
      throw new CliException(
          follower + " got all from the log and no snapshot; more --files let it be purged");
    }
    return compared;
  }

  private void passTime() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(steady.toNanos());
  }

  private Window window(Doing doing) throws IOException, InterruptedException {
    recorder.reset();
    long began = System.nanoTime();
    doing.run();
    double seconds = (System.nanoTime() - began) / 1e9;
    return new Window(recorder.getIntervalHistogram(), seconds);
  }

  private void takeSnapshots() throws IOException, InterruptedException {
    takeSnapshots(watch.awaitInStep());
  }

  private void takeSnapshots(List<Pong> of) {
    List<String> ids = of.stream().map(Pong::getNodeId).toList();
    List<CompletableFuture<Void>> taking =
        masters.stream()
            .filter(master -> ids.contains(trio.id(master)))
            .map(master -> CompletableFuture.runAsync(() -> takeSnapshot(master), this::start))
            .toList();
    taking.forEach(CompletableFuture::join);
  }

  private void start(Runnable task) {
    Thread thread = new Thread(task, "snapshot");
    thread.setDaemon(true);
    thread.start();
  }

  private void takeSnapshot(HostPort master) {
    try {
      admin.takeSnapshot(master, System.nanoTime() + UPKEEP_NANOS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compact() throws IOException {
    for (HostPort master : masters) {
      admin.compact(master, System.nanoTime() + UPKEEP_NANOS);
    }
  }

  /** Of all creates so far, by code. */
  Map<String, Long> failures() {
    return load.failures();
  }

  /** Ends the load. */
  @Override
  public void close() {
    load.stop();
    admin.close();
  }
}
