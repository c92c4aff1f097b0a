/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A file as a stream that can seek. Not thread-safe; closing it closes its reader. */
public final class CurvineInputStream extends InputStream {
  private final FileReader reader;
  private long position;
  private long mark;

  CurvineInputStream(FileReader reader) {
    this.reader = reader;
  }

  /** Where the next byte is read from. */
  public long position() {
    return position;
  }

  /** In bytes. */
  public long length() {
    return reader.length();
  }

  /** Moves to a position, which may be past the end. */
  public void seek(long to) throws IOException {
    Checks.range("position", to, 0, Long.MAX_VALUE);
    position = to;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    int read = reader.read(position, ByteBuffer.wrap(into, offset, length));
    if (read > 0) {
      position += read;
    }
    return read;
  }

  @Override
  public long skip(long count) {
    long skipped = Math.max(0, Math.min(count, length() - position));
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.max(0, Math.min(Integer.MAX_VALUE, length() - position));
  }

  @Override
  public boolean markSupported() {
    return true;
  }

  @Override
  public void mark(int limit) {
    mark = position;
  }

  @Override
  public void reset() {
    position = mark;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
