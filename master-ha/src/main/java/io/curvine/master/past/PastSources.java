/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import io.curvine.journal.JournalFiles;
import io.curvine.journal.JournalLog;
import io.curvine.journal.TimedOffset;
import io.curvine.journal.tool.JournalCursor;
import io.curvine.journal.tool.JournalReader;
import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.tool.Ways;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FetchHistory;
import io.curvine.protocol.proto.Moment;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a running master has of the past: its snapshots, each with a journal of its own that may
 * reach further back, and the journal in use. Thread-safe.
 */
public final class PastSources {
  private static final Logger LOG = LoggerFactory.getLogger(PastSources.class);
  private static final int READ_BYTES = 1 << 20;

  private final Supplier<JournalLog> journal;
  private final SnapshotStore snapshots;

  /**
   * @param journal the one in use
   */
  public PastSources(Supplier<JournalLog> journal, SnapshotStore snapshots) {
    this.journal = journal;
    this.snapshots = snapshots;
  }

  /** Takes an event and its offset. */
  @FunctionalInterface
  interface EventVisitor {
    void visit(long offset, Event event) throws IOException;
  }

  JournalLog journal() {
    return journal.get();
  }

  /** The ways to past states; a journal is named by its directory. */
  Ways<Path> ways() throws IOException {
    List<Ways.Base> bases = new ArrayList<>(List.of(Ways.Base.EMPTY));
    List<Ways.Journal<Path>> journals = new ArrayList<>();
    JournalLog live = journal.get();
    journals.add(new Ways.Journal<>(live.startOffset(), live.nextOffset(), live.directory()));
    for (Snapshot each : readable()) {
      Path snapshot = each.path;
      SnapshotManifest manifest = each.manifest;
      bases.add(
          new Ways.Base(
              manifest.getName(), snapshot.resolve(SnapshotStore.DATABASE), manifest.getOffset()));
      if (!each.segments.isEmpty()) {
        Path files = snapshot.resolve(SnapshotStore.JOURNAL);
        journals.add(new Ways.Journal<>(each.segments.get(0), manifest.getOffset(), files));
      }
    }
    return new Ways<>(bases, journals);
  }

  /**
   * A snapshot that is kept.
   *
   * @param segments first offsets of its journal's files
   */
  private record Snapshot(Path path, SnapshotManifest manifest, List<Long> segments) {}

  /** One that is removed meanwhile, or damaged, is no way to any state; others may be. */
  private List<Snapshot> readable() throws IOException {
    List<Snapshot> all = new ArrayList<>();
    for (Path path : snapshots.paths()) {
      try {
        List<Long> segments = JournalFiles.baseOffsets(path.resolve(SnapshotStore.JOURNAL));
        all.add(new Snapshot(path, SnapshotManifests.read(path), segments));
      } catch (IOException e) {
        LOG.info("{} is left out, it cannot be read: {}", path, e.toString());
      }
    }
    return all;
  }

  /**
   * The way to a state with the fewest events to fold.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE where there is none, saying what is allowed
   */
  Ways.Way<Path> wayTo(long offset) throws IOException {
    Ways<Path> ways = ways();
    // Before the first event there is not even a root.
    Optional<Ways.Way<Path>> way = offset < 1 ? Optional.empty() : ways.to(offset, false);
    return way.orElseThrow(
        () ->
            new CurvineException(
                ErrorCode.OFFSET_OUT_OF_RANGE,
                "the state at offset "
                    + offset
                    + " cannot be had: no snapshot that is kept and no journal lead to it; "
                    + allowed(ways)));
  }

  private static String allowed(Ways<Path> ways) {
    OptionalLong earliest = ways.earliest();
    return earliest.isEmpty()
        ? "allowed: none"
        : "the earliest is "
            + Math.max(1, earliest.getAsLong())
            + "; allowed: "
            + ways.reachable(false);
  }

  /** A snapshot that a way begins from stays while this is called now and then. */
  void keep(Ways.Base base) throws IOException {
    if (!base.isEmpty() && !snapshots.hold(base.name())) {
      throw new CurvineException(
          ErrorCode.OFFSET_OUT_OF_RANGE, base.name() + " is not kept any more; try again");
    }
  }

  /**
   * The offset that a moment means: the state there holds what had happened by then.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE where all events that are kept are younger
   */
  long offsetOf(Moment moment) throws IOException {
    JournalLog live = journal.get();
    return switch (moment.getMomentCase()) {
      case OFFSET -> offset(moment.getOffset(), live);
      case TIME_MS -> offsetAfter(moment.getTimeMs(), live);
      case NOW -> live.nextOffset();
      case MOMENT_NOT_SET ->
          throw new CurvineException(
              ErrorCode.INVALID_ARGUMENT, "no moment is named; allowed: an offset, a time or now");
    };
  }

