/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.change.ChangeSourceProvider;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A change source that tells what a test has it tell, from a log as a broker keeps it. Its cursor
 * is the number of batches before it. Thread-safe.
 */
final class ScriptedSource implements ChangeSourceProvider {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition told = lock.newCondition();
  private final List<ChangeBatch> log = new ArrayList<>();
  private final List<Optional<String>> openedAt = new ArrayList<>();
  private IOException failure;

  /** One batch more. */
  void tell(List<ChangeHint> hints, String gap) {
    lock.lock();
    try {
      String cursor = Integer.toString(log.size() + 1);
      log.add(new ChangeBatch(hints, cursor, 1_000L * log.size(), OptionalLong.of(0), gap));
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Every poll fails so; null: no more. */
  void fail(IOException failure) {
    lock.lock();
    try {
      this.failure = failure;
      told.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The cursor after all that was told. */
  String end() {
    lock.lock();
    try {
      return Integer.toString(log.size());
    } finally {
      lock.unlock();
    }
  }

  /** With which cursors it was opened, in order. */
  List<Optional<String>> openedAt() {
    lock.lock();
    try {
      return List.copyOf(openedAt);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String kind() {
    return "scripted";
  }

  @Override
  public Set<String> schemes() {
    return Set.of("file");
  }

  @Override
  public Map<String, String> options() {
    return Map.of();
  }

  @Override
  public Set<String> secretOptions() {
    return Set.of();
  }

  @Override
  public ChangeSource open(URI location, Map<String, String> options, Optional<String> cursor) {
    lock.lock();
    try {
      openedAt.add(cursor);
    } finally {
      lock.unlock();
    }
    return new Reader(cursor.filter(text -> !text.isEmpty()).map(Integer::parseInt).orElse(0));
  }

  private final class Reader implements ChangeSource {
    private int next;
    private boolean closed;

    Reader(int next) {
      this.next = next;
    }

    @Override
    public ChangeBatch poll(Duration wait) throws IOException, InterruptedException {
      lock.lockInterruptibly();
      try {
        long left = wait.toNanos();
        while (next == log.size() && failure == null && !closed && left > 0) {
          left = told.awaitNanos(left);
        }
        if (failure != null) {
          throw failure;
        }
        return next < log.size() && !closed
            ? log.get(next++)
            : ChangeBatch.nothing(Integer.toString(next));
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      lock.lock();
      try {
        closed = true;
        told.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }
}
