/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A worker beside those of a local cluster, with cache directories of the test's choice. Nobody
 * starts it again when it dies. Closing it kills it.
 */
public final class OwnWorker implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Past the ports of the cluster's own workers. */
  private static final int PORT_OFFSET = 4;

  private final LocalCluster cluster;
  private final Path directory;
  private final List<String> settings;
  private Process process;

  private OwnWorker(LocalCluster cluster, Path directory, List<String> settings) {
    this.cluster = cluster;
    this.directory = directory;
    this.settings = settings;
  }

  /**
   * Starts it, and waits until the masters know it.
   *
   * @param directory for its identity and for what it prints
   * @param dirs as {@code worker.dirs} takes them
   */
  public static OwnWorker start(LocalCluster cluster, Path directory, String... dirs) {
    return start(cluster, directory, List.of("worker.dirs=" + String.join(",", dirs)));
  }

  /** The same, of settings as {@code --set} takes them. */
  public static OwnWorker start(LocalCluster cluster, Path directory, List<String> settings) {
    OwnWorker worker = new OwnWorker(cluster, directory, settings);
    worker.startAgain();
    return worker;
  }

  /** Starts it on what it has, after {@link #close()}. */
  public void startAgain() {
    try {
      Files.createDirectories(directory);
      List<String> command = new ArrayList<>();
      command.add(RepositoryRoot.find().resolve("bin/curvine").toString());
      command.add("worker");
      List<String> all = new ArrayList<>(settings);
      all.addAll(
          List.of(
              "worker.masters=" + cluster.masters(),
              "worker.bind-host=127.0.0.1",
              "worker.advertised-host=127.0.0.1",
              "worker.data-port=" + port(400),
              "worker.http-port=" + port(500),
              "worker.id-dir=" + directory.resolve("id"),
              // All bytes go through the worker: nobody else holds its files.
              "worker.socket=none"));
      all.forEach(setting -> command.addAll(List.of("--set", setting)));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("CURVINE_BUILD", "never");
      process = builder.redirectErrorStream(true).redirectOutput(log().toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Await.until("a worker with process " + process.pid(), PATIENCE, () -> found().isPresent());
    } catch (AssertionError e) {
      close();
      throw new AssertionError(output(), e);
    }
  }

  private int port(int use) {
    return cluster.basePort() + use + PORT_OFFSET;
  }

  private Path log() {
    return directory.resolve("worker.log");
  }

  /** What it printed since it was started last. */
  public String output() {
    try {
      return Files.readString(log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its number at the masters. */
  public int id() {
    return known().get("id").asInt();
  }

  private JsonNode known() {
    return found().orElseThrow(() -> new AssertionError("not known:\n" + output()));
  }

  private Optional<JsonNode> found() {
    for (JsonNode worker : cluster.report().get("workers")) {
      if (worker.get("pid").asLong() == process.pid()) {
        return Optional.of(worker);
      }
    }
    return Optional.empty();
  }

  /** Of a tier, what the report says of its directory. */
  public JsonNode tier(String kind) {
    for (JsonNode tier : known().get("tiers")) {
      if (tier.get("kind").asText().equals(kind)) {
        return tier;
      }
    }
    throw new AssertionError("no tier " + kind);
  }

  /** The process that was started last has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
    Await.until("end of the worker", PATIENCE, () -> !process.isAlive());
  }
}
