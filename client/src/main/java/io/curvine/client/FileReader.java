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
import java.util.List;

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
  private final DataPlane data;
  private volatile boolean closed;

  private FileReader(FileContent content, ReadAhead ahead, DataPlane data) {
    this.content = content;
    this.ahead = ahead;
    this.data = data;
  }

  static FileReader open(EntryRef at, Namespace namespace, DataPlane data, ReadOptions options)
      throws IOException {
    FileContent content = FileContent.open(at, namespace, data, options);
    return new FileReader(content, new ReadAhead(content, data), data);
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
    checkOpen();
    if (position >= content.length()) {
      return -1;
    }
    return ahead.read(position, into);
  }

  /**
   * Where, from a position on, bytes begin that may be other than zero. What was never written is
   * known by block: the blocks that nothing was written to, and in each of the others what is past
   * the last byte that was. Nothing of the content is read for it.
   *
   * @return in bytes from the beginning; -1 where there is nothing but zeros up to the end
   */
  public long nextData(long position) throws IOException {
    Checks.range("position", position, 0, Long.MAX_VALUE);
    checkOpen();
    return new Holes(content).data(position);
  }

  /**
   * Where, from a position on, the next bytes begin that were never written, or the file's end.
   *
   * @return in bytes from the beginning; -1 at or past the end
   */
  public long nextHole(long position) throws IOException {
    Checks.range("position", position, 0, Long.MAX_VALUE);
    checkOpen();
    return new Holes(content).hole(position);
  }

  /**
   * Fills the buffers of all ranges, in any order, and returns when all are full. Ranges of a block
   * share requests, those near each other are fetched as one, and all workers are asked at once:
   * for readers of columns and of indexes, who know beforehand what they want. Nothing is read
   * ahead for it.
   *
   * @param ranges in any order; they may overlap, but their buffers may not
   * @throws java.io.EOFException where a range is not all in the file; nothing is read then
   * @throws io.curvine.protocol.CurvineException INVALID_ARGUMENT where a range cannot be; nothing
   *     is read then
   * @throws IOException where a part could not be read; the positions of all buffers are as they
   *     were, and what is in them is undefined
   */
  public void readVectored(List<ReadRange> ranges) throws IOException {
    checkOpen();
    new VectoredRead(content, data).read(ranges);
  }

  private void checkOpen() throws IOException {
    if (closed) {
      throw new IOException("the reader is closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    ahead.close();
  }
}
