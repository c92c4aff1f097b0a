/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The events of the namespace on one master: segment files of Kafka record batches (see {@link
 * EventBatches}), each event at its dense offset.
 *
 * <p>Thread-safe: one thread appends, any number reads meanwhile. What is appended can be read at
 * once and is durable after {@link #flush}. Files never change except by appending to the newest,
 * so hard links of the closed ones are a backup. After an append, flush or cut has failed, all
 * further changes fail until the journal is opened again, which cuts off what was not wholly
 * written.
 */
public final class JournalLog implements FeedLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(JournalLog.class);

  private final Path dir;
  private final JournalConfig config;
  private final Clock clock;
  private final AppendWaiters waiters = new AppendWaiters();

  /** Held by whoever changes the journal. */
  private final ReentrantLock writing = new ReentrantLock();

  /** Guards the list and the files' names; appending needs it only to begin a new segment. */
  private final ReentrantReadWriteLock structure = new ReentrantReadWriteLock();

  /** Ascending, never empty; the last is active. */
  private volatile List<Segment> segments;

  private volatile ChainHash chain;
  private volatile long nextOffset;
  private IOException failure;
  private boolean closed;

  private JournalLog(
      Path dir, JournalConfig config, Clock clock, List<Segment> segments, ChainHash chain) {
    this.dir = dir;
    this.config = config;
    this.clock = clock;
    this.segments = List.copyOf(segments);
    this.chain = chain;
    this.nextOffset = active().nextOffset();
  }

  /** As {@link #open(Path, JournalConfig, Clock)} with the system's clock. */
  public static JournalLog open(Path dir, JournalConfig config) throws IOException {
    return open(dir, config, Clock.systemUTC());
  }

  /**
   * Opens the journal in {@code dir}, which is made where it is missing; a new journal begins at
   * offset 0. A torn write at its end is cut off.
   *
   * @throws CurvineException CORRUPT where segments do not follow one another or the chain of
   *     events is broken in the newest
   */
  public static JournalLog open(Path dir, JournalConfig config, Clock clock) throws IOException {
    Files.createDirectories(dir);
    JournalFiles.removeLeftovers(dir);
    List<Long> bases = JournalFiles.baseOffsets(dir);
    List<Segment> segments = new ArrayList<>();
    if (bases.isEmpty()) {
      segments.add(begin(dir, 0, ChainHash.EMPTY));
      return new JournalLog(dir, config, clock, segments, ChainHash.EMPTY);
    }
    for (int i = 0; i < bases.size() - 1; i++) {
      segments.add(Segment.openClosed(dir, bases.get(i), bases.get(i + 1)));
    }
    long newest = bases.get(bases.size() - 1);
    ChainCheck chain = new ChainCheck(JournalFiles.readChain(dir, newest));
    segments.add(Segment.openActive(dir, newest, chain));
    return new JournalLog(dir, config, clock, segments, chain.chain());
  }

  /** A new active segment. */
  private static Segment begin(Path dir, long baseOffset, ChainHash chain) throws IOException {
    JournalFiles.writeChain(dir, baseOffset, chain);
    return Segment.create(dir, baseOffset);
  }

  /** The oldest offset that is kept; equals {@link #nextOffset} where the journal is empty. */
  @Override
  public long startOffset() {
    return segments.get(0).baseOffset();
  }

  @Override
  public long nextOffset() {
    return nextOffset;
  }

  /** The chain's hash over all events, 64 hexadecimal digits. */
  public String chainHash() {
    return chain.toString();
  }

  /** Bytes of all segments. */
  public long sizeBytes() {
    return segments.stream().mapToLong(Segment::sizeBytes).sum();
  }

  /** As {@link #append(long, List, RaftPlace)}, of events that no Raft entry is known for. */
  public void append(long firstOffset, List<StoredEvent> events) throws IOException {
    append(firstOffset, events, RaftPlace.UNKNOWN);
  }

  /**
   * Appends the events of one Raft entry in order.
   *
   * @throws IllegalStateException unless {@code firstOffset} is {@link #nextOffset}
   */
  public void append(long firstOffset, List<StoredEvent> events, RaftPlace place)
      throws IOException {
    writing.lock();
    try {
      requireWritable();
      if (firstOffset != nextOffset) {
        throw new IllegalStateException(
            "append at offset " + firstOffset + "; the journal is at " + nextOffset);
      }
      int from = 0;
      while (from < events.size()) {
        from += appendBatch(events, from, place);
      }
    } catch (IOException e) {
      throw failed(e);
    } finally {
      writing.unlock();
    }
    waiters.grownTo(nextOffset);
  }

  private int appendBatch(List<StoredEvent> events, int from, RaftPlace place) throws IOException {
    EventBatches.Encoded batch = EventBatches.encode(nextOffset, chain, events, from, place);
    long size = active().sizeBytes();
    if (size > 0 && size + batch.bytes().remaining() > config.segmentBytes()) {
      roll();
    }
    active().append(batch.bytes(), batch.taken(), batch.maxTimestampMillis());
    chain = batch.end();
    // The segment counts; this is published last.
    nextOffset = active().nextOffset();
    return batch.taken();
  }

  private void roll() throws IOException {
    active().seal();
    Segment next = begin(dir, nextOffset, chain);
    List<Segment> longer = new ArrayList<>(segments);
    longer.add(next);
    replaceSegments(longer);
  }

  /** Returns when all that was appended before the call is on the disk. Appending goes on. */
  public void flush() throws IOException {
    Segment newest;
    writing.lock();
    try {
      requireWritable();
      newest = active();
    } finally {
      writing.unlock();
    }
    try {
      newest.flush();
    } catch (IOException e) {
      writing.lock();
      try {
        throw failed(e);
      } finally {
        writing.unlock();
      }
    }
  }

  /**
   * Reads events from {@code fromOffset} on, at least one where there is one, and stops once they
   * hold {@code maxBytes}.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE below the start or past the end; CORRUPT where a
   *     checksum does not match
   */
  public EventSlice read(long fromOffset, int maxBytes) throws IOException {
    structure.readLock().lock();
    try {
      Segment segment = segmentOf(fromOffset);
      if (fromOffset == segment.nextOffset()) {
        return new EventSlice(fromOffset, List.of());
      }
      try (FileChannel channel = segment.openForReading()) {
        return SegmentReads.events(segment, channel, fromOffset, maxBytes);
      }
    } finally {
      structure.readLock().unlock();
    }
  }

  @Override
  public LogSlice sliceFor(long fromOffset, int maxBytes) throws IOException {
    structure.readLock().lock();
    try {
      return segmentOf(fromOffset).slice(fromOffset, maxBytes);
    } finally {
      structure.readLock().unlock();
    }
  }

  @Override
  public Ahead aheadOf(long fromOffset) throws CurvineException {
    List<Segment> all = segments;
    Segment segment = segmentOf(all, fromOffset);
    long end = segment.nextOffset();
    // A slice ends with its segment, so there is no sense in waiting for more.
    boolean closedOne = segment != all.get(all.size() - 1);
    return new Ahead(closedOne ? Long.MAX_VALUE : segment.bytesFrom(fromOffset), end);
  }

  /**
   * A segment as it is now.
   *
   * @param nextOffset the first beyond it
   * @param closed whether nothing will be appended to it
   */
  record Span(long baseOffset, long nextOffset, boolean closed) {}

  /** The segment that holds an offset, or the newest for the journal's end. */
  Span spanOf(long offset) throws CurvineException {
    List<Segment> all = segments;
    Segment segment = segmentOf(all, offset);
    boolean closedOne = segment != all.get(all.size() - 1);
    return new Span(segment.baseOffset(), segment.nextOffset(), closedOne);
  }

  /** How many bytes the events at and past an offset take, to the segment that holds it. */
  public long bytesFrom(long offset) {
    return segments.stream()
        .filter(segment -> segment.nextOffset() > offset)
        .mapToLong(Segment::sizeBytes)
        .sum();
  }

  /** Where its files are. */
  public Path directory() {
    return dir;
  }

  /** The first event at or after a time; empty where all are older. */
  public Optional<TimedOffset> firstAtOrAfter(long timestampMillis) throws IOException {
    structure.readLock().lock();
    try {
      for (Segment segment : segments) {
        if (segment.sizeBytes() > 0 && segment.maxTimestampMillis() >= timestampMillis) {
          return Optional.of(SegmentReads.firstAtOrAfter(segment, timestampMillis));
        }
      }
      return Optional.empty();
    } finally {
      structure.readLock().unlock();
    }
  }

  /**
   * Completes once the event at {@code offset} can be read; on the appending thread, so what hangs
   * on it is brief. Fails when the journal is closed. A caller that no longer waits cancels it.
   */
  @Override
  public CompletableFuture<Void> onAppend(long offset) {
    return waiters.await(offset, this::nextOffset);
  }

  /**
   * Drops the events from {@code offset} on, which then is the next offset; durable when it
   * returns. A batch that holds {@code offset} is written anew without its end. Slices taken before
   * stay as they were.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE below the start or past the end
   */
  public void truncateTo(long offset) throws IOException {
    change(
        () -> {
          if (offset == nextOffset && offset >= startOffset()) {
            return;
          }
          Segment holder = segmentOf(offset);
          List<Segment> kept = new ArrayList<>(segments.subList(0, segments.indexOf(holder)));
          active().closeWriter();
          for (int i = segments.size() - 1; i > kept.size(); i--) {
            JournalFiles.deleteSegment(dir, segments.get(i).baseOffset());
          }
          SegmentCut.cut(dir, holder, offset);
          ChainCheck upTo = new ChainCheck(JournalFiles.readChain(dir, holder.baseOffset()));
          install(kept, Segment.openActive(dir, holder.baseOffset(), upTo), upTo.chain());
        });
  }

  /**
   * Drops all events and begins an empty journal at {@code offset}, its chain with the first link.
   */
  public void reset(long offset) throws IOException {
    reset(offset, ChainHash.EMPTY.toString());
  }

  /** As {@link #reset(long)}, with the chain's hash at {@code offset} where it is known. */
  public void reset(long offset, String chainHash) throws IOException {
    change(
        () -> {
          ChainHash start = ChainHash.parse(chainHash);
          active().closeWriter();
          for (int i = segments.size() - 1; i >= 0; i--) {
            JournalFiles.deleteSegment(dir, segments.get(i).baseOffset());
          }
          install(List.of(), begin(dir, offset, start), start);
        });
  }

  private void install(List<Segment> closedOnes, Segment newest, ChainHash end) {
    List<Segment> all = new ArrayList<>(closedOnes);
    all.add(newest);
    segments = List.copyOf(all);
    chain = end;
    nextOffset = newest.nextOffset();
  }

  /**
   * What retention leaves alone for those who have not read it.
   *
   * @param offset segments with an event at or past it are kept
   * @param maxBytes but no more than the journal's newest so many bytes
   */
  public record Floor(long offset, long maxBytes) {
    /** Nothing is kept for anybody. */
    public static final Floor NONE = new Floor(Long.MAX_VALUE, 0);
  }

  /**
   * Drops the oldest closed segments that are too old or make the journal too large, as far as the
   * floor lets them go.
   *
   * @return whether the floor kept one that would have gone
   */
  public boolean applyRetention(Floor floor) throws IOException {
    AtomicBoolean held = new AtomicBoolean();
    change(
        () -> {
          long oldestMillis = clock.millis() - config.retentionAge().toMillis();
          long size = sizeBytes();
          int dropped = 0;
          while (dropped < segments.size() - 1
              && (size > config.retentionBytes()
                  || segments.get(dropped).maxTimestampMillis() < oldestMillis)) {
            if (segments.get(dropped).nextOffset() > floor.offset() && size <= floor.maxBytes()) {
              held.set(true);
              break;
            }
            size -= segments.get(dropped).sizeBytes();
            dropped++;
          }
          if (dropped == 0) {
            return;
          }
          List<Segment> old = segments.subList(0, dropped);
          segments = List.copyOf(segments.subList(dropped, segments.size()));
          for (Segment segment : old) {
            JournalFiles.deleteSegment(dir, segment.baseOffset());
          }
          LOG.info("dropped {} segments; the journal begins at {}", dropped, startOffset());
        });
    return held.get();
  }

  /**
   * Makes {@code target} a journal with all that was appended before the call, durable; it may hold
   * some of what comes later. Closed segments are hard links, the active one is copied. Readers and
   * appending go on meanwhile.
   */
  public void linkTo(Path target) throws IOException {
    List<Long> bases;
    long activeBytes;
    writing.lock();
    try {
      requireWritable();
      bases = segments.stream().map(Segment::baseOffset).toList();
      activeBytes = active().sizeBytes();
      // Taken before the other lock is given back: retention drops none of these meanwhile.
      structure.readLock().lock();
    } finally {
      writing.unlock();
    }
    try {
      JournalCopy.linkClosed(dir, bases, target);
    } finally {
      structure.readLock().unlock();
    }
    JournalCopy.copyNewest(dir, bases, activeBytes, target);
  }

  /**
   * The chain's hash over the events before {@code offset}, 64 hexadecimal digits; reads at most
   * one batch.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE below the start or past the end; CORRUPT where a
   *     checksum does not match
   */
  public String chainHashAt(long offset) throws IOException {
    structure.readLock().lock();
    try {
      if (offset == startOffset()) {
        return JournalFiles.readChain(dir, offset).toString();
      }
      Segment segment = segmentOf(offset);
      if (offset == segment.baseOffset()) {
        segment = segmentOf(offset - 1);
      }
      return SegmentReads.chainAt(segment, offset).toString();
    } finally {
      structure.readLock().unlock();
    }
  }

  /**
   * Replaces the journal in {@code to}, which nobody has open, by the one in {@code from}. Stopped
   * half way it leaves a shorter journal.
   */
  public static void restore(Path from, Path to) throws IOException {
    List<Long> bases = JournalFiles.baseOffsets(from);
    if (bases.isEmpty()) {
      throw new CurvineException(ErrorCode.NOT_FOUND, from + " holds no journal");
    }
    Files.createDirectories(to);
    List<Long> old = JournalFiles.baseOffsets(to);
    for (int i = old.size() - 1; i >= 0; i--) {
      JournalFiles.deleteSegment(to, old.get(i));
    }
    JournalFiles.removeLeftovers(to);
    JournalCopy.copy(from, bases, to);
  }

  /**
   * Reads the whole journal and checks every checksum and the chain.
   *
   * @throws CurvineException CORRUPT, naming the offset of the first batch that is not what was
   *     written
   */
  public void verify() throws IOException {
    ChainHash expected = null;
    for (Segment segment : segments) {
      expected = SegmentReads.verify(segment, expected);
    }
  }

  /** Flushes and closes; who waits for an append is told by a failure. */
  @Override
  public void close() throws IOException {
    writing.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      if (failure == null) {
        active().flush();
      }
      active().closeWriter();
    } finally {
      writing.unlock();
    }
    waiters.failAll(new CurvineException(ErrorCode.NOT_READY, "the journal is closed"));
  }

  /** How many wait for an append. */
  int waiting() {
    return waiters.count();
  }

  private interface Change {
    void run() throws IOException;
  }

  /** Runs a change of the list of segments, alone. */
  private void change(Change change) throws IOException {
    writing.lock();
    structure.writeLock().lock();
    try {
      requireWritable();
      change.run();
    } catch (CurvineException e) {
      throw e;
    } catch (IOException e) {
      throw failed(e);
    } finally {
      structure.writeLock().unlock();
      writing.unlock();
    }
  }

  private void replaceSegments(List<Segment> newSegments) {
    structure.writeLock().lock();
    try {
      segments = List.copyOf(newSegments);
    } finally {
      structure.writeLock().unlock();
    }
  }

  private Segment active() {
    List<Segment> all = segments;
    return all.get(all.size() - 1);
  }

  /** The segment that holds {@code offset}; the active one for the journal's end. */
  private Segment segmentOf(long offset) throws CurvineException {
    return segmentOf(segments, offset);
  }

  private Segment segmentOf(List<Segment> all, long offset) throws CurvineException {
    if (offset < all.get(0).baseOffset() || offset > nextOffset) {
      throw new CurvineException(
          ErrorCode.OFFSET_OUT_OF_RANGE,
          "offset "
              + offset
              + " is out of range; the journal holds "
              + startOffset()
              + " to "
              + nextOffset);
    }
    int low = 0;
    int high = all.size() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (all.get(middle).baseOffset() <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return all.get(low);
  }

  private void requireWritable() throws IOException {
    if (closed) {
      throw new CurvineException(ErrorCode.NOT_READY, "the journal is closed");
    }
    if (failure != null) {
      throw new IOException("an earlier write of the journal failed", failure);
    }
  }

  private IOException failed(IOException e) {
    if (failure == null && !closed) {
      failure = e;
    }
    return e;
  }
}
