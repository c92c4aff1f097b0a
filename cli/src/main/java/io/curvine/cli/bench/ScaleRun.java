/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.MasterProcesses.MasterProcess;
import io.curvine.cli.bench.TrioBench.Cluster;
import io.curvine.cli.local.LocalBed;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Looks at the masters as the number of files grows. */
final class ScaleRun {
  /** Makes the code warm, and not more files. */
  private static final Mix WARM = Mix.parse("create=1,delete=1");

  private static final Duration RESTART_MAX = Duration.ofMinutes(5);

  private final LocalBed trio;
  private final List<HostPort> masters;
  private final CurvineClient client;
  private final BenchTree tree;
  private int restarts;

  ScaleRun(Cluster cluster) {
    this.trio = cluster.trio();
    this.masters = cluster.masters();
    this.client = cluster.client();
    this.tree = cluster.tree();
  }

  /**
   * What was seen with so many files.
   *
   * @param fillPerSecond creates in batches on the way there; 0: none were needed
   * @param createsPerSecond single ones
   * @param residentBytes of the largest master
   * @param stateBytes of one master's state on its disk, without the journal
   * @param journalBytes of one master's journal on its disk
   * @param restart from killing all masters until the first acknowledgement
   */
  record Level(
      long files,
      double fillPerSecond,
      double createsPerSecond,
      double p99Millis,
      long residentBytes,
      long stateBytes,
      long journalBytes,
      Duration restart) {}

  Level level(long target, int concurrency, Duration warmup, Duration duration)
      throws IOException, InterruptedException {
    double filled = Fill.run(new BatchOperations(client.namespace(), tree), tree.files(), target);
    load(WARM, concurrency, warmup);
    Measured measured = load(Mix.of(Stage.CREATE), concurrency, duration);
    long resident = resident();
    Path master = trio.directory().resolve("masters").resolve("m1").resolve("state");
    long journal = size(master, true);
    long state = size(master, false);
    return new Level(
        tree.files().count(),
        filled,
        measured.figures().perSecond(),
        measured.figures().latency().getValueAtPercentile(99) / 1e6,
        resident,
        state,
        journal,
        restart());
  }

  private Measured load(Mix mix, int concurrency, Duration duration) throws InterruptedException {
    Order order = new Order(mix, 0, concurrency, 0, duration.toMillis(), 0);
    return new Load(new Operations(client.namespace(), tree, true)::next, order)
        .run(Load.UNWATCHED);
  }

  private long resident() throws IOException {
    long largest = 0;
    for (long pid : MasterProcesses.find(masters).keySet()) {
      largest = Math.max(largest, ProcessMemory.read(pid).resident());
    }
    return largest;
  }

  /** Bytes on the disk below a master's state. */
  private static long size(Path state, boolean journal) throws IOException {
    return FileTrees.bytes(state, file -> file.toString().contains("/journal/") == journal);
  }

  /** Kills all masters at once, which then are started again; the client goes on by itself. */
  private Duration restart() throws IOException {
    long killed = System.nanoTime();
    for (MasterProcess master : MasterProcesses.find(masters).values()) {
      trio.kill(master.id());
    }
    String path = "/restart-" + ++restarts;
    while (true) {
      try {
        client.namespace().mkdir(Refs.path(path), Operations.MODE_DIRECTORY, false);
        return Duration.ofNanos(System.nanoTime() - killed);
      } catch (CurvineException e) {
        if (System.nanoTime() - killed > RESTART_MAX.toNanos()) {
          throw e;
        }
        path = "/restart-" + ++restarts; // whether the one before was made is not known
      }
    }
  }
}
