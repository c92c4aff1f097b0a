/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.tool.JournalReader;
import io.curvine.master.snapshot.SnapshotFiles;
import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.store.CheckpointPosition;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * Makes a directory of a state at an offset: laid out as a snapshot, so that whatever reads or
 * restores snapshots takes it, but with no place in a Raft log (term and index 0). Stateless.
 */
public final class Replayed {
  private static final JournalConfig JOURNAL =
      new JournalConfig(64L << 20, Long.MAX_VALUE, Duration.ofDays(36_500));

  private Replayed() {}

  /**
   * What a replay did.
   *
   * @param base what it began from
   * @param fromOffset of that
   * @param offset of the result
   * @param nanos that the fold took
   */
  public record Outcome(
      Path directory, String base, long fromOffset, long offset, long nanos, String chainHash) {
    /** Events folded. */
    public long events() {
      return offset - fromOffset;
    }
  }

  /**
   * Replays to an offset.
   *
   * @param fromStart only from the empty state
   * @param into is made; may exist where it is empty
   * @param timeNanos now, since the epoch
   * @throws io.curvine.protocol.CurvineException OFFSET_OUT_OF_RANGE where the offset cannot be
   *     reached
   */
  public static Outcome make(
      ReplaySources sources,
      long offset,
      boolean fromStart,
      Path into,
      long timeNanos,
      Replay.Listener listener)
      throws IOException {
    ReplaySources.Way way = sources.wayTo(offset, fromStart);
    return make(
        way,
        offset,
        into,
        timeNanos,
        unfinished -> {
          long nanos = fold(way, offset, unfinished, listener);
          copyJournal(way.journal(), offset, unfinished.resolve(SnapshotStore.JOURNAL));
          return nanos;
        });
  }

  /**
   * Makes the newest state there is without some events, which are lost or cannot be applied. Its
   * journal begins at its end: what is before cannot be followed over the gap.
   *
   * @param first of the events that are passed over
   * @param after the first that is not
   * @throws IllegalStateException where a later event contradicts the state without them
   */
  public static Outcome makeWithout(
      ReplaySources sources,
      long first,
      long after,
      Path into,
      long timeNanos,
      Replay.Listener listener)
      throws IOException {
    ReplaySources.Way way = sources.wayAround(first, after);
    long end = Math.max(way.base().offset(), way.journal().nextOffset());
    return make(
        way,
        end,
        into,
        timeNanos,
        unfinished -> {
          long nanos = foldWithout(way, first, after, unfinished, listener);
          try (JournalLog journal = openJournal(unfinished.resolve(SnapshotStore.JOURNAL))) {
            journal.reset(end);
          }
          return nanos;
        });
  }

  /** Fills an unfinished directory with a state and a journal; gives what the fold took. */
  @FunctionalInterface
  private interface Filling {
    long into(Path unfinished) throws IOException;
  }

  private static Outcome make(
      ReplaySources.Way way, long offset, Path into, long timeNanos, Filling filling)
      throws IOException {
    EmptyDirectory.require(into);
    if (Files.exists(into.resolve(EmptyDirectory.LOST_AND_FOUND))) {
      throw new IOException(
          into + " is the root of a disk; allowed: a directory below it, which can be replaced");
    }
    Path unfinished = into.resolveSibling(into.getFileName() + ".unfinished");
    FileTrees.deleteIfExists(unfinished);
    Files.createDirectories(unfinished);
    try {
      long nanos = filling.into(unfinished);
      SnapshotManifest manifest = describe(unfinished, "replayed-" + offset, timeNanos);
      SnapshotFiles.syncTree(unfinished);
      Files.move(unfinished, into, StandardCopyOption.ATOMIC_MOVE);
      return new Outcome(
          into, way.base().name(), way.base().offset(), offset, nanos, manifest.getChainHash());
    } catch (IOException | RuntimeException e) {
      FileTrees.deleteIfExists(unfinished);
      throw e;
    }
  }

  private static long fold(
      ReplaySources.Way way, long offset, Path unfinished, Replay.Listener listener)
      throws IOException {
    return fold(way, unfinished, listener, replay -> replay.run(way.journal(), offset));
  }

  private static long foldWithout(
      ReplaySources.Way way, long first, long after, Path unfinished, Replay.Listener listener)
      throws IOException {
    return fold(
        way,
        unfinished,
        listener,
        replay -> {
          if (way.base().offset() < after) {
            replay.run(way.journal(), first);
            replay.skip(after - first);
          }
          if (way.base().offset() < way.journal().nextOffset()) {
            replay.run(way.journal(), way.journal().nextOffset());
          }
        });
  }

  /** What is done to the copy of a state. */
  @FunctionalInterface
  private interface Folding {
    void by(Replay replay) throws IOException;
  }

  private static long fold(
      ReplaySources.Way way, Path unfinished, Replay.Listener listener, Folding folding)
      throws IOException {
    Path work = unfinished.resolve("work");
    long nanos;
    try (StateStore store = Replay.openCopy(way.base().database(), work)) {
      Replay replay = new Replay(store, listener);
      replay.forgetResults();
      long began = System.nanoTime();
      folding.by(replay);
      nanos = System.nanoTime() - began;
      store.checkpoint(unfinished.resolve(SnapshotStore.DATABASE));
    }
    FileTrees.delete(work);
    return nanos;
  }

  /** Leaves the events below an offset. */
  static void copyJournal(JournalReader from, long offset, Path to) throws IOException {
    JournalLog.restore(from.directory(), to);
    try (JournalLog copy = JournalLog.open(to, JOURNAL)) {
      copy.truncateTo(offset);
    }
  }

  static JournalLog openJournal(Path directory) throws IOException {
    return JournalLog.open(directory, JOURNAL);
  }

  /** Writes the manifest of what a directory holds, all of it durable then. */
  static SnapshotManifest describe(Path directory, String name, long timeNanos) throws IOException {
    CheckpointPosition at = CheckpointPosition.read(directory.resolve(SnapshotStore.DATABASE));
    SnapshotManifest.Builder manifest =
        SnapshotManifest.newBuilder()
            .setName(name)
            .setTerm(at.term())
            .setIndex(at.index())
            .setOffset(at.nextOffset())
            .setClusterId(at.clusterId())
            .setChainHash(
                JournalReader.open(directory.resolve(SnapshotStore.JOURNAL))
                    .chainHashAt(at.nextOffset()))
            .setTimeNanos(timeNanos);
    try (StateStore store = StatePlace.openState(directory.resolve(SnapshotStore.DATABASE))) {
      manifest.setKeys(store.estimatedKeys());
    }
    for (Path relative : SnapshotFiles.list(directory)) {
      manifest.addFiles(SnapshotFiles.describe(directory, relative));
    }
    SnapshotManifest sealed = SnapshotManifests.seal(manifest.build());
    SnapshotFiles.writeDurably(directory.resolve(SnapshotManifests.FILE), sealed.toByteArray());
    return sealed;
  }
}