  private static long offset(long offset, JournalLog live) throws CurvineException {
    if (Long.compareUnsigned(offset, live.nextOffset()) > 0) {
      throw new CurvineException(
          ErrorCode.OFFSET_OUT_OF_RANGE,
          "offset is "
              + Long.toUnsignedString(offset)
              + "; allowed: up to "
              + live.nextOffset()
              + ", which is now");
    }
    return offset;
  }

  private long offsetAfter(long timeMs, JournalLog live) throws IOException {
    if (timeMs == Long.MAX_VALUE) {
      return live.nextOffset();
    }
    Optional<TimedOffset> younger = live.firstAtOrAfter(timeMs + 1);
    if (younger.isEmpty()) {
      return live.nextOffset();
    }
    if (younger.get().offset() > live.startOffset()) {
      return younger.get().offset();
    }
    long found = -1;
    for (Snapshot snapshot : readable()) {
      Optional<Long> offset =
          JournalReader.open(snapshot.path.resolve(SnapshotStore.JOURNAL))
              .offsetAfter(TimeUnit.MILLISECONDS.toNanos(timeMs + 1) - 1);
      found = Math.max(found, offset.orElse(-1L));
    }
    if (found < 0) {
      throw new CurvineException(
          ErrorCode.OFFSET_OUT_OF_RANGE,
          "no event of that time or before it is kept; "
              + allowed(ways())
              + "; the oldest is of "
              + java.time.Instant.ofEpochMilli(younger.get().timestampMillis()));
    }
    return Math.min(found, live.startOffset());
  }

  /**
   * The events that are wanted of a history; of a time before all that is kept, from the oldest.
   */
  HistoryScan.Range range(FetchHistory request) throws IOException {
    JournalLog live = journal.get();
    return new HistoryScan.Range(
        request.hasFrom() ? first(request.getFrom(), live) : 0,
        request.hasTo() ? afterLast(request.getTo(), live) : Long.MAX_VALUE);
  }

  private static long first(Moment from, JournalLog live) throws IOException {
    return from.hasTimeMs()
        ? firstAtOrAfter(from.getTimeMs(), live)
        : from.hasOffset() ? from.getOffset() : live.nextOffset();
  }

  private static long afterLast(Moment to, JournalLog live) throws IOException {
    if (to.hasTimeMs()) {
      return to.getTimeMs() == Long.MAX_VALUE
          ? Long.MAX_VALUE
          : firstAtOrAfter(to.getTimeMs() + 1, live);
    }
    return to.hasOffset() && to.getOffset() < Long.MAX_VALUE ? to.getOffset() + 1 : Long.MAX_VALUE;
  }

  private static long firstAtOrAfter(long timeMs, JournalLog live) throws IOException {
    return live.firstAtOrAfter(timeMs).map(TimedOffset::offset).orElse(live.nextOffset());
  }

  /** When the newest event of a state was, in milliseconds since the epoch; 0: not known. */
  long timeMs(long offset) throws IOException {
    JournalLog live = journal.get();
    if (offset <= live.startOffset() || offset > live.nextOffset()) {
      return 0;
    }
    List<Event> newest = live.read(offset - 1, 1).events();
    return newest.isEmpty() ? 0 : TimeUnit.NANOSECONDS.toMillis(newest.get(0).getTimeNanos());
  }

  /** About how many bytes so many of the newest events take. */
  long bytesOf(long events) {
    JournalLog live = journal.get();
    long all = Math.max(1, live.nextOffset() - live.startOffset());
    return (long) ((double) live.sizeBytes() / all * events);
  }

  /**
   * Visits the events of {@code [from, to)} in order.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE where no journal has them
   */
  void events(long from, long to, EventVisitor visitor) throws IOException {
    JournalLog live = journal.get();
    if (live.startOffset() <= from) {
      for (long next = from; next < to; ) {
        for (Event event : live.read(next, READ_BYTES).events()) {
          if (next == to) {
            return;
          }
          visitor.visit(next++, event);
        }
      }
      return;
    }
    for (Snapshot snapshot : readable()) {
      JournalReader reader = JournalReader.open(snapshot.path.resolve(SnapshotStore.JOURNAL));
      if (reader.startOffset() <= from && reader.nextOffset() >= to) {
        try (JournalCursor cursor = reader.from(from)) {
          while (cursor.next() && cursor.offset() < to) {
            visitor.visit(cursor.offset(), cursor.event());
          }
        }
        return;
      }
    }
    throw new CurvineException(
        ErrorCode.OFFSET_OUT_OF_RANGE,
        "no journal has all events from "
            + from
            + " to "
            + to
            + "; the one in use begins at "
            + live.startOffset());
  }
}
