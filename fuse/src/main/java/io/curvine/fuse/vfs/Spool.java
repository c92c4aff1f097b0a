/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The content of a file that has no name any more but is still open here, in a local file that has
 * no name either (ADR 005). Thread-safe.
 */
final class Spool implements Closeable {
  private static final int COPY_BYTES = 1 << 20;

  private final FileChannel channel;

  private Spool(FileChannel channel) {
    this.channel = channel;
  }

  /** Copies all that the reader has; a copy that fails leaves nothing behind. */
  static Spool copyOf(BackendReader content, Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "curvine-unlinked-", ".spool");
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } finally {
      Files.delete(file);
    }
    Spool spool = new Spool(channel);
    try {
      spool.fill(content);
    } catch (IOException | RuntimeException e) {
      spool.close();
      throw e;
    }
    return spool;
  }

  private void fill(BackendReader content) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
    long position = 0;
    while (content.read(position, buffer.clear()) > 0) {
      write(position, buffer.flip());
      position += buffer.limit();
    }
  }

  int read(long position, ByteBuffer into) throws IOException {
    int total = 0;
    while (into.hasRemaining()) {
      int read = channel.read(into, position + total);
      if (read < 0) {
        break;
      }
      total += read;
    }
    return total;
  }

  void write(long position, ByteBuffer from) throws IOException {
    long at = position;
    while (from.hasRemaining()) {
      at += channel.write(from, at);
    }
  }

  void truncate(long lengthBytes) throws IOException {
    if (lengthBytes > channel.size()) {
      write(lengthBytes - 1, ByteBuffer.allocate(1));
    } else {
      channel.truncate(lengthBytes);
    }
  }

  long length() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
