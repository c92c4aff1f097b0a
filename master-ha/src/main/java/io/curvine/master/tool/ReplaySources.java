/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import io.curvine.journal.tool.JournalReader;
import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The states that a replay can begin from and the journals that it can read, as a directory has
 * them: a data directory with its snapshots, a snapshot, what a replay made, or a bare journal. A
 * snapshot has a journal of its own, which may reach further back than that of the master.
 * Immutable.
 */
public final class ReplaySources implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplaySources.class);

  private final Path root;
  private final StatePlace place;
  private final Ways<JournalReader> ways;
  private final List<JournalReader> journals;

  /** A state to begin from, and a journal that has all events from there on to a target. */
  record Way(Ways.Base base, JournalReader journal) {}

  private ReplaySources(
      Path root, StatePlace place, List<Ways.Base> bases, List<JournalReader> journals) {
    this.root = root;
    this.place = place;
    this.journals = List.copyOf(journals);
    this.ways =
        new Ways<>(
            bases,
            journals.stream()
                .map(each -> new Ways.Journal<>(each.startOffset(), each.nextOffset(), each))
                .toList());
  }

  /**
   * Finds them. A data directory is held until this is closed.
   *
   * @throws IOException where the directory holds neither a state nor a journal, or a master runs
   *     on it
   */
  public static ReplaySources of(Path directory) throws IOException {
    if (isBareJournal(directory)) {
      return new ReplaySources(
          directory, null, List.of(Ways.Base.EMPTY), List.of(JournalReader.open(directory)));
    }
    StatePlace place = StatePlace.open(directory);
    try {
      List<Ways.Base> bases = new ArrayList<>(List.of(Ways.Base.EMPTY));
      List<JournalReader> journals = new ArrayList<>();
      addState(place, bases);
      journals.add(JournalReader.open(place.journal()));
      if (place.isDataDirectory()) {
        addSnapshots(StatePlace.snapshots(directory), bases, journals);
      }
      return new ReplaySources(directory, place, bases, journals);
    } catch (IOException | RuntimeException e) {
      place.close();
      throw e;
    }
  }

  /** As with snapshots: one that cannot be opened is no way to any state. */
  private static void addState(StatePlace place, List<Ways.Base> bases) {
    try (StateStore state = place.openState()) {
      bases.add(new Ways.Base("the state", place.database(), state.view().meta().nextOffset()));
    } catch (IOException | StoreException e) {
      LOG.warn("{} is left out, it cannot be opened: {}", place.database(), e.toString());
    }
  }

  private static boolean isBareJournal(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + " is not a directory");
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.anyMatch(file -> file.getFileName().toString().endsWith(".log"));
    }
  }

  /** One that cannot be read is no way to any state; others may be. */
  private static void addSnapshots(
      Path directory, List<Ways.Base> bases, List<JournalReader> journals) throws IOException {
    for (Path snapshot : SnapshotDirectory.list(directory)) {
      try {
        long offset = SnapshotManifests.read(snapshot).getOffset();
        journals.add(JournalReader.open(snapshot.resolve(SnapshotStore.JOURNAL)));
        bases.add(
            new Ways.Base(
                snapshot.getFileName().toString(),
                snapshot.resolve(SnapshotStore.DATABASE),
                offset));
      } catch (IOException e) {
        LOG.warn("{} is left out, it cannot be read: {}", snapshot, e.toString());
      }
    }
  }

  /** The offset after the newest event that any of the journals has. */
  public long end() {
    return journals.stream().mapToLong(JournalReader::nextOffset).max().orElseThrow();
  }

  /** The offset of the newest state there is; it may be past what can be read of any journal. */
  public long newestState() {
    return ways.newestBase();
  }

  /**
   * The offset after the last event of a time or before it.
   *
   * @param timeNanos since the epoch
   * @throws CurvineException OFFSET_OUT_OF_RANGE where all events that are there are younger
   */
  public long offsetAfter(long timeNanos) throws IOException {
    long found = -1;
    for (JournalReader journal : journals) {
      Optional<Long> offset = journal.offsetAfter(timeNanos);
      found = Math.max(found, offset.orElse(-1L));
    }
    if (found < 0) {
      throw new CurvineException(
          ErrorCode.OFFSET_OUT_OF_RANGE,
          "no event in " + root + " is of that time or before it; " + reachable(false));
    }
    return found;
  }

  /**
   * The way to a state with the fewest events to fold.
   *
   * @param fromStart only from the empty state
   * @throws CurvineException OFFSET_OUT_OF_RANGE where there is none, saying which offsets have one
   */
  Way wayTo(long offset, boolean fromStart) throws CurvineException {
    return ways.to(offset, fromStart)
        .map(way -> new Way(way.base(), way.journal().reader()))
        .orElseThrow(
            () ->
                new CurvineException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "the state at offset "
                        + offset
                        + " cannot be had"
                        + (fromStart ? " from the beginning" : "")
                        + "; "
                        + reachable(fromStart)));
  }

  /**
   * The way to the newest state without some events: from a state before them, or from one that has
   * them already.
   *
   * @param first of the events that are passed over
   * @param after the first that is not
   * @throws CurvineException OFFSET_OUT_OF_RANGE where there is none, saying which offsets have one
   */
  Way wayAround(long first, long after) throws CurvineException {
    return ways.around(first, after)
        .map(way -> new Way(way.base(), way.journal().reader()))
        .orElseThrow(
            () ->
                new CurvineException(
                    ErrorCode.OFFSET_OUT_OF_RANGE,
                    "no state without the events "
                        + first
                        + " to "
                        + (after - 1)
                        + " can be had; "
                        + reachable(false)));
  }

  /** Which offsets can be reached, for people. */
  private String reachable(boolean fromStart) {
    String ranges = ways.reachable(fromStart);
    return ranges.isEmpty()
        ? root + " has no way to any: its journal begins at " + oldest()
        : "allowed: " + ranges;
  }

  private long oldest() {
    return journals.stream().mapToLong(JournalReader::startOffset).min().orElseThrow();
  }

  @Override
  public void close() throws IOException {
    if (place != null) {
      place.close();
    }
  }
}
