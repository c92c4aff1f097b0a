/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A master beside the three of a {@link LocalCluster}, named m4, that a test starts and ends: what
 * it prints is its own, and nothing starts it again when it ends. Not thread-safe.
 */
public final class FourthMaster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final LocalCluster cluster;
  private final Path directory;
  private final List<String> settings;
  private Process process;

  private FourthMaster(LocalCluster cluster, Path directory, List<String> settings) {
    this.cluster = cluster;
    this.directory = directory;
    this.settings = settings;
  }

  /**
   * One that is not started yet.
   *
   * @param directory for its data and for what it prints
   * @param settings of the configuration, as {@code master.pause-max=5s}
   */
  public static FourthMaster prepare(LocalCluster cluster, Path directory, String... settings) {
    return new FourthMaster(cluster, directory, List.of(settings));
  }

  /**
   * Starts it to join, and waits until it serves; it is not a member yet. Parameters as of {@link
   * #prepare}.
   */
  public static FourthMaster start(LocalCluster cluster, Path directory, String... settings) {
    FourthMaster master = prepare(cluster, directory, settings);
    master.launch();
    master.awaitOutput("master m4 serves");
    return master;
  }

  /** Starts it, on what data it has by now; returns at once. */
  public void launch() {
    try {
      Files.createDirectories(directory);
      List<String> command = new ArrayList<>();
      command.add(RepositoryRoot.find().resolve("bin/curvine").toString());
      command.addAll(List.of("master", "--join"));
      List<String> all = new ArrayList<>(settings);
      all.add("master.id=m4");
      all.add("master.data-dir=" + dataDir());
      all.add("master.cluster-peers=" + String.join(",", peers()));
      all.forEach(setting -> command.addAll(List.of("--set", setting)));
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("CURVINE_BUILD", "never");
      process = builder.redirectErrorStream(true).redirectOutput(console().toFile()).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private List<String> peers() {
    List<String> peers = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      peers.add(peer(i));
    }
    return peers;
  }

  private String peer(int number) {
    int rpc = cluster.basePort() + number - 1;
    return "m%d=127.0.0.1:%d:%d:%d:%d".formatted(number, rpc + 100, rpc, rpc + 200, rpc + 300);
  }

  /** As {@code curvine-admin quorum add} takes it. */
  public String peer() {
    return peer(4);
  }

  public Path dataDir() {
    return directory.resolve("m4");
  }

  private Path console() {
    return directory.resolve("m4.log");
  }

  /** The JVM's process id: the script has become it. */
  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** What it printed since it was started last. */
  public String output() {
    try {
      return Files.readString(console());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void awaitOutput(String text) {
    Await.until("'" + text + "' of m4", PATIENCE, () -> output().contains(text));
  }

  /** Waits until it has ended by itself, with exit code 1, and gives the last line it printed. */
  public String lastLineOfItsEnd() {
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("m4 did not end:\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    if (process.exitValue() != 1) {
      throw new AssertionError("exit code " + process.exitValue() + ":\n" + output());
    }
    List<String> lines = output().lines().toList();
    return lines.get(lines.size() - 1);
  }

  @Override
  public void close() {
    if (process == null) {
      return;
    }
    process.destroyForcibly();
    Await.until("end of m4", PATIENCE, () -> !process.isAlive());
  }
}
