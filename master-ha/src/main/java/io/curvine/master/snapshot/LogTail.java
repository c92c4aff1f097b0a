/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Says how far back the Raft log is kept beyond the newest snapshot, for masters that were away
 * briefly: so many entries, but not more bytes, because all of it is read at a start. Owned by one
 * thread.
 */
public final class LogTail {
  private static final int MARKS_MAX = 16;

  private final long entriesMax;
  private final long bytesMax;
  private final Deque<Mark> marks = new ArrayDeque<>();
  private long bytes;
  private long last = -1;

  /** So many bytes had been applied when this entry came. */
  private record Mark(long index, long bytes) {}

  public LogTail(long entriesMax, long bytesMax) {
    this.entriesMax = entriesMax;
    this.bytesMax = bytesMax;
  }

  /** An entry of the log was applied. */
  public void applied(long index, long entryBytes) {
    if (marks.isEmpty() || bytes - marks.getLast().bytes() >= bytesMax / MARKS_MAX) {
      marks.addLast(new Mark(index, bytes));
    }
    bytes += entryBytes;
    last = index;
    while (marks.size() > 1 && bytes - second().bytes() >= bytesMax) {
      marks.removeFirst();
    }
  }

  private Mark second() {
    var each = marks.iterator();
    each.next();
    return each.next();
  }

  /**
   * The last entry that may be purged; not the snapshot's own, which a follower that begins there
   * is asked for.
   *
   * @param published index of the newest snapshot
   */
  public long purgeable(long published) {
    long kept = marks.isEmpty() ? published : marks.getFirst().index() - 1;
    return Math.min(published - 1, Math.max(kept, last - entriesMax));
  }
}
