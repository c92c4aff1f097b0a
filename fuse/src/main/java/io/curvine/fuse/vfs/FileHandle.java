/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.io.IOException;

/** One open of a file. The fields that change are guarded by the lock that their comment names. */
final class FileHandle {
  static final int ACCESS_MODE = 3;
  static final int WRITE_ONLY = 1;
  static final int READ_WRITE = 2;
  static final int EXCLUSIVE = 0200;
  static final int TRUNCATE = 01000;
  static final int APPEND = 02000;

  final OpenFile file;
  final Caller caller;
  final boolean writes;
  final boolean reads;
  final boolean truncates;

  /** close(2) was called and nothing written since; by the file's lock. */
  boolean flushed;

  private BackendReader reader; // by this
  private long readerGeneration; // by this

  FileHandle(OpenFile file, Caller caller, int flags) {
    this.file = file;
    this.caller = caller;
    this.writes = writes(flags);
    this.reads = (flags & ACCESS_MODE) != WRITE_ONLY;
    this.truncates = (flags & TRUNCATE) != 0;
  }

  static boolean writes(int flags) {
    int access = flags & ACCESS_MODE;
    return access == WRITE_ONLY || access == READ_WRITE;
  }

  /** The handle's own reader, so that its read-ahead follows one stream, of what is published. */
  synchronized BackendReader reader(Backend backend, long generation) throws IOException {
    if (reader == null || readerGeneration != generation) {
      closeReader();
      reader = backend.openForRead(caller, file.inode());
      readerGeneration = generation;
    }
    return reader;
  }

  synchronized void closeReader() throws IOException {
    if (reader != null) {
      BackendReader closing = reader;
      reader = null;
      closing.close();
    }
  }
}
