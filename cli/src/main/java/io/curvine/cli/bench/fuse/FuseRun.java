/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.bench.fuse.FuseRow.Round;
import io.curvine.cli.bench.ufs.Turn;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Measures case after case, each in turn with what it is compared with. For one use. */
final class FuseRun {
  private final FusePlan plan;
  private final Consumer<String> progress;
  private final ReadCases reads;
  private final NameCases names;
  private final WriteCases writes;
  private final ProgramCases programs;

  /**
   * None yet.
   *
   * @param progress is told what was measured, a line each
   */
  FuseRun(FusePlan plan, FuseBed bed, Consumer<String> progress) {
    this.plan = plan;
    this.progress = progress;
    this.reads = new ReadCases(bed, plan);
    this.names = new NameCases(bed, plan);
    this.writes = new WriteCases(bed, plan);
    this.programs = new ProgramCases(bed, plan);
  }

  /** Measures everything. */
  List<FuseRow> run() throws IOException, InterruptedException {
    List<FuseRow> rows = new ArrayList<>();
    for (FuseCase kind : plan.cases()) {
      rows.addAll(rows(kind));
    }
    return rows;
  }

  private List<FuseRow> rows(FuseCase kind) throws IOException, InterruptedException {
    String missing = missing(kind);
    if (missing != null) {
      FuseRow row = FuseRow.skipped(kind, "there is no " + missing + " in PATH");
      progress.accept(row.line());
      return List.of(row);
    }
    List<FuseRow> rows = new ArrayList<>();
    for (Comparison each : comparisons(kind)) {
      FuseRow row = measure(each);
      progress.accept(row.line());
      rows.add(row);
    }
    return rows;
  }

  private static String missing(FuseCase kind) {
    return switch (kind) {
      case LIST -> Programs.has(ProgramCases.LS) ? null : ProgramCases.LS;
      case CLONE -> Programs.has(ProgramCases.GIT) ? null : ProgramCases.GIT;
      default -> null;
    };
  }

  private List<Comparison> comparisons(FuseCase kind) throws IOException, InterruptedException {
    return switch (kind) {
      case READ, READ_RANDOM, READ_CACHED, READ_REOPENED -> reads.of(kind);
      case STAT, STAT_CACHED, OPEN_CACHED -> names.of(kind);
      case CREATE, WRITE -> writes.of(kind);
      case LIST, CLONE -> programs.of(kind);
    };
  }

  private FuseRow measure(Comparison each) throws IOException, InterruptedException {
    List<Round> rounds = new ArrayList<>();
    for (int round = 0; round < plan.warmupRounds() + plan.rounds(); round++) {
      Turn early = round % 2 == 0 ? each.other().turn() : null; // none is always the first
      Turn mount = each.mount().turn();
      Turn other = early != null ? early : each.other().turn();
      if (round >= plan.warmupRounds()) {
        rounds.add(new Round(mount, other));
      }
    }
    String note =
        each.kind() == FuseCase.LIST && !KernelCaches.canBeDropped()
            ? "the kernel's caches could not be dropped: the local side had them"
            : "";
    return new FuseRow(each.kind(), each.name(), each.jobs(), rounds, note);
  }
}
