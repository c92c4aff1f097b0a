/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import io.curvine.protocol.io.FileTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where runs take place: a local directory, and the same directory of a cluster through one or more
 * mounts. Each run has directories of its own, which are removed where they agree. Thread-safe.
 *
 * @param mount the calls of the other side
 */
record Bed(Path local, List<Path> mounts, Posix mount) {
  private static final AtomicInteger RUNS = new AtomicInteger();
  private static final int FIRST_SEEDS = 2;
  private static final int FIRST_STEPS = 1_000;

  /**
   * Makes steps of each kind as root. What the JVM loads while a thread stands for another user, it
   * looks for with the rights of that user, who may not read the class path.
   */
  static void loadClasses(Path local) {
    Bed bed = new Bed(local, List.of(local), new Posix());
    for (int seed = 0; seed < FIRST_SEEDS; seed++) {
      List<Step> steps = new ArrayList<>();
      for (Step step : Steps.of(seed, FIRST_STEPS, 1)) {
        steps.add(new Step(User.ROOT, 0, step.operation()));
      }
      Optional<Difference> found = bed.run(steps);
      if (found.isPresent()) {
        throw new AssertionError("a file system differs from itself: " + found.get().text());
      }
    }
  }

  /** Makes the steps in fresh directories. */
  Optional<Difference> run(List<Step> steps) {
    int number = RUNS.incrementAndGet();
    return run(steps, "local-" + number, "mount-" + number);
  }

  private Optional<Difference> run(List<Step> steps, String localName, String mountName) {
    try {
      make(local.resolve(localName));
      make(mounts.get(0).resolve(mountName));
      boolean fine = Sights.areTimesFine(new Posix(), local.resolve(localName).toString());
      Tree model = new Tree(new Posix(), root(local, localName), new Sights(fine));
      Sights sights = new Sights(fine); // an inode has the same number at each mount
      List<Tree> trees = new ArrayList<>();
      for (Path point : mounts) {
        trees.add(new Tree(mount, root(point, mountName), sights));
      }
      Optional<Difference> found = new Run(steps, model, trees).difference();
      if (found.isEmpty()) { // what differs may not be removable
        FileTrees.delete(local.resolve(localName));
        FileTrees.delete(mounts.get(0).resolve(mountName));
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String root(Path base, String run) {
    return base.resolve(run).resolve("tree").toString();
  }

  private static void make(Path run) throws IOException {
    Path tree = Files.createDirectories(run.resolve("tree"));
    Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(tree, PosixFilePermissions.fromString("rwxrwxrwx"));
  }
}
