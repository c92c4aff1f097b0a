/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.hdfs;

import io.curvine.ufs.RangeStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.fs.FSDataInputStream;

/**
 * Bytes of one version of a file. A read asks a datanode for what the buffer takes and no more, so
 * that buffers should be large. Not thread-safe.
 */
final class HdfsRangeStream extends RangeStream {
  /** Says that the file still has the version that is read, or throws UFS_CHANGED. */
  interface VersionCheck {
    void verify() throws IOException;
  }

  private final String name;
  private final FSDataInputStream in;
  private final VersionCheck check;

  HdfsRangeStream(String name, FSDataInputStream in, long offset, long length, VersionCheck check) {
    super(name, offset, length);
    this.name = name;
    this.in = in;
    this.check = check;
  }

  @Override
  protected int readAt(long at, ByteBuffer into) throws IOException {
    try {
      return in.read(at, into);
    } catch (IOException e) {
      // Its blocks may have gone with the version: then that is what is to be said.
      check.verify();
      throw HdfsErrors.of(name, e);
    }
  }

  @Override
  protected void verify() throws IOException {
    check.verify();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
