/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsStream;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The body of an answer, right from its connection. Not thread-safe. */
final class S3DirectStream extends UfsStream {
  private final String what;
  private final S3Connections connections;
  private final S3Connection connection;
  private final boolean persistent;
  private long remaining;
  private boolean released;

  /** Of a connection that is used until the end, or until it is closed. */
  S3DirectStream(
      String what,
      S3Connections connections,
      S3Connection connection,
      long length,
      boolean persistent) {
    this.what = what;
    this.connections = connections;
    this.connection = connection;
    this.remaining = length;
    this.persistent = persistent;
  }

  @Override
  public int read(ByteBuffer into) throws IOException {
    if (!into.hasRemaining()) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    if (released) {
      throw new IOException(what + ": the stream is closed");
    }
    int count = readSome(into);
    if (count < 0) {
      throw new CurvineException(
          ErrorCode.UFS_UNREACHABLE, what + ": connection ended, " + remaining + " bytes early");
    }
    remaining -= count;
    if (remaining == 0) {
      release(persistent);
    }
    return count;
  }

  private int readSome(ByteBuffer into) throws IOException {
    int limit = into.limit();
    into.limit(into.position() + (int) Math.min(into.remaining(), remaining));
    try {
      return connection.read(into);
    } catch (IOException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CurvineException(ErrorCode.UFS_ERROR, what + ": interrupted", e);
      }
      throw S3Errors.of(what, e);
    } finally {
      into.limit(limit);
    }
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    return read(ByteBuffer.wrap(target, offset, length));
  }

  /** What was not read takes its connection with it. */
  @Override
  public void close() {
    release(false);
  }

  private void release(boolean keep) {
    if (released) {
      return;
    }
    released = true;
    if (keep) {
      connections.keep(connection);
    } else {
      connections.drop(connection);
    }
    connections.done();
  }
}
