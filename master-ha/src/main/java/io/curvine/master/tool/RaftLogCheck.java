/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import com.google.protobuf.ByteString;
import io.curvine.journal.RaftPlace;
import io.curvine.journal.tool.FileSource;
import io.curvine.journal.tool.Finding;
import io.curvine.journal.tool.JournalSource;
import io.curvine.journal.tool.LoggedEvent;
import io.curvine.journal.tool.RawBatch;
import io.curvine.master.raft.Position;
import io.curvine.master.raft.RaftLogReader;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JournalEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares a master's journal with its Raft log, for the offsets that both hold: the events of each
 * entry that was not void are in the journal byte for byte, and what the journal has is in an
 * entry. Which entry a batch comes from is written in it; of older batches, an entry that is not
 * what the journal has may have been void, so it counts only where no other entry fits. For one use
 * by one thread.
 */
public final class RaftLogCheck {
  private static final String ADVICE =
      "one of the two was changed after it was written: compare both with another master";

  /**
   * What was found.
   *
   * @param entries that were compared
   * @param events that were compared
   */
  public record Report(List<Finding> findings, long entries, long events) {
    public Report {
      findings = List.copyOf(findings);
    }
  }

  private final Path journal;
  private final JournalSource source;
  private final JournalSource.Range range;
  private final List<Finding> findings = new ArrayList<>();

  /** What fits nowhere yet, by its first offset. */
  private final Map<Long, Finding> unmatched = new TreeMap<>();

  private JournalSource.BatchReader reader;
  private RawBatch batch;

  /** Of the batch; asked for each of its events. */
  private boolean checksumFits;

  private List<LoggedEvent> batchEvents = List.of();
  private long comparedTo = -1;
  private long entries;
  private long events;

  private RaftLogCheck(Path journal, JournalSource source) throws IOException {
    this.journal = journal;
    this.source = source;
    this.range = source.range();
  }

  /**
   * Compares them.
   *
   * @param place of a journal with its data directory
   * @throws IOException where files cannot be read at all
   */
  public static Report run(JournalPlace place) throws IOException {
    Path dataDir =
        place
            .dataDir()
            .orElseThrow(() -> new IllegalArgumentException(place.journal() + " is a copy"));
    try (FileSource source = FileSource.directory(place.journal())) {
      RaftLogCheck check = new RaftLogCheck(place.journal(), source);
      check.run(RaftLogReader.of(dataDir, place.live()));
      return new Report(check.findings, check.entries, check.events);
    }
  }

  private void run(RaftLogReader log) throws IOException {
    try {
      log.read(
          new RaftLogReader.Visitor() {
            @Override
            public void entry(Position at, JournalEntry entry) throws IOException {
              compare(at, entry);
            }

            @Override
            public void problem(Path file, long position, long index, String what) {
              findings.add(
                  new Finding(
                      Finding.Kind.RAFT_LOG,
                      file,
                      position,
                      -1,
                      what + " (entry " + index + ")",
                      "a start of the master repairs it from the other masters"));
            }
          });
    } finally {
      if (reader != null) {
        reader.close();
      }
    }
    findings.addAll(unmatched.values());
  }

  private void compare(Position at, JournalEntry entry) throws IOException {
    long first = entry.getFirstOffset();
    long end = first + entry.getEventsCount();
    if (first < range.first() || first >= range.next() || first < comparedTo) {
      return; // not kept any more, not applied yet, or void
    }
    if (!seek(first)) {
      return; // damaged there, which the check of the journal tells
    }
    RaftPlace place = batch.place();
    if (place.known() && place.index() != at.index()) {
      return; // void: another entry brought these events
    }
    Optional<Finding> difference = difference(at, entry, place);
    if (difference.isPresent() && !place.known()) {
      unmatched.put(first, difference.get());
      return;
    }
    difference.ifPresent(findings::add);
    unmatched.remove(first);
    entries++;
    events += entry.getEventsCount();
    if (comparedTo >= 0 && first > comparedTo && unmatched.isEmpty()) {
      findings.add(
          finding(
              -1,
              comparedTo,
              "the journal has the offsets "
                  + comparedTo
                  + " to "
                  + (first - 1)
                  + ", the Raft log has no entry with them before entry "
                  + at.index()));
    }
    comparedTo = end;
  }

  private Optional<Finding> difference(Position at, JournalEntry entry, RaftPlace place)
      throws IOException {
    long first = entry.getFirstOffset();
    if (batch.baseOffset() != first) {
      return Optional.of(
          finding(batch.position(), first, "no batch begins with entry " + at.index()));
    }
    if (place.known() && place.term() != at.term()) {
      return Optional.of(
          finding(
              batch.position(),
              first,
              "its batch says entry " + place + ", the Raft log has the term " + at.term()));
    }
    for (int i = 0; i < entry.getEventsCount(); i++) {
      long offset = first + i;
      if (offset >= range.next() || !seek(offset)) {
        return Optional.empty(); // the rest of it is being written, or is damaged
      }
      ByteString kept = event(offset);
      if (!kept.equals(entry.getEvents(i))) {
        return Optional.of(
            finding(
                batch.position(),
                offset,
                "the event is not the one of entry " + at.index() + " of the Raft log"));
      }
    }
    return Optional.empty();
  }

  private ByteString event(long offset) throws IOException {
    if (batchEvents.isEmpty() || batchEvents.get(0).offset() != batch.baseOffset()) {
      batchEvents = batch.events();
    }
    return batchEvents.get((int) (offset - batch.baseOffset())).bytes();
  }

  /**
   * Goes to the batch that holds an offset; most often it is the next one.
   *
   * @return false where that cannot be read
   */
  private boolean seek(long offset) throws IOException {
    if (batch != null && batch.baseOffset() <= offset && offset < batch.nextOffset()) {
      return checksumFits;
    }
    if (reader == null || batch == null || offset < batch.baseOffset()) {
      if (reader != null) {
        reader.close();
      }
      reader = source.read(offset);
    }
    do {
      try {
        batch = reader.next().orElse(null);
      } catch (CurvineException e) {
        if (e.code() != ErrorCode.CORRUPT) {
          throw e;
        }
      }
    } while (batch != null && batch.nextOffset() <= offset);
    checksumFits = batch != null && batch.checksumFits();
    return checksumFits && batch.baseOffset() <= offset;
  }

  private Finding finding(long position, long offset, String what) {
    return new Finding(Finding.Kind.RAFT_LOG, journal, position, offset, what, ADVICE);
  }
}
