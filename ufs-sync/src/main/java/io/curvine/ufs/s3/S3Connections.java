/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The connections to one store. Those that are not used are kept for a while; those whose store is
 * silent for too long are closed. Thread-safe.
 */
final class S3Connections implements Closeable {
  /** As the SDK does: stores close idle ones after 20 s and more. */
  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final long LOOK_MAX_MILLIS = 1_000;
  private static final int LOOKS = 4;

  private final Opener opener;
  private final Duration silence;
  private final Duration patience;
  private final Semaphore free;
  private final Deque<S3Connection> idle = new ConcurrentLinkedDeque<>();
  private final Set<S3Connection> all = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService guard;
  private volatile boolean closed;

  /** Connects. */
  @FunctionalInterface
  interface Opener {
    S3Connection open() throws IOException;
  }

  /**
   * @param silence after which a store is given up
   * @param max connections in use at once
   * @param patience for one that is free
   */
  S3Connections(Opener opener, Duration silence, int max, Duration patience) {
    this.opener = opener;
    this.silence = silence;
    this.patience = patience;
    this.free = new Semaphore(max);
    this.guard =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "s3-guard");
              thread.setDaemon(true);
              return thread;
            });
    long look = Math.max(1, Math.min(LOOK_MAX_MILLIS, silence.toMillis() / LOOKS));
    var unused = guard.scheduleWithFixedDelay(this::look, look, look, TimeUnit.MILLISECONDS);
  }

  /** Waits until another connection may be used; false: it took too long. */
  boolean await() throws InterruptedException {
    return free.tryAcquire(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** One that was used before; the caller has waited. */
  Optional<S3Connection> used() {
    for (S3Connection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
      if (!next.isIdleFor(IDLE_NANOS)) {
        return Optional.of(next);
      }
      drop(next);
    }
    return Optional.empty();
  }

  /** A new one; the caller has waited. */
  S3Connection connect() throws IOException {
    S3Connection made = opener.open();
    all.add(made);
    if (closed) {
      drop(made);
      throw new IOException("the store was closed");
    }
    return made;
  }

  /** It is of no more use. */
  void drop(S3Connection connection) {
    all.remove(connection);
    connection.close();
  }

  /** Its answer was read whole. */
  void keep(S3Connection connection) {
    if (closed || connection.hasMore()) {
      drop(connection);
    } else {
      connection.idle();
      idle.addFirst(connection);
    }
  }

  /** Who has waited uses no connection any more. */
  void done() {
    free.release();
  }

  private void look() {
    long nanos = silence.toNanos();
    all.forEach(each -> each.closeIfSilent(nanos));
    for (S3Connection last = idle.peekLast();
        last != null && last.isIdleFor(IDLE_NANOS) && idle.remove(last);
        last = idle.peekLast()) {
      drop(last);
    }
  }

  /** Ends all, and the calls that wait. */
  @Override
  public void close() {
    closed = true;
    guard.shutdownNow();
    all.forEach(this::drop);
    idle.clear();
  }
}
