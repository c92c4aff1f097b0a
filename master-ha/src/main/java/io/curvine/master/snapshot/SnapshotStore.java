/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.SnapshotChunk;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one master, each a directory {@code snapshot-<term>_<index>} with {@code
 * manifest}, {@code db/} and {@code journal/}. A directory gets that name, by one rename, when all
 * in it is durable. Thread-safe.
 */
public final class SnapshotStore {
  /** The state's database inside a snapshot. */
  public static final String DATABASE = "db";

  /** The journal inside a snapshot. */
  public static final String JOURNAL = "journal";

  static final int CHUNK_MAX_BYTES = 4 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
  private static final Pattern NAME = Pattern.compile("snapshot-\\d+_\\d+");
  private static final String MANIFEST = "manifest";
  private static final String UNFINISHED = "unfinished-";

  private final Path directory;
  private final int kept;
  private volatile SnapshotManifest newest;

  private SnapshotStore(Path directory, int kept) {
    this.directory = directory;
    this.kept = kept;
  }

  /**
   * Opens the directory of snapshots; what was not finished in it is removed.
   *
   * @param kept snapshots kept when another is published
   */
  public static SnapshotStore open(Path directory, int kept) throws IOException {
    Files.createDirectories(directory);
    SnapshotStore store = new SnapshotStore(directory, kept);
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        if (entry.getFileName().toString().startsWith(UNFINISHED)) {
          SnapshotFiles.deleteTree(entry);
        }
      }
    }
    List<SnapshotManifest> all = store.manifests();
    store.newest = all.isEmpty() ? null : all.get(all.size() - 1);
    return store;
  }

  /** The newest complete snapshot. */
  public Optional<SnapshotManifest> newest() {
    return Optional.ofNullable(newest);
  }

  /** All complete snapshots, oldest first. */
  public List<SnapshotManifest> manifests() throws IOException {
    List<SnapshotManifest> manifests = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.toList()) {
        if (NAME.matcher(entry.getFileName().toString()).matches()) {
          read(entry).ifPresent(manifests::add);
        }
      }
    }
    manifests.sort(Comparator.comparingLong(SnapshotManifest::getIndex));
    return manifests;
  }

  private static Optional<SnapshotManifest> read(Path snapshot) throws IOException {
    try {
      return Optional.of(
          SnapshotManifest.parseFrom(Files.readAllBytes(snapshot.resolve(MANIFEST))));
    } catch (NoSuchFileException e) {
      LOG.warn("{} has no manifest and is passed over", snapshot);
      return Optional.empty();
    }
  }

  /** The name of the snapshot at a position. */
  public static String name(long term, long index) {
    return "snapshot-" + term + "_" + index;
  }

  /** A new empty directory in which a snapshot is gathered before it is published. */
  public Path begin(String name) throws IOException {
    Path unfinished = directory.resolve(UNFINISHED + name);
    SnapshotFiles.deleteTree(unfinished);
    return Files.createDirectories(unfinished);
  }

  /** Where a complete snapshot is. */
  public Path path(SnapshotManifest manifest) {
    return directory.resolve(manifest.getName());
  }

  /**
   * Computes the digests of what was gathered and publishes it; slow, not for the apply thread.
   * Digests of files that are hard links of the newest snapshot's are taken from there.
   *
   * @param draft everything but the files
   */
  public SnapshotManifest publish(Path unfinished, SnapshotManifest draft) throws IOException {
    Map<String, SnapshotFile> known = new HashMap<>();
    SnapshotManifest before = newest;
    if (before != null) {
      before.getFilesList().forEach(file -> known.put(file.getPath(), file));
    }
    SnapshotManifest.Builder manifest = draft.toBuilder().clearFiles();
    for (Path relative : SnapshotFiles.list(unfinished)) {
      SnapshotFile same = known.get(relative.toString());
      if (same != null
          && Files.isSameFile(path(before).resolve(relative), unfinished.resolve(relative))
          && Files.size(unfinished.resolve(relative)) == same.getLengthBytes()) {
        manifest.addFiles(same);
      } else {
        manifest.addFiles(SnapshotFiles.describe(unfinished, relative));
      }
    }
    return publishVerified(unfinished, manifest.build());
  }

  /** Publishes what was gathered and compared with the manifest already. */
  synchronized SnapshotManifest publishVerified(Path unfinished, SnapshotManifest manifest)
      throws IOException {
    Path file = unfinished.resolve(MANIFEST);
    Files.write(file, manifest.toByteArray());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    SnapshotFiles.syncTree(unfinished);
    Path target = path(manifest);
    SnapshotFiles.deleteTree(target);
    Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
    SnapshotFiles.syncDirectory(directory);
    SnapshotManifest before = newest;
    if (before == null || before.getIndex() <= manifest.getIndex()) {
      newest = manifest;
    }
    prune();
    return manifest;
  }

  private void prune() throws IOException {
    List<SnapshotManifest> all = manifests();
    for (SnapshotManifest old : all.subList(0, Math.max(0, all.size() - kept))) {
      SnapshotFiles.deleteTree(path(old));
      LOG.info("removed {}", old.getName());
    }
  }

  /**
   * Part of a file of a snapshot.
   *
   * @throws CurvineException NOT_FOUND where there is no such file (any more)
   */
  public SnapshotChunk read(String snapshot, String path, long offset, int length)
      throws IOException {
    Path root = directory.resolve(snapshot);
    Path file = root.resolve(path).normalize();
    if (!NAME.matcher(snapshot).matches() || !file.startsWith(root)) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, "snapshot file is " + snapshot + "/" + path);
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long left = Math.max(0, channel.size() - offset);
      ByteBuffer buffer =
          ByteBuffer.allocate((int) Math.min(left, Math.min(length, CHUNK_MAX_BYTES)));
      while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {
        // Reads on until the chunk is whole or the file ends.
      }
      buffer.flip();
      return SnapshotChunk.newBuilder().setData(ByteString.copyFrom(buffer)).build();
    } catch (NoSuchFileException e) {
      throw new CurvineException(
          ErrorCode.NOT_FOUND, snapshot + "/" + path + " is not kept any more", e);
    }
  }

  /**
   * Whether every file of a snapshot is as its manifest says; slow.
   *
   * @return what is wrong, empty where nothing is
   */
  public Optional<String> check(SnapshotManifest manifest) throws IOException {
    for (SnapshotFile expected : manifest.getFilesList()) {
      Path relative = Path.of(expected.getPath());
      if (!Files.isRegularFile(path(manifest).resolve(relative))) {
        return Optional.of(expected.getPath() + " is missing");
      }
      SnapshotFile found = SnapshotFiles.describe(path(manifest), relative);
      if (!found.equals(expected)) {
        return Optional.of(expected.getPath() + " is damaged");
      }
    }
    return Optional.empty();
  }
}
