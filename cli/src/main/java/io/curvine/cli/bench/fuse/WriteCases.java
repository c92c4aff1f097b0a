/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.bench.data.PageCache;
import io.curvine.cli.bench.fuse.Comparison.Side;
import io.curvine.cli.bench.ufs.Turn;
import io.curvine.cli.local.LocalBed.Mounted;
import io.curvine.client.CreateOptions;
import io.curvine.client.FileWriter;
import io.curvine.client.Refs;
import io.curvine.protocol.io.AlignedBuffers;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;

/**
 * Files that are made with a content, through the mount and by a client in this process, which
 * makes, writes and closes them as the mount has to. What was made goes after the turn. For one
 * thread.
 */
final class WriteCases {
  private static final int CREATE_JOBS = 8;
  private static final int SMALL_BYTES = 4 << 10;
  private static final int CHUNK_BYTES = 1 << 20;

  /** What is written in a turn, and what was written before and is being freed. */
  private static final int WARMED_FILES = 2;

  private static final CreateOptions NEW = CreateOptions.defaults().withExclusive(true);

  private final FuseBed bed;
  private final FusePlan plan;
  private final ByteBuffer content = AlignedBuffers.allocate(CHUNK_BYTES);
  private int turns;

  WriteCases(FuseBed bed, FusePlan plan) {
    this.bed = bed;
    this.plan = plan;
  }

  List<Comparison> of(FuseCase kind) throws IOException {
    Mounted mount = bed.mount();
    Map<String, List<Long>> through = bed.rolesOf(mount);
    Map<String, List<Long>> direct = bed.rolesOfClient();
    if (kind == FuseCase.CREATE) {
      Side mounted =
          () -> create(through, file -> write(mount.directory().resolve(file), SMALL_BYTES));
      Side compared = () -> create(direct, file -> writeByClient("/" + file, SMALL_BYTES));
      return List.of(
          new Comparison(kind, "create, write 4 KiB, close", CREATE_JOBS, mounted, compared));
    }
    long bytes = plan.sizes().dataBytes();
    Side mounted = () -> writeOne(through, file -> write(mount.directory().resolve(file), bytes));
    Side compared = () -> writeOne(direct, file -> writeByClient("/" + file, bytes));
    return List.of(new Comparison(kind, "sequential write, 1 MiB", 1, mounted, compared));
  }

  /** Makes a file of a name relative to the root. */
  @FunctionalInterface
  private interface Making {
    void make(String file) throws IOException;
  }

  private Turn create(Map<String, List<Long>> roles, Making making)
      throws IOException, InterruptedException {
    String directory = "bench-create-" + turns++;
    bed.makeDirectory(directory);
    Turn turn =
        Turn.each(
            plan.sizes().creates(),
            CREATE_JOBS,
            roles,
            file -> {
              making.make(directory + "/" + file);
              return SMALL_BYTES;
            });
    bed.deleteDirectory(directory);
    return turn;
  }

  private Turn writeOne(Map<String, List<Long>> roles, Making making)
      throws IOException, InterruptedException {
    String file = "bench-write-" + turns++;
    long bytes = plan.sizes().dataBytes();
    PageCache.warm(bed.directory(), WARMED_FILES * bytes);
    Turn turn =
        Turn.whole(
            bytes / CHUNK_BYTES,
            roles,
            () -> {
              making.make(file);
              return bytes;
            });
    bed.client().namespace().delete(Refs.path("/" + file), InodeType.FILE, false, true);
    return turn;
  }

  private void write(Path file, long bytes) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long at = 0; at < bytes; at += CHUNK_BYTES) {
        for (ByteBuffer next = next(bytes - at); next.hasRemaining(); ) {
          out.write(next);
        }
      }
    }
  }

  private void writeByClient(String path, long bytes) throws IOException {
    try (FileWriter out = bed.client().create(Refs.path(path), NEW)) {
      for (long at = 0; at < bytes; at += CHUNK_BYTES) {
        out.write(at, next(bytes - at));
      }
    }
  }

  private ByteBuffer next(long left) {
    return content.duplicate().clear().limit((int) Math.min(left, CHUNK_BYTES));
  }
}
