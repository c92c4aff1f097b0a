/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.master.RestoredIdentity;
import io.curvine.master.apply.Projection;
import io.curvine.master.disk.DirectoryLock;
import io.curvine.master.disk.Quarantine;
import io.curvine.master.snapshot.SnapshotFiles;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.StateDirectory;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.ClusterRestored;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Makes the data directory of the first master of a new cluster out of a snapshot. The journal goes
 * on at the same offsets, with the event {@link ClusterRestored}: it gives the new cluster its id,
 * and ends the sessions of the former one with their leases and results, and its workers. The Raft
 * log begins anew after the snapshot that is made with it, so that other masters that are added
 * fetch that one. For one thread.
 */
public final class Restore {
  private static final String STAGING = "restoring";
  private static final String BACKUP = "before-restore-";

  /** What never moves: with these in place no master starts half way. */
  private static final Set<String> FIXED =
      Set.of(
          STAGING,
          "identity",
          "identity.new",
          "identity.next",
          "lock",
          EmptyDirectory.LOST_AND_FOUND);

  /** Low enough for the first election of a new Raft log. */
  private static final long TERM = 1;

  private final Path target;
  private final Clock clock;

  /**
   * What a restore made, or would make.
   *
   * @param backup where what was in the directory is now; null: there was nothing
   * @param sessionsEnded of the former cluster
   */
  public record Outcome(
      String clusterId,
      String fromClusterId,
      long offset,
      long inodes,
      long sessionsEnded,
      Path backup) {}

  /**
   * @param target the data directory
   */
  public Restore(Path target, Clock clock) {
    this.target = target.toAbsolutePath().normalize();
    this.clock = clock;
  }

  /**
   * Restores. What was in the directory is put aside when the new state is whole beside it, so that
   * a snapshot inside of it can be restored, and a damaged one changes nothing. Where the process
   * ends on the way no master starts on the directory.
   *
   * @param from an exported archive, a snapshot's directory, or what a replay made
   * @param force what is in the directory is put aside, inside of it
   * @throws IOException where a master runs on the directory, it is not empty, or the snapshot is
   *     damaged
   */
  public Outcome run(Path from, boolean force) throws IOException {
    Files.createDirectories(target);
    if (!force) {
      EmptyDirectory.require(target);
    }
    Path staging = target.resolve(STAGING);
    if (from.toAbsolutePath().normalize().startsWith(staging)) {
      throw new IOException(
          from + " is what a restore that was not finished left; allowed: what it was made from");
    }
    try (DirectoryLock held = StatePlace.claim(target)) {
      boolean former = !toPutAside().isEmpty();
      boolean startable = RestoredIdentity.begin(target) && former;
      FileTrees.deleteIfExists(staging);
      Outcome outcome = stage(from, Files.createDirectory(staging), startable);
      Path backup = former ? putAside() : null;
      for (String part : List.of("snapshots", "state")) {
        Files.move(staging.resolve(part), target.resolve(part), StandardCopyOption.ATOMIC_MOVE);
      }
      FileTrees.delete(staging);
      SnapshotFiles.syncDirectory(target);
      RestoredIdentity.end(target);
      return new Outcome(
          outcome.clusterId,
          outcome.fromClusterId,
          outcome.offset,
          outcome.inodes,
          outcome.sessionsEnded,
          backup);
    }
  }

  /**
   * Builds the new state; nothing of the former one has been touched where that fails.
   *
   * @param startable a master could start on the former one
   */
  private Outcome stage(Path from, Path staging, boolean startable) throws IOException {
    boolean whole = false;
    try {
      Outcome outcome = build(from, staging);
      whole = true;
      return outcome;
    } finally {
      if (!whole) {
        FileTrees.deleteIfExists(staging);
        if (startable) {
          RestoredIdentity.withdraw(target);
        }
      }
    }
  }

  /**
   * Does all of it in another directory, which is removed, and says what would be.
   *
   * @param force as in {@link #run}
   */
  public Outcome dryRun(Path from, boolean force) throws IOException {
    if (Files.exists(target)) {
      try (DirectoryLock held = StatePlace.hold(target)) {
        if (!force) {
          EmptyDirectory.require(target);
        }
      }
    }
    Path staging = Files.createTempDirectory("curvine-restore-");
    try {
      return build(from, staging);
    } finally {
      FileTrees.delete(staging);
    }
  }

