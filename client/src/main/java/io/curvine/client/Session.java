/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.util.TreeSet;

/**
 * A session with the masters: gives each command its number and knows below which all results are
 * here. Thread-safe.
 */
final class Session {
  private final long id;
  private final TreeSet<Long> outstanding = new TreeSet<>();
  private long nextSeq = 1;
  private volatile boolean expired;

  Session(long id) {
    this.id = id;
  }

  long id() {
    return id;
  }

  /** The number of a new command, outstanding until {@link #done}. */
  synchronized long begin() {
    long seq = nextSeq++;
    outstanding.add(seq);
    return seq;
  }

  /** The command will not be asked for again. */
  synchronized void done(long seq) {
    outstanding.remove(seq);
  }

  synchronized long ackedBelow() {
    return outstanding.isEmpty() ? nextSeq : outstanding.first();
  }

  /** The masters have dropped it; commands in it cannot succeed any more. */
  void expire() {
    expired = true;
  }

  boolean expired() {
    return expired;
  }
}
