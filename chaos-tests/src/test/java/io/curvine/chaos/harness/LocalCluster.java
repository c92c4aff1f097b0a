/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * {@code bin/curvine local} as a person runs it: its own processes on ports of their own. Closing
 * it presses Ctrl-C and checks that nothing stays behind.
 */
public final class LocalCluster implements AutoCloseable {
  private static final Duration START_PATIENCE = Duration.ofMinutes(2);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(60);
  private static final Duration COMMAND_PATIENCE = Duration.ofMinutes(10);

  private final Path dataDir;
  private final int basePort;
  private final List<String> options;
  private final Path console;
  private Process process;

  private LocalCluster(Path dataDir, List<String> options) throws IOException {
    this.dataDir = dataDir;
    this.basePort = freePorts();
    this.options = options;
    this.console = Files.createTempFile("curvine-local", ".txt");
  }

  /** Starts and waits for {@code curvine is ready}. Options are those of {@code curvine local}. */
  public static LocalCluster start(Path dataDir, String... options) {
    try {
      LocalCluster cluster = new LocalCluster(dataDir, List.of(options));
      cluster.startAgain();
      return cluster;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts on the same data and ports once more, after {@link #close()} or {@link
   * #killEverything()}.
   */
  public void startAgain() {
    try {
      List<String> command = new ArrayList<>(List.of(curvine(), "local"));
      command.addAll(
          List.of("--data-dir", dataDir.toString(), "--base-port", Integer.toString(basePort)));
      command.addAll(options);
      Files.writeString(console, "");
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("CURVINE_BUILD", "never");
      builder.redirectErrorStream(true).redirectOutput(console.toFile());
      process = builder.start();
      Await.until(
          "'curvine is ready'",
          START_PATIENCE,
          () -> output().contains("curvine is ready") || !process.isAlive());
      if (!process.isAlive()) {
        throw new AssertionError("curvine local ended:\n" + output());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code local} printed so far. */
  public String output() {
    try {
      return Files.readString(console);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code bin/curvine ARGS} against this cluster. */
  public Outcome curvine(String... arguments) {
    return run(curvine(), arguments);
  }

  /** {@code bin/curvine-admin ARGS} against this cluster. */
  public Outcome curvineAdmin(String... arguments) {
    return run(curvine() + "-admin", arguments);
  }

  private Outcome run(String program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(List.of(arguments));
    return Processes.run(
        Map.of("CURVINE_MASTERS", masters(), "CURVINE_BUILD", "never"), COMMAND_PATIENCE, command);
  }

  /** The first of the ports that the cluster has. */
  public int basePort() {
    return basePort;
  }

  /** The masters' RPC addresses, comma-separated. */
  public String masters() {
    return "127.0.0.1:"
        + basePort
        + ",127.0.0.1:"
        + (basePort + 1)
        + ",127.0.0.1:"
        + (basePort + 2);
  }

  /** {@code curvine report --json}. */
  public JsonNode report() {
    return curvine("report", "--json").json();
  }

  /** What the report says of a worker. */
  public JsonNode worker(int id) {
    for (JsonNode worker : report().get("workers")) {
      if (worker.get("id").asInt() == id) {
        return worker;
      }
    }
    throw new AssertionError("no worker " + id);
  }

  /** {@code curvine-admin ufs status MOUNT}, as people see it. */
  public String ufsStatus(String mount) {
    return curvineAdmin("ufs", "status", mount).succeeded();
  }

  /** What {@code curvine-admin ufs status} says of a mount. */
  public JsonNode ufsSync(String mount) {
    return curvineAdmin("--json", "ufs", "status", mount).json().get(0);
  }

  /** What it says of the mount's first change source. */
  public JsonNode source(String mount) {
    return ufsSync(mount).get("sources").get(0);
  }

  /** Process id of the master that leads now. */
  public long leaderPid() {
    for (JsonNode master : report().get("masters")) {
      if (master.get("role").asText().equals("leader")) {
        return master.get("pid").asLong();
      }
    }
    throw new AssertionError("no leader in " + report());
  }

  /** Process ids of masters and workers. */
  public List<Long> nodePids() {
    JsonNode report = report();
    List<Long> pids = new ArrayList<>();
    report.get("masters").forEach(node -> pids.add(node.get("pid").asLong()));
    report.get("workers").forEach(node -> pids.add(node.get("pid").asLong()));
    return pids;
  }

  /** kill -9 of the launcher and of all that it started. */
  public void killEverything() {
    List<ProcessHandle> handles = new ArrayList<>(process.descendants().toList());
    handles.add(0, process.toHandle());
    handles.forEach(ProcessHandle::destroyForcibly);
    Await.until(
        "end of all processes",
        STOP_PATIENCE,
        () -> handles.stream().noneMatch(ProcessHandle::isAlive));
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      stop();
    }
    try {
      Files.deleteIfExists(console);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void stop() {
    List<ProcessHandle> handles = process.descendants().toList();
    process.destroy(); // SIGTERM; the launcher treats it as Ctrl-C
    try {
      if (!process.waitFor(STOP_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        killEverything();
        throw new AssertionError("curvine local did not stop:\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<ProcessHandle> left = handles.stream().filter(ProcessHandle::isAlive).toList();
    left.forEach(ProcessHandle::destroyForcibly);
    if (!left.isEmpty()) {
      throw new AssertionError("left running after the stop: " + left + "\n" + output());
    }
  }

  private static String curvine() {
    return RepositoryRoot.find().resolve("bin/curvine").toString();
  }

  /** A base below the ephemeral range whose offsets that a local cluster uses are free now. */
  private static int freePorts() {
    for (int attempt = 0; attempt < 100; attempt++) {
      int base = ThreadLocalRandom.current().nextInt(12_000, 30_000);
      if (free(base)) {
        return base;
      }
    }
    throw new AssertionError("no free ports");
  }

  private static boolean free(int base) {
    for (int offset = 0; offset <= 502; offset += offset % 100 < 4 ? 1 : 96) {
      try (ServerSocket probe =
          new ServerSocket(base + offset, 1, InetAddress.getLoopbackAddress())) {
        if (probe.getLocalPort() != base + offset) {
          return false;
        }
      } catch (IOException e) {
        return false;
      }
    }
    return true;
  }
}
