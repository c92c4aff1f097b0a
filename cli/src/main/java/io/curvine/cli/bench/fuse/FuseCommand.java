/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.CliException;
import io.curvine.cli.bench.LocalBench;
import io.curvine.cli.bench.ufs.MachineLimits;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine bench fuse}: what the mount keeps of what there is without it. */
@Command(
    name = "fuse",
    description = {
      "Start three masters, a worker and mounts of their own, and use them as programs do, in turn with",
      "what each case is compared with: a memory file system that is mounted in the same way (null), the",
      "same done by a client in Java (client), or a local file system, that of --local-dir (local).",
      "Takes root and /dev/fuse. The case list drops the names that the kernel of this machine has cached."
    },
    mixinStandardHelpOptions = true)
public final class FuseCommand extends LocalBench {
  private static final long RESIDENT_GOAL_BYTES = 300L << 20;
  private static final double MIB = 1 << 20;
  private static final Path DEVICE = Path.of("/dev/fuse");

  @Option(
      names = "--cases",
      paramLabel = "CASE,...",
      completionCandidates = FuseCase.Words.class,
      description = "Of ${COMPLETION-CANDIDATES}. Default: all.")
  private String cases = FuseCase.words();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each. Default: ${DEFAULT-VALUE}.")
  private int rounds;

  @Option(
      names = "--warmup-rounds",
      paramLabel = "N",
      defaultValue = "2",
      description = "Before, for code that is not compiled yet. Default: ${DEFAULT-VALUE}.")
  private int warmupRounds;

  @Option(
      names = "--turn",
      paramLabel = "TIME",
      defaultValue = "1s",
      description = "How long reads, stats and opens go on. Default: ${DEFAULT-VALUE}.")
  private String turn;

  @Option(
      names = "--size",
      paramLabel = "SIZE",
      defaultValue = "256MiB",
      description =
          "Of the file that is read, and of those that are written; n times 4MiB up to 512MiB."
              + " Default: ${DEFAULT-VALUE}.")
  private String size;

  @Option(
      names = "--files",
      paramLabel = "N",
      defaultValue = "1000",
      description = "That stats and opens are of. Default: ${DEFAULT-VALUE}.")
  private int files;

  @Option(
      names = "--creates",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Files made in a turn. Default: ${DEFAULT-VALUE}.")
  private int creates;

  @Option(
      names = "--entries",
      paramLabel = "N",
      defaultValue = "100000",
      description = "Of the directory that ls -l lists. Default: ${DEFAULT-VALUE}.")
  private int entries;

  @Option(
      names = "--clone-files",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Of the repository that is cloned. Default: ${DEFAULT-VALUE}.")
  private int cloned;

  @Override
  protected void run() throws Exception {
    FusePlan plan = plan();
    requireMounts();
    try (LocalBed cluster = start()) {
      ClientConfig config =
          global().clientConfig(HostPort.parseList(cluster.masterRpcs()), commandName());
      try (FuseBed bed = FuseBed.start(cluster, config)) {
        List<FuseRow> rows = new FuseRun(plan, bed, this::say).run();
        show(plan, rows, bed.mostResident(), MachineLimits.measure(cluster.directory()));
      }
    }
  }

  private FusePlan plan() {
    try {
      return new FusePlan(
          FuseCase.parse(cases),
          rounds,
          warmupRounds,
          time("--turn", turn),
          new FusePlan.Sizes(
              bytes("--size", size, "64MiB, 256MiB"), files, creates, entries, cloned));
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  /** Said before anything is started. */
  private static void requireMounts() throws IOException {
    if (!Files.exists(DEVICE)) {
      throw new CliException(
          "there is no "
              + DEVICE
              + ": load the kernel module 'fuse' (modprobe fuse), or start the container with"
              + " --device /dev/fuse and CAP_SYS_ADMIN");
    }
    if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
      throw new CliException("bench fuse mounts file systems, which takes root; run it as root");
    }
  }

  private void show(FusePlan plan, List<FuseRow> rows, long resident, MachineLimits limits)
      throws IOException {
    ObjectNode json =
        Json.object()
            .put("processors", Runtime.getRuntime().availableProcessors())
            .put("java", Runtime.version().toString())
            .put("rounds", plan.rounds())
            .put("warmupRounds", plan.warmupRounds())
            .put("turnMillis", plan.turn().toMillis())
            .put("sizeBytes", plan.sizes().dataBytes());
    ArrayNode array = json.putArray("rows");
    rows.forEach(row -> array.add(row.toJson()));
    json.putObject("memory")
        .put("residentBytesMost", resident)
        .put("goalBytes", RESIDENT_GOAL_BYTES)
        .put("reached", resident <= RESIDENT_GOAL_BYTES);
    json.set("limits", limits.toJson());
    show(
        json,
        "\n"
            + FuseTable.render(rows)
            + String.format(
                Locale.ROOT,
                "the mount's process had %,.0f MiB resident at most; goal: at most %,.0f%s%n",
                resident / MIB,
                RESIDENT_GOAL_BYTES / MIB,
                resident <= RESIDENT_GOAL_BYTES ? "" : ", missed")
            + limits.text());
  }
}
