/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.ChainHash;
import io.curvine.journal.JournalFiles;
import io.curvine.journal.SegmentIndex;
import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks one segment with the files beside it. It begins from its own {@code .chain} file, so
 * segments can be checked at the same time. For one use by one thread.
 */
final class SegmentCheck {
  private static final Pattern CHAIN_CONTENT = Pattern.compile("[0-9a-f]{64}\n");
  private static final int CHAIN_FILE_MAX_BYTES = 1 << 10;

  /** More findings in one file tell nothing new. */
  private static final int FINDINGS_MAX = 1_000;

  private final JournalFolder.SegmentFile segment;
  private final boolean newest;
  private final boolean live;
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final SegmentIndex rebuilt = new SegmentIndex();
  private final BatchCheck batches;
  private Optional<ChainHash> stated = Optional.empty();
  private Optional<SegmentIndex.Loaded> index = Optional.empty();
  private boolean endUnreadable;
  private boolean damaged;
  private boolean displaced;
  private long maxTimestamp = -1;

  /**
   * @param newest no segment follows
   * @param live a master may be appending
   */
  SegmentCheck(JournalFolder.SegmentFile segment, boolean newest, boolean live) {
    this.segment = segment;
    this.newest = newest;
    this.live = live;
    this.batches = new BatchCheck(segment.log(), segment.baseOffset(), this::add);
  }

  SegmentResult run() throws IOException {
    try (SegmentReader reader = new SegmentReader(segment.log())) {
      // Before the batches: a master that appends closes this segment only after them.
      readChainFile();
      readIndex();
      long end = scan(reader);
      checkIndex(end, reader.limit());
      return result(end);
    } catch (NoSuchFileException e) {
      if (!live) {
        throw e;
      }
      return new SegmentResult(
          segment.baseOffset(),
          -1,
          Optional.empty(),
          Optional.empty(),
          false,
          SegmentResult.Totals.DROPPED,
          List.of(),
          List.of(segment.log() + " was dropped by the retention meanwhile"));
    }
  }

  private SegmentResult result(long end) {
    boolean startKnown = stated.isPresent() && !displaced;
    return new SegmentResult(
        segment.baseOffset(),
        endUnreadable ? -1 : batches.nextOffset(),
        startKnown ? stated : batches.chainStart(),
        endUnreadable ? Optional.empty() : batches.chainEnd(),
        displaced,
        new SegmentResult.Totals(
            batches.events(),
            end,
            batches.firstNanos(),
            batches.lastNanos(),
            batches.clusterId(),
            false),
        List.copyOf(findings),
        List.copyOf(notes));
  }

  private void readChainFile() throws IOException {
    Path file = segment.beside(JournalFiles.CHAIN);
    if (!Files.exists(file)) {
      notes.add(file + " is missing; the hash is in the first batch, too");
      return;
    }
    String content =
        Files.size(file) > CHAIN_FILE_MAX_BYTES
            ? ""
            : Files.readString(file, StandardCharsets.ISO_8859_1);
    if (!CHAIN_CONTENT.matcher(content).matches()) {
      chainFileIsWrong("is not 64 hexadecimal digits and a line end");
      return;
    }
    ChainHash hash = ChainHash.parse(content.trim());
    if (segment.baseOffset() == 0 && !hash.equals(ChainHash.EMPTY)) {
      chainFileIsWrong("is not the hash that comes before the first event of all, 64 zeros");
      return;
    }
    stated = Optional.of(hash);
  }

  private void chainFileIsWrong(String what) {
    add(
        new Finding(
            Finding.Kind.CHAIN_FILE,
            segment.beside(JournalFiles.CHAIN),
            -1,
            segment.baseOffset(),
            what,
            Advice.CHAIN_FILE));
  }

  private long scan(SegmentReader reader) throws IOException {
    batches.begin(stated);
    long position = 0;
    while (position < reader.limit()) {
      Frame frame = reader.frame(position);
      boolean whole = frame.form() == Frame.Form.WHOLE;
      RawBatch batch = whole ? reader.batch(position, frame) : null;
      if (whole && batch.checksumFits()) {
        if (position == 0 && isDisplaced(batch)) {
          displaced = true;
          batches.goOnAt(batch);
        }
        if (position == 0 && !displaced) {
          checkChainFile(batch);
        }
        rebuilt.add(batches.nextOffset(), position, maxTimestamp);
        maxTimestamp = Math.max(maxTimestamp, batch.maxTimestampMillis());
        batches.check(batch);
        position += frame.sizeBytes();
        continue;
      }
      long next = reader.nextWhole(position + 1, batches.nextOffset());
      if (next < 0) {
        tail(reader, position, frame);
        return position;
      }
      damage(position, whole ? "its checksum does not fit" : frame.problem(), next - position);
      batches.goOnAt(reader.batch(next, reader.frame(next)));
      position = next;
    }
    return position;
  }

