/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import io.curvine.master.leader.Failures;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.store.StateStore;
import io.curvine.master.tool.Ways;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The past states that this master has open: a few, of which the one that was used least lately
 * makes room for another. One is made at a time, on a thread of its own, for as long as somebody
 * asks for it. Thread-safe.
 */
public final class PastStates implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PastStates.class);

  /** Whoever waits for a state asks again at least so often. */
  public static final Duration WAIT_MAX = Duration.ofSeconds(10);

  private static final Duration ABANDONED_AFTER = WAIT_MAX.plusSeconds(5);

  /** Of a machine that nothing is known about. */
  private static final double FIRST_EVENTS_PER_SECOND = 50_000;

  /** Weight of what was measured last. */
  private static final double LAST_WEIGHT = 0.5;

  private static final long OPENING_MILLIS = 200;
  private static final long EVENTS_MEASURED_MIN = 10_000;

  /**
   * How many are kept, and for how long.
   *
   * @param directory where they are; removed at the start
   * @param openMax 2 or more
   * @param idle closed when nobody used it for so long
   * @param freeMin bytes that are left free on the disk
   */
  public record Settings(Path directory, int openMax, Duration idle, long freeMin) {}

  private final Settings settings;
  private final PastSources sources;
  private final PastBuilder builder;
  private final Function<StateStore, QueryEngine> engines;
  private final Executor thread;
  private final LongSupplier clockNanos;
  private final LongSupplier freeBytes;
  private final Map<Long, PastState> open = new HashMap<>();
  private Building building;
  private double eventsPerSecond = FIRST_EVENTS_PER_SECOND;
  private volatile boolean closed;

  /**
   * @param freeBytes of the disk
   * @param engines makes what answers queries on a state
   * @param thread one, that nothing else uses
   * @param clockNanos as {@link System#nanoTime}
   */
  public PastStates(
      Settings settings,
      PastSources sources,
      LongSupplier freeBytes,
      Function<StateStore, QueryEngine> engines,
      Executor thread,
      LongSupplier clockNanos)
      throws IOException {
    this.settings = settings;
    this.sources = sources;
    this.engines = engines;
    this.thread = thread;
    this.clockNanos = clockNanos;
    this.freeBytes = freeBytes;
    this.builder = new PastBuilder(settings.directory(), sources, freeBytes, settings.freeMin());
  }

  /** What it takes, or how far it is. */
  public record Standing(
      long offset, boolean open, long fromOffset, long folded, long leftMillis, boolean waits) {}

  /** One that is being made. */
  private final class Building {
    private final long offset;
    private final Ways.Way<Path> way;
    private final CompletableFuture<Void> done = new CompletableFuture<>();
    private volatile long askedNanos = clockNanos.getAsLong();
    private volatile long folded;

    Building(long offset, Ways.Way<Path> way) {
      this.offset = offset;
      this.way = way;
    }

    Standing standing() {
      return standing(false);
    }

    Standing standing(boolean waits) {
      return new Standing(
          offset,
          false,
          way.base().offset(),
          folded,
          millis(offset - way.base().offset() - folded),
          waits);
    }

    void progress(long events) throws CurvineException {
      folded = events;
      if (closed) {
        throw new CurvineException(ErrorCode.NOT_READY, "this master stops");
      }
      if (clockNanos.getAsLong() - askedNanos > ABANDONED_AFTER.toNanos()) {
        throw new CurvineException(
            ErrorCode.NOT_READY, "nobody waits for the state at " + offset + " any more");
      }
    }
  }

  /**
   * What it would take to open a state.
   *
   * @throws CurvineException OFFSET_OUT_OF_RANGE where nothing leads there
   */
  public Standing plan(long offset) throws IOException {
    synchronized (this) {
      PastState state = open.get(offset);
      if (state != null) {
        state.touch(clockNanos.getAsLong());
        return opened(offset);
      }
    }
    long from = sources.wayTo(offset).base().offset();
    return new Standing(offset, false, from, 0, millis(offset - from), false);
  }

  private static Standing opened(long offset) {
    return new Standing(offset, true, offset, 0, 0, false);
  }

  private synchronized long millis(long events) {
    return OPENING_MILLIS + (long) (events / eventsPerSecond * TimeUnit.SECONDS.toMillis(1));
  }

  /**
   * Opens a state, or goes on with that.
   *
   * @return how it stands when it is open, or after the wait; fails where it cannot be opened
   */
  public CompletableFuture<Standing> open(long offset, Duration wait) throws IOException {
    Standing now = plan(offset);
    if (now.open()) {
      return CompletableFuture.completedFuture(now);
    }
    Ways.Way<Path> way = sources.wayTo(offset);
    Building mine;
    synchronized (this) {
      if (open.containsKey(offset)) {
        return CompletableFuture.completedFuture(opened(offset));
      }
      if (building == null || (building.done.isDone() && building.offset != offset)) {
        if (!makeRoom()) {
          return after(new CompletableFuture<>(), wait, () -> waiting(now));
        }
        begin(new Building(offset, way));
      }
      mine = building;
      if (mine.offset == offset) {
        mine.askedNanos = clockNanos.getAsLong();
      }
      if (mine.done.isDone()) {
        building = null; // It failed, which is told once.
      }
    }
    return mine.offset == offset
        ? after(mine.done.thenApply(done -> opened(offset)), wait, mine::standing)
        : after(mine.done.handle((done, failure) -> waiting(now)), wait, () -> waiting(now));
  }

  private static Standing waiting(Standing plan) {
    return new Standing(plan.offset(), false, plan.fromOffset(), 0, plan.leftMillis(), true);
  }

  private static CompletableFuture<Standing> after(
      CompletableFuture<Standing> done,
      Duration wait,
      java.util.function.Supplier<Standing> otherwise) {
    CompletableFuture<Standing> answer = new CompletableFuture<>();
    done.whenComplete(
        (standing, failure) -> {
          if (failure == null) {
            answer.complete(standing);
          } else {
            answer.completeExceptionally(Failures.cause(failure));
          }
        });
    long millis = Math.min(wait.toMillis(), WAIT_MAX.toMillis());
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
        .execute(() -> answer.complete(otherwise.get()));
    return answer;
  }

  /** Lets the one go that was used least lately; false where all are in use. */
  private boolean makeRoom() {
    if (open.size() < settings.openMax()) {
      return true;
    }
    Optional<PastState> oldest =
        open.values().stream()
            .filter(state -> !state.inUse())
            .min(Comparator.comparingLong(state -> state.usedNanos() - clockNanos.getAsLong()));
    oldest.ifPresent(this::retire);
    return oldest.isPresent();
  }

  private void retire(PastState state) {
    open.remove(state.offset());
    if (state.retire()) {
      state.dispose();
    }
  }

  private void begin(Building next) {
    building = next;
    try {
      thread.execute(() -> make(next));
    } catch (RejectedExecutionException e) {
      next.done.completeExceptionally(
          new CurvineException(ErrorCode.NOT_READY, "this master stops"));
    }
  }

  private void make(Building next) {
    long began = clockNanos.getAsLong();
    PastBuilder.Made made;
    try {
      made = builder.make(next.way, next.offset, next::progress);
    } catch (IOException | RuntimeException e) {
      LOG.info("the state at offset {} is not opened: {}", next.offset, e.toString());
      next.done.completeExceptionally(Failures.asCurvine(e));
      return;
    } catch (Error e) {
      // Nobody else would end the wait, nor begin another.
      next.done.completeExceptionally(Failures.asCurvine(e));
      throw e;
    }
    PastState state =
        new PastState(next.offset, made.directory(), made.store(), engines.apply(made.store()));
    synchronized (this) {
      long nanos = Math.max(1, clockNanos.getAsLong() - began);
      measured(next.offset - next.way.base().offset(), nanos);
      building = null;
      if (closed) {
        state.dispose();
        next.done.completeExceptionally(
            new CurvineException(ErrorCode.NOT_READY, "this master stops"));
        return;
      }
      state.touch(clockNanos.getAsLong());
      open.put(next.offset, state);
    }
    LOG.info(
        "the state at offset {} is open, made from {} at {}",
        next.offset,
        next.way.base().name(),
        next.way.base().offset());
    next.done.complete(null);
  }

  private void measured(long events, long nanos) {
    if (events >= EVENTS_MEASURED_MIN) {
      double now = events * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
      eventsPerSecond = LAST_WEIGHT * now + (1 - LAST_WEIGHT) * eventsPerSecond;
    }
  }

  /** What is done with a state. */
  @FunctionalInterface
  interface Use<T> {
    T with(PastState state) throws IOException;
  }

  /** Uses a state, which stays open meanwhile; empty where it is not open. */
  <T> Optional<T> use(long offset, Use<T> use) throws IOException {
    PastState state;
    synchronized (this) {
      state = open.get(offset);
      if (state == null) {
        return Optional.empty();
      }
      state.begin(clockNanos.getAsLong());
    }
    try {
      return Optional.of(use.with(state));
    } finally {
      boolean last;
      synchronized (this) {
        last = state.end(clockNanos.getAsLong());
      }
      if (last) {
        state.dispose();
      }
    }
  }

  /**
   * Closes those that nobody has used for long, and on a disk that is nearly full all that nobody
   * uses now: the cluster needs the room more. Called now and then.
   */
  public void closeIdle() {
    List<PastState> idle = new ArrayList<>();
    boolean low = freeBytes.getAsLong() < settings.freeMin();
    synchronized (this) {
      long now = clockNanos.getAsLong();
      for (PastState state : open.values()) {
        if (!state.inUse() && (low || now - state.usedNanos() > settings.idle().toNanos())) {
          idle.add(state);
        }
      }
      idle.forEach(state -> open.remove(state.offset()));
    }
    for (PastState state : idle) {
      LOG.info(
          "the state at offset {} is closed: {}",
          state.offset(),
          low ? "the disk is nearly full" : "nobody uses it");
      state.dispose();
    }
  }

  /** How many are open. */
  public synchronized int openCount() {
    return open.size();
  }

  /** Ends the one that is being made, and closes all. */
  @Override
  public synchronized void close() {
    closed = true;
    List.copyOf(open.values()).forEach(this::retire);
  }
}
