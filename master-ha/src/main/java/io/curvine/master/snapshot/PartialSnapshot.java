/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A snapshot of another master, as far as it has come: a directory with its manifest and the files,
 * each up to where it was received. It outlives a restart. One thread at a time.
 */
final class PartialSnapshot {
  private static final Logger LOG = LoggerFactory.getLogger(PartialSnapshot.class);

  private final Path directory;

  PartialSnapshot(Path directory) {
    this.directory = directory;
  }

  /** What was being fetched; empty where nothing was. */
  Optional<SnapshotManifest> manifest() throws IOException {
    Path file = directory.resolve(SnapshotManifests.FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    return Optional.of(SnapshotManifest.parseFrom(Files.readAllBytes(file)));
  }

  /**
   * From now on this snapshot is fetched. Of what has come, files that the snapshot has too, with
   * the same digest, stay; so a transfer goes on where it was, and one of a newer snapshot of the
   * same master has most of it.
   */
  void begin(SnapshotManifest wanted) throws IOException {
    Map<String, SnapshotFile> before = new HashMap<>();
    manifest().ifPresent(m -> m.getFilesList().forEach(file -> before.put(file.getPath(), file)));
    Files.createDirectories(directory);
    Map<String, SnapshotFile> now = new HashMap<>();
    wanted.getFilesList().forEach(file -> now.put(file.getPath(), file));
    for (Path relative : SnapshotFiles.list(directory)) {
      SnapshotFile expected = now.get(relative.toString());
      boolean stays =
          expected != null
              && expected.equals(before.get(relative.toString()))
              && Files.size(directory.resolve(relative)) <= expected.getLengthBytes();
      if (!stays) {
        Files.delete(directory.resolve(relative));
      }
    }
    SnapshotFiles.writeDurably(directory.resolve(SnapshotManifests.FILE), wanted.toByteArray());
    SnapshotFiles.syncDirectory(directory);
  }

  /**
   * Where a file is received.
   *
   * @throws IOException where its name leads out of the directory
   */
  Path file(SnapshotFile file) throws IOException {
    Path target = directory.resolve(file.getPath()).normalize();
    if (!target.startsWith(directory) || target.equals(directory)) {
      throw new IOException("the manifest of a snapshot has the file " + file.getPath());
    }
    Files.createDirectories(target.getParent());
    return target;
  }

  /** How many bytes of a file have come. */
  long received(SnapshotFile file) throws IOException {
    Path target = file(file);
    return Files.exists(target) ? Files.size(target) : 0;
  }

  /** Opens a file to receive more of it. */
  FileChannel append(SnapshotFile file) throws IOException {
    return FileChannel.open(
        file(file), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
  }

  /** Forgets what has come of a file. */
  void restart(SnapshotFile file) throws IOException {
    Files.deleteIfExists(file(file));
  }

  /** Whether a file is whole, durable, and has the digest that it should have; reads all of it. */
  boolean isRight(SnapshotFile file) throws IOException {
    Path relative = directory.relativize(file(file));
    return SnapshotFiles.describe(directory, relative).equals(file);
  }

  Path directory() {
    return directory;
  }

  /** Removes all of it. */
  void drop() throws IOException {
    if (Files.exists(directory)) {
      FileTrees.delete(directory);
      LOG.info("removed what had come of another master's snapshot: it is not needed any more");
    }
  }
}
