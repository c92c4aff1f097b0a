/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.RepositoryRoot;
import io.curvine.cli.node.MountPoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code curvine fuse} as a process of its own; closing it unmounts. */
final class OwnMount implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;

  private OwnMount(Process process) {
    this.process = process;
  }

  /** Mounts a cluster's namespace and waits until it is there. */
  static OwnMount start(LocalCluster cluster, Path point, String... settings) throws IOException {
    Path log = Files.createTempFile("curvine-fuse", ".txt");
    List<String> command = new ArrayList<>();
    command.add(RepositoryRoot.find().resolve("bin/curvine").toString());
    command.addAll(List.of("fuse", point.toString(), "--masters", cluster.masters()));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("CURVINE_BUILD", "never");
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    Await.until(
        point + " to be mounted",
        PATIENCE,
        () -> MountPoint.isMounted(point) || !process.isAlive());
    if (!process.isAlive()) {
      throw new AssertionError("curvine fuse ended:\n" + Files.readString(log));
    }
    return new OwnMount(process);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("the mount did not end");
    }
  }
}