  /** A damaged file, whose end cannot be read. */
  private void tail(SegmentReader reader, long position, Frame frame) {
    endUnreadable = true;
    boolean cut = frame.form() == Frame.Form.SHORT;
    String what = frame.form() == Frame.Form.WHOLE ? "its checksum does not fit" : frame.problem();
    if (cut && newest && live) {
      endUnreadable = false;
      notes.add(
          segment.log()
              + ": a batch at byte "
              + position
              + " is being written; "
              + (reader.limit() - position)
              + " bytes of it are there");
    } else if (cut && newest) {
      add(
          new Finding(
              Finding.Kind.TORN_TAIL,
              segment.log(),
              position,
              batches.nextOffset(),
              "a torn tail: " + what,
              Advice.TORN));
    } else if (cut) {
      truncated(position, what);
    } else {
      damage(position, what, reader.limit() - position);
    }
  }

  private void truncated(long position, String what) {
    damaged = true;
    endUnreadable = true;
    add(
        new Finding(
            Finding.Kind.TRUNCATED,
            segment.log(),
            position,
            batches.nextOffset(),
            "the file is shorter than it was: " + what,
            Advice.FROM_ANOTHER_MASTER));
  }

  private void damage(long position, String what, long bytes) {
    damaged = true;
    add(
        new Finding(
            what.startsWith("its checksum") ? Finding.Kind.CHECKSUM : Finding.Kind.BATCH,
            segment.log(),
            position,
            batches.nextOffset(),
            what + " (" + bytes + " bytes cannot be read)",
            newest && endUnreadable ? Advice.TORN : Advice.FROM_ANOTHER_MASTER));
  }

  /** Whether the file begins with what belongs elsewhere in the chain and in the order. */
  private boolean isDisplaced(RawBatch first) throws IOException {
    if (first.baseOffset() == segment.baseOffset() || stated.equals(chainOf(first))) {
      return false;
    }
    damaged = true;
    add(
        new Finding(
            Finding.Kind.BATCH,
            segment.log(),
            0,
            first.baseOffset(),
            "the file begins with offset "
                + first.baseOffset()
                + ", its name says "
                + segment.baseOffset()
                + ": it is another segment under this name",
            "give it its own name back, or " + Advice.FROM_ANOTHER_MASTER));
    return true;
  }

  /** A batch under its checksum is believed rather than a file without one. */
  private void checkChainFile(RawBatch first) {
    Optional<ChainHash> inBatch = chainOf(first);
    if (stated.isPresent() && inBatch.isPresent() && !stated.equals(inBatch)) {
      chainFileIsWrong("says " + stated.get() + ", the first batch says " + inBatch.get());
      stated = inBatch;
      batches.begin(stated);
    }
  }

  private static Optional<ChainHash> chainOf(RawBatch batch) {
    try {
      return Optional.of(batch.chainBefore());
    } catch (CurvineException e) {
      return Optional.empty(); // the check of the batch says so
    }
  }

  private void readIndex() throws IOException {
    Path file = segment.beside(JournalFiles.INDEX);
    if (!Files.exists(file)) {
      if (!newest) {
        notes.add(file + " is missing; a start makes it again");
      }
      return;
    }
    index = SegmentIndex.load(file);
    if (index.isEmpty()) {
      indexIsWrong("is not what was written");
    }
  }

  private void checkIndex(long end, long limit) {
    if (index.isEmpty()) {
      return;
    }
    SegmentIndex.Loaded loaded = index.get();
    if (loaded.sizeBytes() > limit) {
      // A live one was closed since it was opened here.
      if (!endUnreadable && !(newest && live)) {
        truncated(end, "its index knows of " + loaded.sizeBytes() + " bytes, it has " + limit);
      }
      return;
    }
    if (damaged || batches.damaged() || endUnreadable) {
      return; // an index of what was there before
    }
    int same = loaded.index().firstDifference(rebuilt);
    // The newest segment may have been closed once and be open again: its index is older then.
    boolean older = newest && loaded.sizeBytes() < end;
    if (same < loaded.index().size() || (!older && same < rebuilt.size())) {
      indexIsWrong("is not of this segment: entry " + same + " differs");
    } else if (!older
        && (loaded.sizeBytes() != end
            || loaded.nextOffset() != batches.nextOffset()
            || loaded.maxTimestampMillis() != maxTimestamp)) {
      indexIsWrong(
          "says "
              + loaded.sizeBytes()
              + " bytes up to offset "
              + loaded.nextOffset()
              + "; the segment has "
              + end
              + " up to "
              + batches.nextOffset());
    }
  }

  private void indexIsWrong(String what) {
    add(
        new Finding(
            Finding.Kind.INDEX, segment.beside(JournalFiles.INDEX), -1, -1, what, Advice.INDEX));
  }

  private void add(Finding finding) {
    if (findings.size() < FINDINGS_MAX) {
      findings.add(finding);
    } else if (findings.size() == FINDINGS_MAX) {
      findings.add(
          new Finding(
              finding.kind(),
              finding.file(),
              finding.position(),
              finding.offset(),
              "more than " + FINDINGS_MAX + " things are wrong; the rest is not told",
              finding.advice()));
    }
  }
}
