/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;

/**
 * Reads a file, and where that goes forward, fetches the pages ahead meanwhile. The window grows
 * while the reader goes on and is gone when it jumps. Thread-safe.
 */
final class ReadAhead implements AutoCloseable {
  private static final int PAGE = Limits.PAGE_SIZE_BYTES;

  private final FileContent content;
  private final DataPlane data;
  private final long windowMax;
  private final TreeMap<Long, AheadPage> pages = new TreeMap<>();
  private final Pattern pattern = new Pattern();
  private long window;
  private long lastPage = -1;
  private boolean closed;

  ReadAhead(FileContent content, DataPlane data) {
    this.content = content;
    this.data = data;
    this.windowMax = (data.config().readWindowBytes() + PAGE - 1) / PAGE;
  }

  /** Fills the buffer from a position before the end on; gives the bytes read, -1 for none. */
  int read(long position, ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    drop(begin(position, into.remaining()));
    long at = position;
    while (into.hasRemaining() && at < content.length()) {
      int read = readInPage(at, into);
      if (read == 0) {
        break;
      }
      at += read;
    }
    return at == position ? -1 : (int) (at - position);
  }

  private int readInPage(long position, ByteBuffer into) throws IOException {
    AheadPage page = hold(position / PAGE);
    if (page != null) {
      try {
        int read = page.read((int) (position % PAGE), into);
        if (read > 0) {
          return read;
        }
      } finally {
        page.release();
      }
      forget(page);
    }
    return content.fetch(position, into);
  }

  // --- what is fetched ahead ---

  /** Notes the read and starts what should come after it; gives the pages that are left behind. */
  private synchronized List<AheadPage> begin(long position, int length) {
    List<AheadPage> behind = new ArrayList<>();
    if (closed || windowMax == 0) {
      return behind;
    }
    long first = position / PAGE;
    long last = (position + length - 1) / PAGE;
    long ahead = 0;
    if (pattern.sequential(position, length)) {
      if (last > lastPage || window == 0) {
        window = Math.min(windowMax, Math.max(2, window * 2));
      }
      lastPage = Math.max(last, lastPage);
      ahead = window;
      // One page behind stays, for requests of several threads that come out of order.
      takeAll(pages.headMap(first - 1), behind);
    } else {
      window = 0;
      lastPage = last;
      takeAll(pages, behind);
    }
    long from = ahead == 0 && first == last ? last + 1 : first;
    long to = Math.min(last + ahead, Math.min(first + windowMax, (content.length() - 1) / PAGE));
    long number = from;
    while (number <= to && start(number)) {
      number++;
    }
    return behind;
  }

  private static void takeAll(java.util.Map<Long, AheadPage> from, List<AheadPage> into) {
    into.addAll(from.values());
    from.clear();
  }

  /** False where no more can be started now. */
  private boolean start(long number) {
    if (pages.containsKey(number)) {
      return true;
    }
    ByteBuffer buffer = data.pages().take();
    if (buffer == null) {
      return false;
    }
    AheadPage page = new AheadPage(number, content, data.pages(), buffer);
    try {
      data.fetchers().execute(page);
    } catch (RejectedExecutionException e) {
      page.discard();
      return false;
    }
    pages.put(number, page);
    return true;
  }

  private synchronized AheadPage hold(long number) {
    AheadPage page = pages.get(number);
    return page != null && page.retain() ? page : null;
  }

  private void forget(AheadPage page) {
    boolean mine;
    synchronized (this) {
      mine = pages.remove(page.number(), page);
    }
    if (mine) {
      page.release();
    }
  }

  private static void drop(List<AheadPage> dropped) {
    dropped.forEach(AheadPage::release);
  }

  @Override
  public void close() {
    List<AheadPage> left = new ArrayList<>();
    synchronized (this) {
      closed = true;
      takeAll(pages, left);
    }
    drop(left);
  }

  /** Whether reads go forward. Several threads of one reader may come a little out of order. */
  private static final class Pattern {
    private static final long SLACK_BYTES = PAGE;
    private static final long LARGE_BYTES = 64 << 10;

    private long expected;
    private int streak;

    boolean sequential(long position, int length) {
      long jump = Math.abs(position - expected);
      long allowed;
      if (streak > 1) {
        allowed = SLACK_BYTES;
      } else {
        allowed = length >= LARGE_BYTES ? 2L * length : 0;
      }
      if (jump > allowed) {
        streak = 1;
        expected = position + length;
        return false;
      }
      streak++;
      expected = Math.max(expected, position + length);
      return streak > 1;
    }
  }
}
