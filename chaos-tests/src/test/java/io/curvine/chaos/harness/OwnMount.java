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
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A FUSE mount of a cluster in a process of its own, beside the one that the cluster may have. */
public final class OwnMount implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path point;
  private final Path log;
  private final Process process;

  private OwnMount(Path point, Path log, Process process) {
    this.point = point;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts it, and waits until it is mounted.
   *
   * @param at mount point, which is made
   * @param settings as {@code --set} takes them
   */
  public static OwnMount start(LocalCluster cluster, Path at, String... settings) {
    try {
      Path point = Files.createDirectories(at).toRealPath();
      Path log = point.resolveSibling(point.getFileName() + ".log");
      List<String> command = new ArrayList<>();
      command.add(RepositoryRoot.find().resolve("bin/curvine").toString());
      command.addAll(List.of("fuse", point.toString()));
      for (String setting : settings) {
        command.addAll(List.of("--set", setting));
      }
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().put("CURVINE_BUILD", "never");
      builder.environment().put("CURVINE_MASTERS", cluster.masters());
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      OwnMount mount = new OwnMount(point, log, process);
      Await.until("a mount at " + point, PATIENCE, () -> mount.isMounted() || !process.isAlive());
      if (!mount.isMounted()) {
        throw new AssertionError(mount.output());
      }
      return mount;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isMounted() {
    try {
      return Files.readAllLines(Path.of("/proc/mounts")).stream()
          .anyMatch(line -> line.split(" ")[1].equals(point.toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it is mounted. */
  public Path point() {
    return point;
  }

  /** What it printed. */
  public String output() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** kill -9: whoever uses the mount gets errors from then on. */
  public void kill() {
    process.destroyForcibly();
    Await.until("end of the mount", PATIENCE, () -> !process.isAlive());
  }

  /** Unmounts it as umount does; what is left of one that was killed goes too. */
  @Override
  public void close() {
    boolean alive = process.isAlive();
    if (isMounted()) {
      Processes.run(Map.of(), PATIENCE, List.of("umount", "-l", point.toString())).succeeded();
    }
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the mount did not end:\n" + output());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (alive && process.exitValue() != 0) {
      throw new AssertionError("the mount ended with " + process.exitValue() + ":\n" + output());
    }
  }
}
