/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.CurvineException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A topic that shows the journal's events in another form, at the same offsets. For each segment of
 * the journal there is one file, made when it is asked for and from then on kept up with the
 * journal; it can be made again at any time, so it is a cache, and is dropped when nobody has asked
 * for it for an hour.
 *
 * <p>Thread-safe. One thread of its own makes the files.
 */
public final class DerivedLog implements FeedLog, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DerivedLog.class);

  /** Who asked for a segment less than this ago has it kept up with the journal. */
  private static final long FOLLOWED_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final long READ_ON_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long KEPT_NANOS = TimeUnit.HOURS.toNanos(1);

  /** After a failure, which may have been a full disk, it is tried again so much later. */
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Path dir;
  private final JournalLog journal;
  private final DerivedWriter writer;
  private final LongSupplier nanoClock;
  private final ConcurrentHashMap<Long, DerivedPart> parts = new ConcurrentHashMap<>();

  /** Held for reading by who opens a part's file, for writing by who has a part dropped. */
  private final ReentrantReadWriteLock files = new ReentrantReadWriteLock();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Thread thread;
  private long steps;
  private final Queue<CompletableFuture<Void>> sweeps = new ArrayDeque<>();
  private CompletableFuture<Void> appended = CompletableFuture.completedFuture(null);
  private boolean closed;

  private DerivedLog(
      Path dir, JournalLog journal, EventView view, String name, LongSupplier nanoClock) {
    this.dir = dir;
    this.journal = journal;
    this.writer = new DerivedWriter(journal, view);
    this.nanoClock = nanoClock;
    this.thread = new Thread(this::run, "feed-" + name);
    thread.setDaemon(true);
  }

  /**
   * A topic over a journal; what is in the directory already is used where it is right.
   *
   * @param name of the topic, for its thread
   */
  public static DerivedLog open(Path dir, JournalLog journal, EventView view, String name)
      throws IOException {
    return open(dir, journal, view, name, System::nanoTime);
  }

  static DerivedLog open(
      Path dir, JournalLog journal, EventView view, String name, LongSupplier nanoClock)
      throws IOException {
    Files.createDirectories(dir);
    JournalFiles.removeLeftovers(dir);
    DerivedLog log = new DerivedLog(dir, journal, view, name, nanoClock);
    for (long base : JournalFiles.baseOffsets(dir)) {
      if (begins(journal, base)) {
        log.parts.put(base, new DerivedPart(base, nanoClock.getAsLong() - FOLLOWED_NANOS));
      } else {
        JournalFiles.deleteSegment(dir, base);
      }
    }
    log.thread.start();
    return log;
  }

  /** Whether a segment of the journal begins there. */
  private static boolean begins(JournalLog journal, long offset) throws CurvineException {
    return offset >= journal.startOffset()
        && offset <= journal.nextOffset()
        && journal.spanOf(offset).baseOffset() == offset;
  }

  @Override
  public long startOffset() {
    return journal.startOffset();
  }

  @Override
  public long nextOffset() {
    return journal.nextOffset();
  }

  @Override
  public LogSlice sliceFor(long fromOffset, int maxBytes) throws IOException {
    DerivedPart part = wanted(fromOffset);
    files.readLock().lock();
    try {
      return part.slice(fromOffset, maxBytes);
    } finally {
      files.readLock().unlock();
    }
  }

  @Override
  public Ahead aheadOf(long fromOffset) throws IOException {
    return wanted(fromOffset).aheadOf(fromOffset);
  }

  @Override
  public CompletableFuture<Void> onAppend(long offset) {
    try {
      return wanted(offset).onGrowth(offset);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The part that holds the offset; it is made from now on if it is not there. */
  private DerivedPart wanted(long offset) throws IOException {
    JournalLog.Span span = journal.spanOf(offset);
    long now = nanoClock.getAsLong();
    lock.lock();
    try {
      if (closed) {
        throw new IOException("the topic in " + dir + " is made no more");
      }
      DerivedPart part =
          parts.computeIfAbsent(span.baseOffset(), base -> new DerivedPart(base, now));
      part.want(now, now - RETRY_NANOS);
      if (part.isBehind(span) || appended.isDone()) {
        work.signal();
      }
      return part;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Drops what nobody has asked for lately, and what the journal has no more; waits until this is
   * done.
   */
  public void dropUnused() throws IOException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    lock.lock();
    try {
      if (closed) {
        return;
      }
      sweeps.add(done);
      work.signal();
    } finally {
      lock.unlock();
    }
    try {
      done.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IOException("cannot drop files of " + dir, e.getCause());
    }
  }

  /** On the thread that makes files, so that none is made and dropped at once. */
  private void sweep(CompletableFuture<Void> done) {
    long oldest = nanoClock.getAsLong() - KEPT_NANOS;
    try {
      for (DerivedPart part : parts.values()) {
        if (part.baseOffset() < journal.startOffset() || part.wantedNanos() - oldest < 0) {
          drop(part);
        }
      }
      done.complete(null);
    } catch (IOException | RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private void drop(DerivedPart part) throws IOException {
    lock.lock();
    try {
      parts.remove(part.baseOffset(), part);
    } finally {
      lock.unlock();
    }
    files.writeLock().lock();
    try {
      part.drop();
    } finally {
      files.writeLock().unlock();
    }
    part.lookAgain();
    // Nobody opens the file any more, and another part for it is made on this thread.
    JournalFiles.deleteSegment(dir, part.baseOffset());
  }

  private void run() {
    try {
      for (Runnable step = next(); step != null; step = next()) {
        step.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      LOG.error("the topic in {} is made no more", dir, e);
      end();
      parts.values().forEach(part -> part.fail(e, nanoClock.getAsLong()));
    }
  }

  /** Nothing is made from now on, and nobody waits for it. */
  private boolean end() {
    lock.lock();
    try {
      boolean first = !closed;
      closed = true;
      sweeps.forEach(done -> done.complete(null));
      appended.cancel(false);
      work.signal();
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something to do; null: closed. */
  private Runnable next() throws InterruptedException {
    lock.lock();
    try {
      while (!closed) {
        CompletableFuture<Void> wanted = sweeps.poll();
        if (wanted != null) {
          return () -> sweep(wanted);
        }
        long end = journal.nextOffset();
        DerivedPart part = followedBehind();
        if (part != null) {
          return () -> extend(part);
        }
        if (appended.isDone() && anyFollowed()) {
          // Of the end that was looked at: what has come since is looked at at once.
          appended = journal.onAppend(end);
          appended.whenComplete((done, failure) -> signal());
        } else {
          work.await();
        }
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void signal() {
    lock.lock();
    try {
      work.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Of those the one that has waited longest: who follows the newest waits for no catching up. */
  private DerivedPart followedBehind() {
    DerivedPart best = null;
    for (DerivedPart part : parts.values()) {
      boolean earlier = best == null || part.steps() < best.steps();
      if (earlier && followed(part) && isBehind(part)) {
        best = part;
      }
    }
    return best;
  }

  private boolean isBehind(DerivedPart part) {
    try {
      return part.isBehind(journal.spanOf(part.baseOffset()));
    } catch (CurvineException e) {
      return false; // The journal has just dropped it.
    }
  }

  private boolean anyFollowed() {
    return parts.values().stream().anyMatch(this::followed);
  }

  private boolean followed(DerivedPart part) {
    return part.baseOffset() >= journal.startOffset()
        && nanoClock.getAsLong() - part.wantedNanos() < FOLLOWED_NANOS;
  }

  /** One step of making a part. */
  private void extend(DerivedPart part) {
    try {
      JournalLog.Span span = journal.spanOf(part.baseOffset());
      part.extend(dir, span, writer, ++steps);
      if (part.finished()) {
        follow(part, span.nextOffset());
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("cannot make {} at offset {}", dir, part.baseOffset(), e);
      part.fail(e, nanoClock.getAsLong());
    }
  }

  /** Who read one part to its end a moment ago reads the next one, as who follows the newest. */
  private void follow(DerivedPart part, long nextBase) throws IOException {
    boolean newest = !journal.spanOf(nextBase).closed();
    if (newest || nanoClock.getAsLong() - part.wantedNanos() < READ_ON_NANOS) {
      lock.lock();
      try {
        parts
            .computeIfAbsent(nextBase, base -> new DerivedPart(base, part.wantedNanos()))
            .wantedAt(part.wantedNanos());
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (!end()) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (DerivedPart part : parts.values()) {
      part.fail(new IOException("the topic in " + dir + " is closed"), nanoClock.getAsLong());
      part.close();
    }
  }
}
