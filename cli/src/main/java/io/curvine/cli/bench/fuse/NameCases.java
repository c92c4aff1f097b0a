/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.bench.fuse.Comparison.Side;
import io.curvine.cli.local.LocalBed.Mounted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Attributes of files of one directory, and opens of them, by four jobs; each takes any file. What
 * a Java program adds to the calls is the same on both sides. For one thread.
 */
final class NameCases {
  private static final String DIRECTORY = "bench-names";
  private static final int JOBS = 4;

  private final FuseBed bed;
  private final FusePlan plan;
  private boolean made; // in the cluster

  NameCases(FuseBed bed, FusePlan plan) {
    this.bed = bed;
    this.plan = plan;
  }

  /** What is done to a file. */
  @FunctionalInterface
  private interface Look {
    void at(Path file) throws IOException;
  }

  List<Comparison> of(FuseCase kind) throws IOException {
    if (!made) {
      bed.makeFiles(DIRECTORY, plan.sizes().files());
      made = true;
    }
    return switch (kind) {
      case STAT -> {
        Mounted mount = bed.uncachedMount();
        Mounted none = bed.uncachedNullMount();
        Side compared = side(filled(none.directory()), bed.rolesOfNull(none), NameCases::stat);
        yield comparison(kind, "stat, kernel caches off", mount, NameCases::stat, compared);
      }
      case STAT_CACHED -> ofLocal(kind, "stat, kernel caches on", NameCases::stat);
      case OPEN_CACHED -> ofLocal(kind, "open and close, kernel caches on", NameCases::open);
      default -> throw new IllegalArgumentException(kind + " is not of names");
    };
  }

  private List<Comparison> ofLocal(FuseCase kind, String name, Look look) throws IOException {
    Side compared = side(filled(bed.local()), bed.rolesOfLocal(), look);
    return comparison(kind, name, bed.mount(), look, compared);
  }

  private List<Comparison> comparison(
      FuseCase kind, String name, Mounted mount, Look look, Side compared) {
    Side mounted = side(mount.directory().resolve(DIRECTORY), bed.rolesOf(mount), look);
    return List.of(new Comparison(kind, name, JOBS, mounted, compared));
  }

  private Path filled(Path parent) throws IOException {
    Path directory = parent.resolve(DIRECTORY);
    return Files.exists(directory) ? directory : FuseBed.makeFiles(directory, plan.sizes().files());
  }

  private Side side(Path directory, Map<String, List<Long>> roles, Look look) {
    Path[] files = new Path[plan.sizes().files()];
    for (int file = 0; file < files.length; file++) {
      files[file] = directory.resolve(Integer.toString(file));
    }
    Jobs.Step step =
        () -> {
          look.at(files[ThreadLocalRandom.current().nextInt(files.length)]);
          return 0;
        };
    return () -> Jobs.run(Collections.nCopies(JOBS, step), plan.turn(), roles);
  }

  private static void stat(Path file) throws IOException {
    var unused = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private static void open(Path file) throws IOException {
    FileChannel.open(file, StandardOpenOption.READ).close();
  }
}
