/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A new content of a file as a stream. Not thread-safe. Others see it when it is flushed or closed.
 */
public final class CurvineOutputStream extends OutputStream {
  private final FileWriter writer;
  private long position;

  CurvineOutputStream(FileWriter writer) {
    this.writer = writer;
  }

  /** Where the next byte goes. */
  public long position() {
    return position;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] from, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, from.length);
    writer.write(position, ByteBuffer.wrap(from, offset, length));
    position += length;
  }

  /** Publishes what was written: readers that open now see it. */
  @Override
  public void flush() throws IOException {
    writer.flush();
  }

  /** Publishes what was written, durable on all replicas. */
  public void sync() throws IOException {
    writer.sync();
  }

  /** Gives the file back without what is not published. */
  public void abort() throws IOException {
    writer.abort();
  }

  /** Publishes, and waits for the UFS under a write-through mount. */
  @Override
  public void close() throws IOException {
    writer.close();
  }
}
