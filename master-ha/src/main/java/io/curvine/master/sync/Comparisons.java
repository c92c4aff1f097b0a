/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * When directories and files were last compared with their UFS by this master. Soft state: what is
 * not known counts as never compared. Thread-safe.
 */
public final class Comparisons {
  /** One that is pushed out is compared again sooner than it had to be. */
  private static final int KEPT_MAX = 100_000;

  private final Map<Long, Long> nanosByInode =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
          return size() > KEPT_MAX;
        }
      };

  /**
   * A comparison has succeeded.
   *
   * @param begunNanos when the UFS was asked, by {@link System#nanoTime}
   */
  synchronized void done(long inode, long begunNanos) {
    Long before = nanosByInode.remove(inode);
    boolean later = before == null || begunNanos - before > 0;
    nanosByInode.put(inode, later ? begunNanos : before);
  }

  /** When the UFS was asked for the last comparison; empty where none is known. */
  public synchronized OptionalLong last(long inode) {
    Long nanos = nanosByInode.get(inode);
    return nanos == null ? OptionalLong.empty() : OptionalLong.of(nanos);
  }
}
