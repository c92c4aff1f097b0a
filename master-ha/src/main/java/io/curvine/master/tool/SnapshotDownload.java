/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.disk.DiskWatch;
import io.curvine.master.disk.Quarantine;
import io.curvine.master.snapshot.SnapshotFetcher;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Copies the newest snapshot of a running master into one file. Stateless. */
public final class SnapshotDownload {
  private static final Duration CONNECT_MAX = Duration.ofSeconds(5);

  private SnapshotDownload() {}

  /**
   * Fetches every file, compares its digest, and writes the archive, which gets its name when it is
   * whole. It needs the room of the snapshot beside the file meanwhile.
   *
   * @param from a master's RPC port
   * @param file does not exist
   * @param atLeast the snapshot's offset is this or more
   * @throws CurvineException CORRUPT where a digest does not match; NO_SPACE where it does not fit;
   *     NOT_READY where the master's newest snapshot is an older one
   */
  public static SnapshotManifest archive(HostPort from, Path file, long atLeast)
      throws IOException {
    Path target = file.toAbsolutePath().normalize();
    if (Files.exists(target)) {
      throw new IOException(file + " exists; allowed: a file that does not");
    }
    Files.createDirectories(target.getParent());
    Path parts = Files.createTempDirectory(target.getParent(), target.getFileName() + ".parts-");
    try (RpcClient client = new RpcClient(CONNECT_MAX)) {
      SnapshotStore store =
          SnapshotStore.open(
              parts.resolve("snapshots"),
              1,
              new Quarantine(parts.resolve("quarantine"), Clock.systemUTC()),
              () -> DiskWatch.freeBytes(parts));
      Optional<SnapshotManifest> fetched = new SnapshotFetcher(client, store).fetch(from, 0);
      if (fetched.isEmpty() || fetched.get().getOffset() < atLeast) {
        throw new CurvineException(
            ErrorCode.NOT_READY,
            from
                + " has no snapshot at or past offset "
                + atLeast
                + "; the newest is at "
                + fetched.map(SnapshotManifest::getOffset).orElse(0L));
      }
      return SnapshotArchive.write(
          parts.resolve("snapshots").resolve(fetched.get().getName()), target);
    } finally {
      FileTrees.delete(parts);
    }
  }
}