  private List<Path> toPutAside() throws IOException {
    try (Stream<Path> entries = Files.list(target)) {
      return entries
          .filter(
              entry -> {
                String name = entry.getFileName().toString();
                return !FIXED.contains(name) && !name.startsWith(BACKUP);
              })
          .toList();
    }
  }

  private Path putAside() throws IOException {
    Path backup = target.resolve(BACKUP + clock.instant().toString().replace(":", ""));
    Files.createDirectory(backup);
    RestoredIdentity.keepFormer(target, backup);
    for (Path entry : toPutAside()) {
      Files.move(entry, backup.resolve(entry.getFileName()), StandardCopyOption.ATOMIC_MOVE);
    }
    SnapshotFiles.syncDirectory(backup);
    SnapshotFiles.syncDirectory(target);
    return backup;
  }

  private Outcome build(Path from, Path staging) throws IOException {
    Path source = Files.createDirectories(staging.resolve("source"));
    SnapshotManifest manifest = SnapshotArchive.read(from, source);
    Path database = source.resolve(SnapshotStore.DATABASE);
    Path journalFiles = source.resolve(SnapshotStore.JOURNAL);
    // An index that the new Raft log does not reach back beyond: who is added needs the snapshot.
    long index = Math.max(1, manifest.getIndex());
    Outcome outcome;
    Path snapshot =
        Files.createDirectories(
            staging.resolve("snapshots").resolve(SnapshotStore.name(TERM, index)));
    try (JournalLog journal = Replayed.openJournal(journalFiles);
        StateStore store = Replay.openCopy(null, database)) {
      outcome = begin(manifest, store, journal, index);
      journal.flush();
      store.checkpoint(snapshot.resolve(SnapshotStore.DATABASE));
      journal.linkTo(snapshot.resolve(SnapshotStore.JOURNAL));
    }
    Replayed.describe(snapshot, SnapshotStore.name(TERM, index), nanos());
    SnapshotFiles.syncTree(staging.resolve("snapshots"));
    FileTrees.delete(source);
    StateDirectory states =
        StateDirectory.open(
            staging.resolve("state"), new Quarantine(staging.resolve("quarantine"), clock));
    Path generation = states.prepare();
    StateDirectory.fill(generation, snapshot);
    states.use(generation);
    return outcome;
  }

  private Outcome begin(SnapshotManifest manifest, StateStore store, JournalLog journal, long index)
      throws IOException {
    StateView state = store.view();
    long offset = state.meta().nextOffset();
    if (offset != manifest.getOffset()
        || !journal.chainHashAt(offset).equals(manifest.getChainHash())) {
      throw new IOException(
          "the snapshot's state is at offset "
              + offset
              + ", its manifest says "
              + manifest.getOffset()
              + " and "
              + manifest.getChainHash());
    }
    journal.truncateTo(offset);
    String clusterId = UUID.randomUUID().toString();
    String former = state.meta().clusterId();
    int sessions = state.sessions().all().size();
    Event event =
        Event.newBuilder()
            .setTimeNanos(Math.max(nanos(), state.meta().get(Counter.LAST_TIME_NANOS)))
            .setClusterRestored(
                ClusterRestored.newBuilder()
                    .setClusterId(clusterId)
                    .setFromClusterId(former)
                    .setAtOffset(offset))
            .build();
    journal.append(offset, List.of(StoredEvent.of(event)));
    new Replay(store, (events, at, end) -> {}).forgetResults();
    Overlay overlay = new Overlay(store);
    new Projection(overlay).apply(event);
    store.write(overlay, TERM, index);
    return new Outcome(
        clusterId,
        former,
        store.view().meta().nextOffset(),
        store.view().meta().get(Counter.INODE_COUNT),
        sessions,
        null);
  }

  private long nanos() {
    return nanos(clock);
  }

  /** A clock's time since the epoch. */
  static long nanos(Clock clock) {
    Instant now = clock.instant();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }
}
