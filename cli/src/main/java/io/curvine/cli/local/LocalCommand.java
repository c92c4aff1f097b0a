/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.GlobalOptions;
import io.curvine.cli.Version;
import io.curvine.cli.command.OptionPairs;
import io.curvine.cli.command.UfsLocation;
import io.curvine.cli.config.Units;
import io.curvine.cli.node.Foreground;
import io.curvine.cli.node.MountPoint;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.master.secrets.SecretsKeyFile;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.WorkerStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine local}: a whole cluster on this machine, in the foreground. */
@Command(
    name = "local",
    description = "Run three masters and some workers on this machine, until Ctrl-C.",
    mixinStandardHelpOptions = true)
public final class LocalCommand extends Action {
  /** So that a node that fails at its start is noticed soon. */
  private static final Duration PROBE_MAX = Duration.ofSeconds(2);

  @Option(
      names = "--ufs",
      paramLabel = "DIR_OR_URI",
      description = "Mounted at /: a directory, or s3://bucket/prefix. Default: some sample files.")
  private String ufs;

  @Option(
      names = "--option",
      paramLabel = "KEY=VALUE",
      description = "Of the UFS, for example s3.endpoint=http://host:9000; can be repeated.")
  private List<String> ufsOptions = new ArrayList<>();

