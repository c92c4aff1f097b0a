/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import io.curvine.master.disk.Quarantine;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.io.Throttle;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
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

  static final int CHUNK_MAX_BYTES = 1 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
  private static final Pattern NAME = Pattern.compile("snapshot-\\d+_(\\d{1,18})");
  private static final String UNFINISHED = "unfinished-";
  private static final String REMOVED = UNFINISHED + "removed-";
  private static final String FETCHING = "fetching";

  /**
   * How fast own files are read for their digests, in bytes a second. At the disk's speed three
   * masters on two cores served less than half as much meanwhile; nobody waits for the digests.
   */
  private static final long DIGEST_RATE = 64L << 20;

  /** What the database may have in memory goes to the disk for a snapshot. */
  private static final long SPARE_BYTES = 96L << 20;

  private final Path directory;
  private final int kept;
  private final LongSupplier freeBytes;
  private final SnapshotPins pins = new SnapshotPins(System::nanoTime);

  /** Those that are read here. */
  private final SnapshotPins held = new SnapshotPins(System::nanoTime);

  private volatile SnapshotManifest newest;

  private SnapshotStore(Path directory, int kept, LongSupplier freeBytes) {
    this.directory = directory;
    this.kept = kept;
    this.freeBytes = freeBytes;
  }

  /**
   * Opens the directory of snapshots; one that was being taken is removed, one that was being
   * fetched stays, to go on.
   *
   * @param kept snapshots kept when another is published
   * @param quarantine where a snapshot goes that cannot be read
   * @param freeBytes of the disk
   */
  public static SnapshotStore open(
      Path directory, int kept, Quarantine quarantine, LongSupplier freeBytes) throws IOException {
    Files.createDirectories(directory);
    SnapshotStore store = new SnapshotStore(directory, kept, freeBytes);
    for (Path entry : store.entries()) {
      String name = entry.getFileName().toString();
      if (name.startsWith(UNFINISHED)) {
        FileTrees.delete(entry);
        LOG.info("removed {}, which was not finished", name);
      } else if (NAME.matcher(name).matches()) {
        putAsideUnreadable(entry, quarantine);
      }
    }
    store.refresh();
    return store;
  }

  private static void putAsideUnreadable(Path snapshot, Quarantine quarantine) throws IOException {
    try {
      SnapshotManifests.read(snapshot);
    } catch (NoSuchFileException | InvalidProtocolBufferException e) {
      quarantine.put(snapshot, "snapshot", "its manifest cannot be read: " + e);
    }
  }

  private List<Path> entries() throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }

  private void refresh() throws IOException {
    List<SnapshotManifest> all = manifests();
    newest = all.isEmpty() ? null : all.get(all.size() - 1);
  }

  /** The newest complete snapshot. */
  public Optional<SnapshotManifest> newest() {
    return Optional.ofNullable(newest);
  }

  /** All complete snapshots, oldest first. */
  public List<SnapshotManifest> manifests() throws IOException {
    List<SnapshotManifest> manifests = new ArrayList<>();
    for (Path entry : entries()) {
      if (NAME.matcher(entry.getFileName().toString()).matches()) {
        manifests.add(SnapshotManifests.read(entry));
      }
    }
    manifests.sort(Comparator.comparingLong(SnapshotManifest::getIndex));
    return manifests;
  }

  /** Where complete snapshots are, in no order; one may go at any time. */
  public List<Path> paths() throws IOException {
    return entries().stream()
        .filter(entry -> NAME.matcher(entry.getFileName().toString()).matches())
        .toList();
  }

  /**
   * A snapshot for somebody who fetches it: it is kept while its files are read.
   *
   * @param name empty: the newest
   */
  public synchronized Optional<SnapshotManifest> pin(String name) throws IOException {
    for (SnapshotManifest manifest : name.isEmpty() ? newest().stream().toList() : manifests()) {
      if (name.isEmpty() || manifest.getName().equals(name)) {
        pins.pin(manifest.getName());
        return Optional.of(manifest);
      }
    }
    return Optional.empty();
  }

  /**
   * Keeps a snapshot for somebody who reads it here: unlike one that a follower fetches it needs no
   * Raft log behind it.
   *
   * @return whether it is there
   */
  public synchronized boolean hold(String name) {
    boolean there = Files.isDirectory(directory.resolve(name));
    if (there) {
      held.pin(name);
    }
    return there;
  }

  /**
   * Up to where the Raft log is not needed: the newest snapshot, or an older one that a follower is
   * fetching, whom the log must take on from there.
   *
   * @param published index of the newest snapshot
   */
  long purgeable(long published) {
    long least = published;
    for (String name : pins.pinned()) {
      long index = index(name);
      if (index >= 0) {
        least = Math.min(least, index);
      }
    }
    return least;
  }

  /** What was fetched of another master's snapshot so far. */
  PartialSnapshot partial() {
    return new PartialSnapshot(directory.resolve(FETCHING));
  }

  /**
   * Refuses to begin what would fill the disk.
   *
   * @throws CurvineException NO_SPACE
   */
  void requireSpace(long neededBytes, String what) throws IOException {
    long free = freeBytes.getAsLong();
    if (free < neededBytes + SPARE_BYTES) {
      throw new CurvineException(
          ErrorCode.NO_SPACE,
          what
              + " needs "
              + (neededBytes + SPARE_BYTES)
              + " free bytes; "
              + directory
              + " has "
              + free);
    }
  }

  /** Puts a damaged snapshot aside. */
  synchronized void quarantine(SnapshotManifest manifest, Quarantine quarantine, String why)
      throws IOException {
    quarantine.put(path(manifest), "snapshot", why);
    refresh();
  }

  /** The name of the snapshot at a position. */
  public static String name(long term, long index) {
    return "snapshot-" + term + "_" + index;
  }

  /** The Raft index in a snapshot's name; -1 where it is no such name. */
  public static long index(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
  }

  /**
   * Removes a complete snapshot. It loses its name first, so that one of which a part is gone is
   * never taken for whole; the next start removes what is left.
   */
  public static void remove(Path snapshot) throws IOException {
    Path removed = snapshot.resolveSibling(REMOVED + snapshot.getFileName());
    FileTrees.deleteIfExists(removed);
    Files.move(snapshot, removed, StandardCopyOption.ATOMIC_MOVE);
    SnapshotFiles.syncDirectory(removed.getParent());
    FileTrees.delete(removed);
  }

  /** A new empty directory in which a snapshot is gathered before it is published. */
  public Path begin(String name) throws IOException {
    Path unfinished = directory.resolve(UNFINISHED + name);
    FileTrees.delete(unfinished);
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
    Throttle throttle = new Throttle(DIGEST_RATE);
    for (Path relative : SnapshotFiles.list(unfinished)) {
      SnapshotFile same = known.get(relative.toString());
      if (same != null
          && Files.isSameFile(path(before).resolve(relative), unfinished.resolve(relative))
          && Files.size(unfinished.resolve(relative)) == same.getLengthBytes()) {
        manifest.addFiles(same);
      } else {
        manifest.addFiles(SnapshotFiles.describe(unfinished, relative, throttle));
      }
    }
    // A state that gets as far as a snapshot of its own does not need another master's.
    partial().drop();
    return publishVerified(unfinished, manifest.build());
  }

  /** Publishes what was gathered and compared with the manifest already. */
  synchronized SnapshotManifest publishVerified(Path unfinished, SnapshotManifest verified)
      throws IOException {
    SnapshotManifest manifest = SnapshotManifests.seal(verified);
    SnapshotFiles.writeDurably(unfinished.resolve(SnapshotManifests.FILE), manifest.toByteArray());
    SnapshotFiles.syncTree(unfinished);
    Path target = path(manifest);
    if (Files.exists(target)) {
      remove(target);
    }
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
    prune(kept, false);
  }

  /**
   * Removes the oldest snapshots; one that somebody fetches or reads stays.
   *
   * @param keep so many of the newest stay; 1 or more
   * @param dryRun removes nothing
   * @return those that went or would go, oldest first
   */
  public synchronized List<SnapshotManifest> prune(int keep, boolean dryRun) throws IOException {
    if (keep < 1) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, "snapshots to keep are " + keep + "; allowed: 1 or more");
    }
    List<SnapshotManifest> all = manifests();
    Set<String> pinned = new HashSet<>(pins.pinned());
    pinned.addAll(held.pinned());
    List<SnapshotManifest> removed = new ArrayList<>();
    for (SnapshotManifest old : all.subList(0, Math.max(0, all.size() - keep))) {
      if (pinned.contains(old.getName())) {
        continue;
      }
      removed.add(old);
      if (!dryRun) {
        remove(path(old));
        LOG.info("removed {}", old.getName());
      }
    }
    return removed;
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
      pins.pin(snapshot);
      return SnapshotChunk.newBuilder().setData(UnsafeByteOperations.unsafeWrap(buffer)).build();
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
