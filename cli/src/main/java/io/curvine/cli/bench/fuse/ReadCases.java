/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import com.sun.nio.file.ExtendedOpenOption;
import io.curvine.cli.bench.fuse.Comparison.Side;
import io.curvine.cli.bench.ufs.Turn;
import io.curvine.cli.config.Units;
import io.curvine.cli.local.LocalBed.Mounted;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Reads of one file, by one job and by four. What is compared with the null mount is read with
 * O_DIRECT, so that every request goes to the mount; what is compared with a local file is read
 * once before, so that the kernel could have it. For one thread.
 */
final class ReadCases {
  private static final String FILE = "bench-read";
  private static final List<Integer> JOBS = List.of(1, 4);
  private static final List<Integer> SEQUENTIAL_BYTES = List.of(1 << 20, 128 << 10);
  private static final List<Integer> RANDOM_BYTES = List.of(4 << 10, 256 << 10);
  private static final Set<OpenOption> CACHED = Set.of(StandardOpenOption.READ);
  private static final Set<OpenOption> DIRECT =
      Set.of(StandardOpenOption.READ, ExtendedOpenOption.DIRECT);

  private final FuseBed bed;
  private final FusePlan plan;

  ReadCases(FuseBed bed, FusePlan plan) {
    this.bed = bed;
    this.plan = plan;
  }

  /** A file in some file system, and who works when it is read. */
  private record Place(Path file, Map<String, List<Long>> roles) {}

  /** Who opens, and what is read before it counts. */
  private enum Way {
    /** Every request goes to the file system. */
    DIRECT,
    /** All was read through the same open files. */
    KEPT_OPEN,
    /** All was read by someone who has closed the file since. */
    REOPENED
  }

  /** Requests of one kind. */
  private record Requests(int bytes, int jobs, boolean random) {
    LongSupplier places(long fileBytes, int job) {
      return random
          ? DataFile.random(fileBytes, bytes)
          : DataFile.sequential(fileBytes, bytes, job, jobs);
    }
  }

  List<Comparison> of(FuseCase kind) throws IOException {
    Mounted mount = bed.mount();
    Place through = place(mount.directory(), bed.rolesOf(mount));
    return switch (kind) {
      case READ -> all(kind, "sequential read", Way.DIRECT, false, through, ofNull());
      case READ_RANDOM -> all(kind, "random read", Way.DIRECT, true, through, ofNull());
      case READ_CACHED ->
          all(kind, "random read, cached, kept open", Way.KEPT_OPEN, true, through, ofLocal());
      case READ_REOPENED ->
          all(kind, "random read, cached, opened again", Way.REOPENED, true, through, ofLocal());
      default -> throw new IllegalArgumentException(kind + " is no read");
    };
  }

  private Place ofNull() throws IOException {
    Mounted mount = bed.nullMount();
    return place(mount.directory(), bed.rolesOfNull(mount));
  }

  private Place ofLocal() throws IOException {
    return place(bed.local(), bed.rolesOfLocal());
  }

  private Place place(Path directory, Map<String, List<Long>> roles) throws IOException {
    Path file = directory.resolve(FILE);
    if (!Files.exists(file)) {
      DataFile.make(file, plan.sizes().dataBytes());
    }
    return new Place(file, roles);
  }

  private List<Comparison> all(
      FuseCase kind, String name, Way way, boolean random, Place through, Place other) {
    List<Comparison> all = new ArrayList<>();
    for (int bytes : random ? RANDOM_BYTES : SEQUENTIAL_BYTES) {
      for (int jobs : JOBS) {
        Requests requests = new Requests(bytes, jobs, random);
        Side mounted = () -> read(through, way, requests);
        Side compared = () -> read(other, way, requests);
        all.add(
            new Comparison(kind, name + ", " + Units.showBytes(bytes), jobs, mounted, compared));
      }
    }
    return all;
  }

  private Turn read(Place place, Way way, Requests requests)
      throws IOException, InterruptedException {
    if (way == Way.REOPENED) {
      try (FileChannel first = FileChannel.open(place.file(), CACHED)) {
        DataFile.readAll(first);
      }
    }
    List<FileChannel> opened = new ArrayList<>();
    try {
      List<Jobs.Step> steps = new ArrayList<>();
      for (int job = 0; job < requests.jobs(); job++) {
        FileChannel file = FileChannel.open(place.file(), way == Way.DIRECT ? DIRECT : CACHED);
        opened.add(file);
        steps.add(
            DataFile.reading(
                file, requests.bytes(), requests.places(plan.sizes().dataBytes(), job)));
      }
      if (way == Way.KEPT_OPEN) {
        DataFile.readAll(opened.get(0));
      }
      return Jobs.run(steps, plan.turn(), place.roles());
    } finally {
      for (FileChannel each : opened) {
        each.close();
      }
    }
  }
}
