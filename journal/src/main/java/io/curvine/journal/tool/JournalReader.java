/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.ChainHash;
import io.curvine.journal.JournalFiles;
import io.curvine.journal.JournalLog;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A journal as a tool reads it: nothing in its directory is cut, made or removed, whatever its
 * condition. What {@link JournalLog} would cut off is not read. Immutable, so thread-safe; each
 * cursor is for one thread.
 *
 * <p>It sees the events that were there when it was opened. A master that drops old segments
 * meanwhile takes them away from it; a copy by hard links, such as a snapshot's or one of {@link
 * #link}, stays.
 */
public final class JournalReader {
  private final Path dir;
  private final List<Part> parts;

  /**
   * One segment file.
   *
   * @param endOffset offset after its last event
   * @param sizeBytes of its whole, valid batches
   */
  record Part(Path file, long baseOffset, long endOffset, long sizeBytes) {}

  private JournalReader(Path dir, List<Part> parts) {
    this.dir = dir;
    this.parts = List.copyOf(parts);
  }

  /**
   * Opens the journal in a directory; reads its newest segment once, to find its end.
   *
   * @throws CurvineException NOT_FOUND where the directory holds none
   */
  public static JournalReader open(Path dir) throws IOException {
    List<Long> bases = Files.isDirectory(dir) ? JournalFiles.baseOffsets(dir) : List.of();
    if (bases.isEmpty()) {
      throw new CurvineException(ErrorCode.NOT_FOUND, dir + " holds no journal");
    }
    List<Part> parts = new ArrayList<>();
    for (int i = 0; i < bases.size(); i++) {
      Path file = JournalFiles.path(dir, bases.get(i), JournalFiles.LOG);
      boolean newest = i == bases.size() - 1;
      parts.add(
          newest
              ? newest(file, bases.get(i))
              : new Part(file, bases.get(i), bases.get(i + 1), Files.size(file)));
    }
    return new JournalReader(dir, parts);
  }

  private static Part newest(Path file, long baseOffset) throws IOException {
    try (SegmentReader reader = new SegmentReader(file)) {
      long position = 0;
      long offset = baseOffset;
      while (position < reader.limit()) {
        Frame frame = reader.frame(position);
        if (frame.form() != Frame.Form.WHOLE) {
          break;
        }
        RawBatch batch = reader.batch(position, frame);
        if (batch.baseOffset() != offset || !batch.isDense() || !batch.checksumFits()) {
          break;
        }
        position += batch.sizeBytes();
        offset = batch.nextOffset();
      }
      return new Part(file, baseOffset, offset, position);
    }
  }

  /**
   * What of it has the events of {@code [from, to)}, by links of its own: whatever drops old
   * segments does not take these away.
   *
   * @param into an empty directory
   * @throws CurvineException OFFSET_OUT_OF_RANGE where one of them was dropped meanwhile
   */
  public JournalReader link(long from, long to, Path into) throws IOException {
    List<Part> linked = new ArrayList<>();
    for (Part part : parts) {
      if (part.endOffset() <= from || part.baseOffset() >= to) {
        continue;
      }
      try {
        JournalFiles.linkSegment(dir, into, part.baseOffset());
      } catch (NoSuchFileException e) {
        throw new CurvineException(
            ErrorCode.OFFSET_OUT_OF_RANGE,
            part.file() + " is not kept any more; allowed: what the journal still holds",
            e);
      }
      Path file = JournalFiles.path(into, part.baseOffset(), JournalFiles.LOG);
      linked.add(new Part(file, part.baseOffset(), part.endOffset(), part.sizeBytes()));
    }
    if (linked.isEmpty()) {
      throw outOfRange(from);
    }
    return new JournalReader(into, linked);
  }

  /** The oldest offset that is there; equals {@link #nextOffset} where the journal is empty. */
  public long startOffset() {
    return parts.get(0).baseOffset();
  }

  /** The offset after the newest event. */
  public long nextOffset() {
    return parts.get(parts.size() - 1).endOffset();
  }

