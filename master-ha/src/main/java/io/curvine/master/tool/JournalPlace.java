/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.StateDirectory;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * Where the journal is in a directory that an operator names: a master's data directory, a
 * snapshot, or the journal's own. Nothing is changed, nor locked. Immutable.
 *
 * @param journal its directory
 * @param dataDir the master's that it is the journal of; empty where it is a copy
 * @param live a master runs on it
 */
public record JournalPlace(Path journal, Optional<Path> dataDir, boolean live) {
  private static final String STATE = "state";
  private static final String IDENTITY = "identity";
  private static final String CLUSTER = "cluster=";

  /** Held, as a POSIX lock of the file, by a master that runs. */
  private static final String LOCK = "lock";

  private static final Path LOCKS = Path.of("/proc/locks");
  private static final Path MOUNTS = Path.of("/proc/self/mountinfo");

  /**
   * Finds it.
   *
   * @throws CurvineException NOT_FOUND where the directory is none of these
   */
  public static JournalPlace of(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new CurvineException(ErrorCode.NOT_FOUND, directory + " is no directory");
    }
    if (Files.isDirectory(directory.resolve(STATE))) {
      return ofDataDir(directory);
    }
    Path below = directory.resolve(SnapshotStore.JOURNAL);
    if (Files.isDirectory(below)) {
      return ofGenerationOr(below);
    }
    if (holdsSegments(directory)) {
      return ofGenerationOr(directory);
    }
    throw new CurvineException(
        ErrorCode.NOT_FOUND,
        directory
            + " holds no journal; allowed: a master's data directory, one of its snapshots, or a"
            + " directory of segments");
  }

  private static JournalPlace ofDataDir(Path dataDir) throws IOException {
    Path generation =
        StateDirectory.current(dataDir.resolve(STATE))
            .orElseThrow(
                () ->
                    new CurvineException(
                        ErrorCode.NOT_FOUND,
                        dataDir + " has no state in use: its master has never served from it"));
    Path journal = generation.resolve(SnapshotStore.JOURNAL);
    if (!Files.isDirectory(journal)) {
      throw new CurvineException(
          ErrorCode.NOT_FOUND, journal + " is not there, though the state in use should have it");
    }
    return new JournalPlace(journal, Optional.of(dataDir), isLocked(dataDir));
  }

  /** A journal that is the one in use of a data directory grows as that says. */
  private static JournalPlace ofGenerationOr(Path journal) throws IOException {
    Path generation = journal.toAbsolutePath().normalize().getParent();
    Path states = generation == null ? null : generation.getParent();
    if (states != null
        && states.endsWith(STATE)
        && StateDirectory.current(states).filter(generation::equals).isPresent()) {
      Path dataDir = states.getParent();
      return new JournalPlace(journal, Optional.of(dataDir), isLocked(dataDir));
    }
    return new JournalPlace(journal, Optional.empty(), false);
  }

  private static boolean holdsSegments(Path directory) throws IOException {
    try (DirectoryStream<Path> logs = Files.newDirectoryStream(directory, "*.log")) {
      return logs.iterator().hasNext();
    }
  }

  /**
   * Whether a master of this machine runs on a data directory. The kernel's list is asked: to try
   * the lock would keep a master from starting meanwhile, and closing the file would free the lock
   * of one in this process.
   */
  static boolean isLocked(Path dataDir) throws IOException {
    Path lock = dataDir.resolve(LOCK);
    if (!Files.exists(lock) || !Files.isReadable(LOCKS)) {
      return false;
    }
    String inode = ":" + Files.getAttribute(lock, "unix:ino") + " ";
    long device = (Long) Files.getAttribute(lock, "unix:dev");
    // Where it is not mounted under this number (btrfs), the list of locks has another one.
    String file =
        isMounted(device)
            ? String.format(Locale.ROOT, " %02x:%02x", major(device), minor(device)) + inode
            : inode;
    return Files.readAllLines(LOCKS, StandardCharsets.US_ASCII).stream()
        .anyMatch(line -> line.contains("POSIX") && line.contains(file));
  }

  private static boolean isMounted(long device) throws IOException {
    String number = " " + major(device) + ":" + minor(device) + " ";
    return Files.isReadable(MOUNTS)
        && Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1).stream()
            .anyMatch(line -> line.contains(number));
  }

  /** As the C library puts it into the number of a device. */
  private static long major(long device) {
    return (device >>> 8 & 0xfff) | (device >>> 32 & ~0xfffL);
  }

  private static long minor(long device) {
    return (device & 0xff) | (device >>> 12 & 0xffffff00L);
  }

  /** The cluster that the master's data directory belongs to; empty where that is not known. */
  public Optional<String> clusterId() throws IOException {
    if (dataDir.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Files.readAllLines(dataDir.get().resolve(IDENTITY), StandardCharsets.UTF_8).stream()
          .filter(line -> line.startsWith(CLUSTER))
          .map(line -> line.substring(CLUSTER.length()))
          .findFirst();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }
}
