/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import io.curvine.master.query.QueryEngine;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.io.FileTrees;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A state of the past that is open, in a directory of its own. Its state never changes. */
final class PastState {
  private static final Logger LOG = LoggerFactory.getLogger(PastState.class);

  private final long offset;
  private final Path directory;
  private final StateStore store;
  private final QueryEngine queries;

  /** Guarded by {@link PastStates}, as the two below. */
  private int users;

  private boolean ended;
  private long usedNanos;

  PastState(long offset, Path directory, StateStore store, QueryEngine queries) {
    this.offset = offset;
    this.directory = directory;
    this.store = store;
    this.queries = queries;
  }

  long offset() {
    return offset;
  }

  StateStore store() {
    return store;
  }

  QueryEngine queries() {
    return queries;
  }

  void begin(long nowNanos) {
    users++;
    usedNanos = nowNanos;
  }

  /** Whether nobody will use it again: the last one who did lets it go. */
  boolean end(long nowNanos) {
    users--;
    usedNanos = nowNanos;
    return ended && users == 0;
  }

  void touch(long nowNanos) {
    usedNanos = nowNanos;
  }

  boolean inUse() {
    return users > 0;
  }

  long usedNanos() {
    return usedNanos;
  }

  /** No new user from now on; whether nobody uses it. */
  boolean retire() {
    ended = true;
    return users == 0;
  }

  /** Closes it and removes its files. */
  void dispose() {
    store.close();
    try {
      FileTrees.deleteIfExists(directory);
    } catch (IOException e) {
      LOG.warn("cannot remove {}, which the next start does: {}", directory, e.toString());
    }
  }
}
