/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import io.curvine.protocol.proto.Inode;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The one writer of a file. Called under the lock of the file's state in the mount, so it needs no
 * lock of its own.
 */
public interface BackendWriter {
  /** The inode as it was when last published through this writer. */
  Inode inode();

  /** With what was written and not published, in bytes. */
  long length();

  /**
   * Says when the file is changed by what is called next: once that is published, this is its time
   * of modification, and of change where nothing else changed it later.
   */
  void modified(long nanos);

  /** Anywhere; a gap reads as zeros. */
  void write(long position, ByteBuffer from) throws IOException;

  /** Publishes what was written: readers that open now see it. */
  void flush() throws IOException;

  /** Publishes, durable on all replicas. */
  void sync() throws IOException;

  void truncate(long lengthBytes) throws IOException;

  /** Publishes and gives the file back; waits for the under store under a write-through mount. */
  void close() throws IOException;

  /** Gives the file back without what is not published. */
  void abort() throws IOException;
}
