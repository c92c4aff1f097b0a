/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.file;

import io.curvine.ufs.RangeStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes of one version of a file. Not thread-safe. */
final class PosixRangeStream extends RangeStream {
  /** Says that the file still has the version that is read, or throws UFS_CHANGED. */
  interface VersionCheck {
    void verify() throws IOException;
  }

  private final Path path;
  private final FileChannel channel;
  private final VersionCheck check;

  PosixRangeStream(Path path, FileChannel channel, long offset, long length, VersionCheck check) {
    super(path.toString(), offset, length);
    this.path = path;
    this.channel = channel;
    this.check = check;
  }

  @Override
  protected int readAt(long at, ByteBuffer into) throws IOException {
    try {
      return channel.read(into, at);
    } catch (IOException e) {
      throw PosixErrors.of(path, e);
    }
  }

  @Override
  protected void verify() throws IOException {
    check.verify();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