  /** Bytes of all events with what is around them. */
  public long sizeBytes() {
    return parts.stream().mapToLong(Part::sizeBytes).sum();
  }

  /** Where the journal is. */
  public Path directory() {
    return dir;
  }

  /**
   * Reads on from an offset, in order. Each batch's checksum is compared, and each event's place in
   * the chain.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE below the start or past the end
   */
  public JournalCursor from(long offset) throws IOException {
    requireInside(offset);
    int part = parts.size() - 1;
    while (part > 0 && parts.get(part).baseOffset() > offset) {
      part--;
    }
    return JournalCursor.at(parts.subList(part, parts.size()), offset);
  }

  private void requireInside(long offset) throws CurvineException {
    if (offset < startOffset() || offset > nextOffset()) {
      throw outOfRange(offset);
    }
  }

  private CurvineException outOfRange(long offset) {
    return new CurvineException(
        ErrorCode.OFFSET_OUT_OF_RANGE,
        "offset "
            + offset
            + " is out of range; the journal in "
            + dir
            + " holds "
            + startOffset()
            + " to "
            + nextOffset());
  }

  /**
   * The chain's hash over the events before an offset, 64 hexadecimal digits.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE below the start or past the end; CORRUPT where a
   *     checksum does not match
   */
  public String chainHashAt(long offset) throws IOException {
    requireInside(offset);
    if (offset == startOffset()) {
      try (JournalCursor cursor = from(offset)) {
        ChainHash first = JournalFiles.readChain(dir, offset);
        return first.equals(ChainHash.EMPTY) && cursor.next()
            ? cursor.chainBefore()
            : first.toString();
      }
    }
    try (JournalCursor cursor = from(offset - 1)) {
      cursor.next();
      return cursor.chainHash();
    }
  }

  /**
   * The offset after the last event of a time or before it; times never run backwards in a journal.
   *
   * @param timeNanos since the epoch
   * @return empty where all events that are there are younger
   */
  public Optional<Long> offsetAfter(long timeNanos) throws IOException {
    for (int part = parts.size() - 1; part >= 0; part--) {
      Part one = parts.get(part);
      if (one.sizeBytes() == 0) {
        continue;
      }
      try (JournalCursor cursor = from(one.baseOffset())) {
        if (!cursor.next() || cursor.event().getTimeNanos() > timeNanos) {
          continue;
        }
      }
      return Optional.of(offsetAfter(one, timeNanos));
    }
    return Optional.empty();
  }

  private long offsetAfter(Part part, long timeNanos) throws IOException {
    long after = part.baseOffset();
    long millis = TimeUnit.NANOSECONDS.toMillis(timeNanos);
    try (SegmentReader reader = new SegmentReader(part.file())) {
      for (long position = 0; position < part.sizeBytes(); ) {
        Frame frame = reader.frame(position);
        if (frame.form() != Frame.Form.WHOLE) {
          throw new CurvineException(
              ErrorCode.CORRUPT, part.file() + " at byte " + position + ": " + frame.problem());
        }
        RawBatch batch = reader.batch(position, frame);
        if (batch.maxTimestampMillis() >= millis) {
          break; // from here on each event is looked at: a batch knows milliseconds only
        }
        after = batch.nextOffset();
        position += batch.sizeBytes();
      }
    }
    try (JournalCursor cursor = from(after)) {
      while (cursor.next() && cursor.event().getTimeNanos() <= timeNanos) {
        after = cursor.offset() + 1;
      }
    }
    return after;
  }

  /**
   * Reads all of it and compares every checksum and the chain.
   *
   * @return the chain's hash at the end, 64 hexadecimal digits
   * @throws CurvineException CORRUPT, naming the first offset that is not as it was written
   */
  public String verify() throws IOException {
    try (JournalCursor cursor = from(startOffset())) {
      while (cursor.next()) {
        // The cursor compares.
      }
      return startOffset() == nextOffset() ? chainHashAt(startOffset()) : cursor.chainHash();
    }
  }
}
