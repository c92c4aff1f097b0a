/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a file, and where a reader goes forward, asks for what comes next meanwhile: a window for
 * each of a few places where the file is read. Thread-safe.
 */
final class ReadAhead implements AutoCloseable {
  private static final int WINDOWS_MAX = 4;

  private final FileContent content;
  private final DataPlane data;
  private final ReadPattern pattern = new ReadPattern();

  /** The one that was used last comes first. */
  private final List<ReadWindow> windows = new ArrayList<>();

  private boolean closed;

  ReadAhead(FileContent content, DataPlane data) {
    this.content = content;
    this.data = data;
  }

  /** Fills the buffer from a position before the end on; gives the bytes read, -1 for none. */
  int read(long position, ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    int wanted = into.remaining();
    boolean ahead = false;
    long at = position;
    while (into.hasRemaining() && at < content.length()) {
      int read = readFromWindow(at, into);
      ahead |= read > 0;
      read = read > 0 ? read : content.fetch(at, into);
      if (read == 0) {
        break;
      }
      at += read;
    }
    if (!ahead && at < content.length() && !content.local(position)) {
      begin(position, wanted);
    }
    return at == position ? -1 : (int) (at - position);
  }

  private int readFromWindow(long position, ByteBuffer into) {
    for (ReadWindow window : latestFirst()) {
      int read = window.read(position, into);
      if (read > 0) {
        used(window);
        return read;
      }
    }
    return 0;
  }

  private synchronized List<ReadWindow> latestFirst() {
    return List.copyOf(windows);
  }

  private synchronized void used(ReadWindow window) {
    if (windows.indexOf(window) > 0) {
      windows.remove(window);
      windows.add(0, window);
    }
  }

  /** A read that no window had anything for: perhaps the reader goes forward from here. */
  private void begin(long position, int length) {
    List<ReadWindow> out = new ArrayList<>();
    synchronized (this) {
      long step = pattern.step(position, length);
      if (closed || step == 0 || data.config().readWindowBytes() == 0) {
        return;
      }
      windows.removeIf(ReadWindow::ended);
      while (windows.size() >= WINDOWS_MAX) {
        out.add(windows.remove(windows.size() - 1));
      }
      windows.add(0, new ReadWindow(content, data, position + step, length, step));
    }
    out.forEach(ReadWindow::close);
  }

  @Override
  public void close() {
    List<ReadWindow> left;
    synchronized (this) {
      closed = true;
      left = List.copyOf(windows);
      windows.clear();
    }
    left.forEach(ReadWindow::close);
  }
}
