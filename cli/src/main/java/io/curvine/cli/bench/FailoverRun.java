/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.MasterProcesses.MasterProcess;
import io.curvine.cli.bench.Operations.Operation;
import io.curvine.cli.bench.TrioBench.Cluster;
import io.curvine.cli.command.MasterProbe;
import io.curvine.cli.local.LocalTrio;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Pong;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Kills the leader again and again while files are made, and looks how long nothing is. */
final class FailoverRun {
  /** For a killed master to be back and in step. */
  private static final Duration BACK_MAX = Duration.ofMinutes(2);

  private static final long LOOK_MILLIS = 50;

  /** A follower that is behind by no more is in step, under load. */
  private static final long IN_STEP_EVENTS = 50_000;

  private final LocalTrio trio;
  private final List<HostPort> masters;
  private final Operations operations;
  private final Consumer<String> progress;
  private final Silences silences = new Silences();
  private final Map<String, Long> failures = new TreeMap<>();
  private volatile boolean stopping;

  FailoverRun(Cluster cluster, Consumer<String> progress) {
    this.trio = cluster.trio();
    this.masters = cluster.masters();
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
    long firstTerm = term();
    CompletableFuture<Void> load = startLoad(concurrency);
    List<Long> outages = new ArrayList<>();
    silences.begin(System.nanoTime());
    TimeUnit.NANOSECONDS.sleep(steady.toNanos());
    long longest = silences.longest().nanos();
    for (int i = 1; i <= kills; i++) {
      outages.add(killLeader(i, steady));
    }
    stopping = true;
    load.join();
    synchronized (failures) {
      return new Outcome(
          outages,
          silences.count(),
          failures,
          term() - firstTerm,
          Duration.ofNanos(System.nanoTime() - began),
          longest);
    }
  }

  private CompletableFuture<Void> startLoad(int concurrency) {
    Order order = new Order(Mix.of(Stage.CREATE), 0, concurrency, 0, TimeUnit.DAYS.toMillis(10), 0);
    return CompletableFuture.runAsync(
        () -> {
          try {
            new Load(this::next, order).run(Load.UNWATCHED);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        },
        task -> {
          Thread thread = new Thread(task, "load");
          thread.setDaemon(true);
          thread.start();
        });
  }

  private Optional<Operation> next(Stage stage) {
    return stopping ? Optional.empty() : operations.next(stage).map(this::watched);
  }

  private Operation watched(Operation operation) {
    return new Operation(
        operation.stage(),
        () ->
            operation
                .start()
                .get()
                .thenApply(
                    tally -> {
                      note(tally);
                      return tally;
                    }));
  }

  private void note(Tally tally) {
    if (tally.done() > 0) {
      silences.acknowledged(System.nanoTime());
    }
    if (!tally.failures().isEmpty()) {
      synchronized (failures) {
        tally.failures().forEach((code, count) -> failures.merge(code, (long) count, Long::sum));
      }
    }
  }

  private long killLeader(int number, Duration steady) throws IOException, InterruptedException {
    MasterProcess leader = awaitAllInStep();
    silences.begin(System.nanoTime());
    long killed = System.nanoTime();
    trio.kill(leader.id());
    awaitAllInStep();
    TimeUnit.NANOSECONDS.sleep(steady.toNanos());
    long outage = Math.max(0, silences.longest().end() - killed);
    progress.accept(
        String.format(
            "kill %d, of %s: back to serving after %,d ms",
            number, leader.id(), TimeUnit.NANOSECONDS.toMillis(outage)));
    return outage;
  }

  /** The leader, once all masters answer and have nearly what it has. */
  private MasterProcess awaitAllInStep() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + BACK_MAX.toNanos();
    while (System.nanoTime() - deadline < 0) {
      List<Pong> pongs = pongs();
      Optional<MasterProcess> leader =
          pongs.stream().map(MasterProcess::of).filter(MasterProcess::leads).findFirst();
      if (leader.isPresent() && pongs.size() == masters.size() && inStep(pongs)) {
        return leader.get();
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }
    throw new IOException("the masters are not all in step again after " + BACK_MAX);
  }

  private static boolean inStep(List<Pong> pongs) {
    long most = pongs.stream().mapToLong(Pong::getAppliedOffset).max().orElse(0);
    long least = pongs.stream().mapToLong(Pong::getAppliedOffset).min().orElse(0);
    return most - least <= IN_STEP_EVENTS;
  }

  private long term() {
    return pongs().stream().mapToLong(Pong::getTerm).max().orElse(0);
  }

  private List<Pong> pongs() {
    return MasterProbe.ask(masters).values().stream().flatMap(Optional::stream).toList();
  }
}
