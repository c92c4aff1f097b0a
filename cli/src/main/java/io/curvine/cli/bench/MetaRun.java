/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.cli.bench.MasterProcesses.MasterProcess;
import io.curvine.cli.bench.Verification.Verdict;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The measurements against masters that run: for each concurrency all stages in turn, on files of
 * their own. For one use.
 */
final class MetaRun {
  /** Enough to make files fast; what is measured later does not depend on it. */
  private static final int FILL_CONCURRENCY = 256;

  private final MetaPlan plan;
  private final CurvineClient setUp;
  private final Clients clients;
  private final String root;
  private final Consumer<String> progress;
  private final List<Row> rows = new ArrayList<>();
  private Verdict verdict = Verdict.NONE;

  /**
   * @param root a directory that does not exist yet, for all that is made
   * @param progress is told what was measured, a line each
   */
  MetaRun(
      MetaPlan plan, CurvineClient setUp, Clients clients, String root, Consumer<String> progress) {
    this.plan = plan;
    this.setUp = setUp;
    this.clients = clients;
    this.root = root;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param verify look, after the last stage of each concurrency, whether the files are right
   */
  void run(boolean verify) throws IOException {
    for (int concurrency : plan.concurrency()) {
      clients.begin(
          makeDirectories(root + "/open-" + concurrency),
          plan.tree().filesMax(plan.clients()),
          plan.batch() > 0);
      for (Stage stage : plan.stages()) {
        if (stage != Stage.FSYNC) {
          measure(Mix.of(stage), concurrency, 0);
        }
        if (plan.batch() > 0 && stage.inBatches()) {
          measure(Mix.of(stage), concurrency, plan.batch());
        }
      }
      if (plan.mix().isPresent()) {
        measure(plan.mix().get(), concurrency, 0);
      }
      if (verify) {
        verify(concurrency);
      }
    }
  }

  List<Row> rows() {
    return rows;
  }

  /** Of all that was verified. */
  Verdict verdict() {
    return verdict;
  }

  private void verify(int concurrency) throws IOException {
    Verdict now = clients.verify();
    verdict = verdict.and(now);
    progress.accept(String.format("verified at %d: %s", concurrency, now.counts()));
  }

  private Directories makeDirectories(String base) throws IOException {
    StringBuilder above = new StringBuilder(base);
    for (int level = 1; level < plan.tree().depth(); level++) {
      above.append("/p").append(level);
    }
    setUp.namespace().mkdir(Refs.path(above.toString()), Operations.MODE_DIRECTORY, true);
    return Directories.make(
        setUp.namespace(), above.toString(), plan.tree().directories(), plan.tree().byChild());
  }

  private void measure(Mix mix, int concurrency, int batch) throws IOException {
    if (mix.needsFiles() && (mix.takesFiles() || clients.fewestFiles() == 0)) {
      fill(concurrency);
    }
    int open = batch == 0 ? concurrency : plan.batchesOpen(concurrency);
    Probe probe = new Probe();
    Measured measured = clients.run(order(mix, batch, open), probe);
    String name =
        !mix.single() ? "mix" : batch == 0 ? mix.toString() : Row.name(mix.choose(0), batch);
    add(new Row(name, concurrency, open, measured.figures(), probe.use(), Row.Compared.NONE));
    if (!mix.single()) {
      mix.weights().keySet().forEach(stage -> addPart(concurrency, stage, measured));
    }
  }

  private void add(Row row) {
    rows.add(row);
    String note = row.note();
    progress.accept(
        String.format(
            "%s, %d open: %,.0f a second%s",
            row.name(), row.opened(), row.perSecond(), note.isEmpty() ? "" : " (" + note + ")"));
  }

  private void addPart(int concurrency, Stage stage, Measured measured) {
    rows.add(new Row("mix: " + stage.word(), concurrency, measured.figures(stage), CpuUse.NONE));
  }

  private void fill(int concurrency) throws IOException {
    int calls = Math.max(concurrency, FILL_CONCURRENCY);
    int fast = plan.batch() == 0 ? calls : plan.batchesOpen(calls);
    Measured filled =
        clients.run(
            new Order(
                Mix.of(Stage.CREATE), plan.batch(), fast, 0, plan.times().fill().toMillis(), 0),
            new Probe());
    Map<String, Long> failures = filled.figures().failures();
    if (!failures.isEmpty()) {
      progress.accept("making files before a stage that needs some: " + failures);
    }
  }

  private Order order(Mix mix, int batch, int concurrency) {
    return new Order(
        mix,
        batch,
        concurrency,
        plan.times().warmup().toMillis(),
        plan.times().duration().toMillis(),
        plan.ratePerSecond());
  }

  /** Reads the processes' clocks when the measured time begins and ends. */
  private final class Probe implements Load.Listener {
    private final Map<Long, MasterProcess> masters = MasterProcesses.find(setUp.config().masters());
    private final List<Long> pids = new ArrayList<>(masters.keySet());
    private CpuClock before;
    private CpuClock after;

    Probe() {
      pids.addAll(clients.pids());
    }

    @Override
    public void measuring() {
      before = CpuClock.read(pids);
    }

    @Override
    public void measured() {
      after = CpuClock.read(pids);
    }

    CpuUse use() {
      return new CpuUse(after.microsSince(before), masters, clients.pids());
    }
  }
}
