/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.Inode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads one file at any position. Thread-safe: any number of threads may read at once.
 *
 * <p>What is read is the content that was published when the file was opened. Where it has changed
 * since and the old one is gone, reads go on in the new one; who needs that to be seen opens again.
 * Sequential readers are read ahead for; random ones get what they ask for and nothing more.
 */
public final class FileReader implements Closeable {
  private final FileContent content;
  private final ReadAhead ahead;
  private volatile boolean closed;

  private FileReader(FileContent content, ReadAhead ahead) {
    this.content = content;
    this.ahead = ahead;
  }

  static FileReader open(EntryRef at, Namespace namespace, DataPlane data) throws IOException {
    FileContent content = FileContent.open(at, namespace, data);
    return new FileReader(content, new ReadAhead(content, data));
  }

  /** The file as it was when its layout was last fetched. */
  public Inode inode() {
    return content.inode();
  }

  /** In bytes. */
  public long length() {
    return content.length();
  }

  /**
   * Fills the buffer from a position on, as far as the file reaches.
   *
   * @return bytes read; -1 at or past the end
   */
  public int read(long position, ByteBuffer into) throws IOException {
    Checks.range("position", position, 0, Long.MAX_VALUE);
    if (closed) {
      throw new IOException("the reader is closed");
    }
    if (position >= content.length()) {
      return -1;
    }
    return ahead.read(position, into);
  }

  @Override
  public void close() {
    closed = true;
    ahead.close();
  }
}
