/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.bench.Verification.Verdict;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code curvine bench meta}: how many calls a second the masters answer, and how fast. */
@Command(
    name = "meta",
    description = {
      "Measure the masters: calls a second, latencies and processor time, beside an empty command",
      "through the same masters (echo) and the disk's fsync."
    },
    mixinStandardHelpOptions = true)
final class MetaCommand extends Action {
  /** The probe of the disk needs no more. */
  private static final Duration FSYNC_MAX = Duration.ofSeconds(5);

  @Mixin private MetaOptions options;

  @ArgGroup(heading = "Cluster:%n", exclusive = false)
  private Where where = new Where();

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Write the result there as JSON too ('-': to standard output, as --json does).")
  private String report;

  private static final class Where {
    @Option(
        names = "--local",
        description =
            "Start three masters for this run, in a directory of their own that is deleted at the end.")
    private boolean local;

    @Option(
        names = "--local-dir",
        paramLabel = "DIR",
        description = "Where that directory is made; its disk is what is measured. Default: /tmp.")
    private Path localDirectory = Path.of(System.getProperty("java.io.tmpdir"));

    @Option(
        names = "--root",
        paramLabel = "PATH",
        description =
            "Directory of the cluster in which the run makes its own. Default: ${DEFAULT-VALUE}.",
        defaultValue = "/")
    private String root;

    @Option(names = "--keep", description = "Leave what the run has made.")
    private boolean keep;
  }

  @Override
  protected void run() throws Exception {
    MetaPlan plan;
    try {
      plan = options.plan();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
    Path launcher = LocalBench.launcher();
    if (!where.local) {
      ClientConfig config = global().configuration().get(ClientConfig.class);
      measure(plan, launcher, config.masters(), options.fsyncDirectory());
      return;
    }
    try (LocalBed trio = LocalBench.start(global(), where.localDirectory, this::say)) {
      say("masters on " + trio.masterRpcs() + ", " + trio.directory());
      measure(
          plan,
          launcher,
          HostPort.parseList(trio.masterRpcs()),
          options.fsyncDirectory().or(() -> Optional.of(trio.directory())));
      if (trio.failure().isPresent()) {
        throw new CliException(trio.failure().get());
      }
    }
  }

  private void measure(
      MetaPlan plan, Path launcher, List<HostPort> masters, Optional<Path> fsyncDirectory)
      throws IOException {
    List<Row> rows = new ArrayList<>();
    if (plan.stages().contains(Stage.FSYNC)) {
      fsyncDirectory.ifPresentOrElse(
          directory -> rows.add(fsync(plan, directory)),
          () -> say("fsync is left out: --fsync-dir does not say where the masters' disk is"));
    }
    Verdict verdict = Verdict.NONE;
    if (plan.calls()) {
      verdict = measureCalls(plan, launcher, masters, rows);
    }
    show(plan, inOrder(rows), verdict);
    verdict.require();
  }

  private Row fsync(MetaPlan plan, Path directory) {
    Duration time = plan.times().duration();
    try {
      Measured measured =
          FsyncProbe.run(directory, time.compareTo(FSYNC_MAX) > 0 ? FSYNC_MAX : time);
      Row row = new Row(Stage.FSYNC.word(), 1, measured.figures(), CpuUse.NONE);
      say(String.format("fsync: %,.0f a second on %s", row.perSecond(), diskOf(directory)));
      return row;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("fsync in " + directory, e);
    }
  }

  private static String diskOf(Path directory) throws IOException {
    var store = Files.getFileStore(directory);
    return store.name() + " (" + store.type() + ")";
  }

  private Verdict measureCalls(MetaPlan plan, Path launcher, List<HostPort> masters, List<Row> rows)
      throws IOException {
    String addresses = masters.stream().map(HostPort::toString).collect(Collectors.joining(","));
    List<String> common = new ArrayList<>(List.of("--masters", addresses));
    common.addAll(global().configurationOptions());
    ClientConfig config = global().clientConfig(masters, commandName());
    String base = where.root.equals("/") ? "" : where.root;
    String root = base + "/bench-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    try (CurvineClient client = CurvineClient.connect(config);
        Clients clients = Clients.start(launcher, common, plan.clients())) {
      MetaRun run = new MetaRun(plan, client, clients, root, this::say);
      run.run(options.verify());
      rows.addAll(run.rows());
      if (!where.local && !where.keep) {
        client.namespace().delete(Refs.path(root), InodeType.DIRECTORY, true);
      }
      return run.verdict();
    }
  }

  /** By stage, in the order in which stages came; with the ceiling of the same concurrency. */
  static List<Row> inOrder(List<Row> rows) {
    List<String> names = rows.stream().map(Row::name).distinct().toList();
    List<Row> ordered = new ArrayList<>();
    for (String name : names) {
      rows.stream()
          .filter(row -> row.name().equals(name))
          .map(row -> row.comparedWith(new Row.Compared(echo(rows, row), single(rows, row))))
          .forEach(ordered::add);
    }
    return ordered;
  }

  private static double echo(List<Row> rows, Row row) {
    return row.name().equals(Stage.FSYNC.word())
        ? 0
        : rate(rows, Stage.ECHO.word(), row.concurrency());
  }

  /** Of the same operations in calls of their own, where the row's calls hold many. */
  private static double single(List<Row> rows, Row row) {
    int times = row.name().lastIndexOf(" x");
    return times < 0 ? 0 : rate(rows, row.name().substring(0, times), row.concurrency());
  }

  private static double rate(List<Row> rows, String name, int concurrency) {
    return rows.stream()
        .filter(each -> each.name().equals(name) && each.concurrency() == concurrency)
        .mapToDouble(Row::perSecond)
        .findFirst()
        .orElse(0);
  }

  private void show(MetaPlan plan, List<Row> rows, Verdict verdict) throws IOException {
    ObjectNode json =
        Json.object()
            .put("processors", Runtime.getRuntime().availableProcessors())
            .put("java", Runtime.version().toString())
            .put("clients", plan.clients())
            .put("directories", plan.tree().directories())
            .put("depth", plan.tree().depth())
            .put("byChild", plan.tree().byChild())
            .put("batch", plan.batch())
            .put("ratePerSecond", plan.ratePerSecond())
            .put("warmupMillis", plan.times().warmup().toMillis())
            .put("durationMillis", plan.times().duration().toMillis());
    var array = json.putArray("rows");
    rows.forEach(row -> array.add(row.toJson()));
    if (options.verify()) {
      json.set("verified", verdict.toJson());
    }
    boolean toStdout = "-".equals(report);
    if (report != null && !toStdout) {
      Files.writeString(Path.of(report), Json.document(json) + "\n");
    }
    if (global().json() || toStdout) {
      out().println(Json.document(json));
    } else {
      out().print("\n" + RowTable.render(rows));
    }
  }

  /** Beside the data of --json. */
  private void say(String event) {
    PrintWriter to = global().json() || "-".equals(report) ? err() : out();
    to.println("curvine: " + event);
    to.flush();
  }
}
