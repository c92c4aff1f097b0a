/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.TrioBench.Cluster;
import io.curvine.cli.local.LocalBed;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Kills the leader again and again while files are made, and looks how long nothing is. */
final class FailoverRun {
  private final LocalBed trio;
  private final MastersWatch watch;
  private final Operations operations;
  private final Consumer<String> progress;
  private final Silences silences = new Silences();

  FailoverRun(Cluster cluster, Consumer<String> progress) {
    this.trio = cluster.trio();
    this.watch = new MastersWatch(cluster.masters());
    this.operations = new Operations(cluster.client().namespace(), cluster.tree(), true);
    this.progress = progress;
  }

  /**
   * What came of it.
   *
   * @param outages from each kill to the first acknowledgement by the next leader, in nanoseconds
   * @param failures calls that failed, by code
   * @param terms leaderships and candidacies between the first and the last look
   * @param longestSilenceNanos of a run without kills
   */
  record Outcome(
      List<Long> outages,
      long acknowledged,
      Map<String, Long> failures,
      long terms,
      Duration time,
      long longestSilenceNanos) {
    Outcome {
      outages = List.copyOf(outages);
      failures = Map.copyOf(failures);
    }
  }

  /**
   * Runs.
   *
   * @param steady between two kills, once all masters are in step; also before the first, and the
   *     whole of a run without kills
   */
  Outcome run(int kills, int concurrency, Duration steady)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    long firstTerm = watch.term();
    BackgroundLoad load =
        BackgroundLoad.start(
            operations, concurrency, nanos -> silences.acknowledged(System.nanoTime()));
    List<Long> outages = new ArrayList<>();
    silences.begin(System.nanoTime());
    TimeUnit.NANOSECONDS.sleep(steady.toNanos());
    long longest = silences.longest().nanos();
    for (int i = 1; i <= kills; i++) {
      outages.add(killLeader(i, steady));
    }
    load.stop();
    return new Outcome(
        outages,
        silences.count(),
        load.failures(),
        watch.term() - firstTerm,
        Duration.ofNanos(System.nanoTime() - began),
        longest);
  }

  private long killLeader(int number, Duration steady) throws IOException, InterruptedException {
    String leader = watch.awaitInStep().get(0).getNodeId();
    silences.begin(System.nanoTime());
    long killed = System.nanoTime();
    trio.kill(leader);
    watch.awaitInStep();
    TimeUnit.NANOSECONDS.sleep(steady.toNanos());
    long outage = Math.max(0, silences.longest().end() - killed);
    progress.accept(
        String.format(
            "kill %d, of %s: back to serving after %,d ms",
            number, leader, TimeUnit.NANOSECONDS.toMillis(outage)));
    return outage;
  }
}
