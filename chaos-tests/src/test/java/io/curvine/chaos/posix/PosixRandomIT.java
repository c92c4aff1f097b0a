/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.OwnMount;
import io.curvine.chaos.posix.Shrinker.Shrunk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Makes the same random system calls in a local directory and in the mount: both have to give the
 * same results, error numbers, attributes, listings and contents. Every third seed goes over two
 * mounts of one cluster. What differs and is meant to is in fuse/POSIX.md.
 *
 * <p>{@code -Dcurvine.seed=S} makes the steps of one seed, {@code -Dcurvine.posix-seeds=N} so many
 * seeds, {@code -Dcurvine.posix-steps=N} so many steps of each.
 */
final class PosixRandomIT {
  private static final int SEEDS = Integer.getInteger("curvine.posix-seeds", 60);
  private static final int STEPS = Integer.getInteger("curvine.posix-steps", 1_000);
  private static final int THREADS = 8;
  private static final int SHRUNK_MAX = 3;
  private static final int SHRINKING_RUNS_MAX = 200;
  private static final int STEPS_BEFORE = 10;

  private final Long only = Long.getLong("curvine.seed");
  private final AtomicInteger differing = new AtomicInteger();

  @TempDir private Path temp;

  @Test
  void theMountDoesWhatALocalFileSystemDoes() throws Exception {
    boolean isRoot = System.getProperty("user.name").equals("root");
    assumeThat(isRoot && Files.exists(Path.of("/dev/fuse"))).as("root and /dev/fuse").isTrue();
    Files.setPosixFilePermissions(temp, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path local = Files.createDirectory(temp.resolve("local"));
    Path one = Files.createDirectory(temp.resolve("one"));
    Bed.loadClasses(local);
    Path first = Files.createDirectory(temp.resolve("first"));
    Path second = Files.createDirectory(temp.resolve("second"));
    String blocks = "client.block-size=1MiB"; // so that files have several
    String patience = "client.request-timeout=10m"; // a machine that is busy is no difference
    String[] uncached = {
      blocks, patience, "fuse.attr-timeout=0s", "fuse.entry-timeout=0s", "fuse.cache-timeout=0s"
    };
    try (LocalCluster cluster =
        LocalCluster.start(
            temp.resolve("data"),
            "--workers",
            "1",
            "--mount",
            one.toString(),
            "--set",
            blocks,
            "--set",
            patience)) {
      cluster.curvine("umount", "/").succeeded(); // no UFS has its own mind in this
      try (OwnMount firstMount = OwnMount.start(cluster, first, uncached);
          OwnMount secondMount = OwnMount.start(cluster, second, uncached)) {
        Bed alone = new Bed(local, List.of(one), new Posix());
        Bed together = new Bed(local, List.of(first, second), new Posix());
        assertThat(reports(alone, together)).isEmpty();
      }
    }
  }

  private List<String> reports(Bed alone, Bed together) throws Exception {
    long begin = only == null ? Math.floorMod(System.nanoTime(), 1_000_000_000) : only;
    int seeds = only == null ? SEEDS : 1;
    System.out.println("PosixRandomIT: seeds " + begin + " to " + (begin + seeds - 1));
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    try {
      List<Future<Optional<String>>> running = new ArrayList<>();
      for (long seed = begin; seed < begin + seeds; seed++) {
        long mine = seed;
        Bed bed = seed % 3 == 0 ? together : alone;
        running.add(threads.submit(() -> report(mine, bed)));
      }
      List<String> reports = new ArrayList<>();
      for (Future<Optional<String>> each : running) {
        each.get().ifPresent(reports::add);
      }
      return reports;
    } finally {
      threads.shutdownNow();
    }
  }

  private Optional<String> report(long seed, Bed bed) {
    List<Step> steps = Steps.of(seed, STEPS, bed.mounts().size());
    Optional<Difference> found = bed.run(steps);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    int at = found.get().step();
    StringBuilder text = new StringBuilder();
    text.append("\nseed ").append(seed).append(", ").append(bed.mounts().size());
    text.append(" mount(s), step ").append(at).append(": ").append(found.get().text());
    text.append("\n  the steps up to there:");
    append(text, steps.subList(Math.max(0, at - STEPS_BEFORE), at + 1));
    if (differing.incrementAndGet() <= SHRUNK_MAX) {
      Shrunk shrunk = new Shrinker(bed::run, SHRINKING_RUNS_MAX).shrink(steps, found.get());
      text.append("\n  shrunk to ").append(shrunk.steps().size()).append(" steps:");
      append(text, shrunk.steps());
      text.append("\n  ").append(shrunk.difference().text());
    }
    text.append("\n  again: mvn verify -pl chaos-tests -Dit.test=PosixRandomIT");
    text.append(" -Dcurvine.seed=").append(seed).append(" -Dcurvine.posix-steps=").append(STEPS);
    System.out.println(text); // at once: the others may take a while
    return Optional.of(text.toString());
  }

  private static void append(StringBuilder text, List<Step> steps) {
    steps.forEach(step -> text.append("\n    ").append(step));
  }
}