  @Option(
      names = "--mount",
      paramLabel = "DIR",
      description =
          "Mount the namespace there through FUSE; made where it is missing. Default: no mount.")
  private Path mountPoint;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = "${sys:user.home}/.curvine/local",
      description = "Keeps everything; a second start finds it. Default: ~/.curvine/local")
  private Path dataDir;

  @Option(
      names = "--base-port",
      paramLabel = "PORT",
      description =
          "First RPC port. Masters: RPC +0.., Raft +100.., feed +200.., HTTP +300..; workers: data +400..,"
              + " HTTP +500..; mount: HTTP +600. Default: that of the data directory,"
              + " else 8995.")
  private Integer basePort;

  @Option(
      names = "--workers",
      paramLabel = "N",
      defaultValue = "2",
      description = "Workers, 1 to 50; default: ${DEFAULT-VALUE}.")
  private int workers;

  @Option(
      names = "--cache",
      paramLabel = "SIZE",
      defaultValue = "10GiB",
      description = "What each worker may keep; default: ${DEFAULT-VALUE}.")
  private String cache;

  @Option(names = "--in-process", description = "One process for all, for laptops and tests.")
  private boolean inProcess;

  @Override
  protected void run() throws IOException {
    LocalUfs localUfs = new LocalUfs(Optional.ofNullable(ufs), OptionPairs.parse(ufsOptions));
    localUfs.check();
    checkOverlaps();
    global().configuration(); // a wrong key is better said here than by a child
    LocalNodes nodes = nodes();
    try (DataDirectory data = DataDirectory.open(absolute(dataDir))) {
      LocalPlan plan = plan(data.basePort(Optional.ofNullable(basePort)));
      Ports.requireFree(plan.all());
      if (plan.mountPoint().isPresent()) {
        MountPoint.prepare(plan.mountPoint().get());
      }
      Foreground.closeAtExit("local cluster", nodes);
      say("starting on " + plan.dataDir());
      SecretsKeyFile.make(plan.secretsKeyFile());
      start(plan, localUfs, data, nodes);
      nodes.keepRunning();
      out().println("curvine is ready");
      out().flush();
      nodes.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CliException("interrupted", e);
    }
  }

  private LocalPlan plan(int port) throws IOException {
    try {
      if (Units.bytes(cache) <= 0) {
        throw new IllegalArgumentException("it is 0");
      }
    } catch (IllegalArgumentException e) {
      throw new CliException("--cache is " + cache + "; allowed: a size such as 512MiB, 10GiB", e);
    }
    return new LocalPlan(
            absolute(dataDir),
            port,
            workers,
            cache,
            Optional.ofNullable(mountPoint).map(LocalCommand::absolute))
        .checked();
  }

  /**
   * What happens, beside the data of --json; standard error is left to the one line of an error.
   */
  private void say(String event) {
    PrintWriter to = global().json() ? err() : out();
    to.println("curvine: " + event);
    to.flush();
  }

  private LocalNodes nodes() throws CliException {
    if (inProcess) {
      Foreground.logAsNode(global().debug());
      return new InProcessNodes(global());
    }
    String launcher = System.getProperty("curvine.launcher");
    if (launcher == null) {
      throw new CliException("run it as bin/curvine, or give --in-process");
    }
    return new ProcessNodes(Path.of(launcher), commonOptions(global()), this::say);
  }

  private void start(LocalPlan plan, LocalUfs localUfs, DataDirectory data, LocalNodes nodes)
      throws IOException {
    LocalReadiness readiness = new LocalReadiness(nodes);
    for (NodeSpec master : plan.masters()) {
      nodes.start(master);
    }
    ClientConfig config = clientConfig(plan);
    try (CurvineClient client = CurvineClient.connect(config);
        CurvineClient impatient = CurvineClient.connect(config.withRequestTimeout(PROBE_MAX))) {
      for (int i = 0; i < plan.workers(); i++) {
        nodes.start(plan.workerNodes().get(i));
        if (!data.isSetUp()) {
          awaitWorkers(readiness, impatient, i + 1); // so that w1 gets id 1
        }
      }
      readiness.await(plan.masters());
      readiness.await(plan.workerNodes());
      awaitWorkers(readiness, impatient, plan.workers());
      data.markBasePort(plan.basePort());
      Optional<Mount> mounted = localUfs.mount(client.namespace(), data);
      if (plan.mount().isPresent()) {
        nodes.start(plan.mount().get());
        readiness.await(List.of(plan.mount().get()));
        readiness.await("the mount", () -> requireMounted(plan.mountPoint().get()));
      }
      print(
          LocalReport.json(plan, nodes, mounted),
          LocalReport.text(plan, nodes, mounted, Version.number()));
    }
  }

  private static void awaitWorkers(LocalReadiness readiness, CurvineClient client, int count)
      throws IOException {
    readiness.await(
        count + " workers",
        () -> {
          long live =
              client.namespace().status().getWorkersList().stream()
                  .filter(WorkerStatus::getLive)
                  .count();
          if (live < count) {
            throw new IOException(live + " are live");
          }
        });
  }

  private static void requireMounted(Path point) throws IOException {
    if (!MountPoint.isMounted(point)) {
      throw new IOException(point + " is not mounted yet");
    }
  }

  private ClientConfig clientConfig(LocalPlan plan) {
    return global()
        .configuration(List.of("client.masters=" + plan.masterRpcs()))
        .get(ClientConfig.class)
        .withMasters(HostPort.parseList(plan.masterRpcs()))
        .withClientName("curvine local");
  }

  /** What a person gave for the launcher holds for its children. */
  static List<String> commonOptions(GlobalOptions global) {
    List<String> common = new ArrayList<>(global.configurationOptions());
    if (global.debug()) {
      common.add("--debug");
    }
    return common;
  }

  /** A mount that covers its own UFS or data would wait for itself. */
  private void checkOverlaps() throws IOException {
    Map<String, Path> directories = new LinkedHashMap<>();
    directories.put("--data-dir", absolute(dataDir));
    if (mountPoint != null) {
      directories.put("--mount", absolute(mountPoint));
    }
    if (ufs != null && UfsLocation.uri(ufs).startsWith("file:")) {
      directories.put("--ufs", Path.of(URI.create(UfsLocation.uri(ufs))));
    }
    for (Map.Entry<String, Path> one : directories.entrySet()) {
      for (Map.Entry<String, Path> other : directories.entrySet()) {
        if (!one.equals(other) && one.getValue().startsWith(other.getValue())) {
          throw new CliException(
              one.getKey()
                  + " "
                  + one.getValue()
                  + " lies in "
                  + other.getKey()
                  + " "
                  + other.getValue()
                  + "; allowed: separate directories");
        }
      }
    }
  }

  private static Path absolute(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
