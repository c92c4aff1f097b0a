/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads what was published of one file when it was opened. Thread-safe. */
public interface BackendReader extends Closeable {
  /** In bytes. */
  long length();

  /** Of the content: another one has another version. */
  long version();

  /** Fills the buffer as far as it can; -1 at or past the end. */
  int read(long position, ByteBuffer into) throws IOException;

  /** Where, from a position on, bytes begin that may be other than zero; -1: nowhere. */
  long data(long position) throws IOException;

  /** Where, from a position on, zeros begin that take no room, or the end; -1 at or past it. */
  long hole(long position) throws IOException;
}
