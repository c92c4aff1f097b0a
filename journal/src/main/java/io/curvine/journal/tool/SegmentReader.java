/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.tool;

import io.curvine.journal.RecordBatchLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Reads a segment file in large pieces, into one array that it uses again: a batch that it gives is
 * good until the next is asked for. It only reads. Not thread-safe.
 */
final class SegmentReader implements AutoCloseable {
  static final int READ_BYTES = 1 << 20;

  private final Path file;
  private final FileChannel channel;
  private byte[] buffer = new byte[READ_BYTES];
  private long bufferFrom;
  private int bufferLength;
  private long limit;

  /** Opens it; what is in it now can be read. */
  SegmentReader(Path file) throws IOException {
    this.file = file;
    this.channel = FileChannel.open(file, StandardOpenOption.READ);
    refresh();
  }

  /** What has been appended meanwhile can be read, too. */
  void refresh() throws IOException {
    limit = channel.size();
    // Its end may have been a half-written batch.
    bufferLength = 0;
  }

  /** Bytes that can be read. */
  long limit() {
    return limit;
  }

  Path file() {
    return file;
  }

  /** What begins at a position. */
  Frame frame(long position) throws IOException {
    int present = load(position, RecordBatchLayout.HEADER_BYTES);
    return Frame.of(buffer, (int) (position - bufferFrom), present, limit - position);
  }

  /** The batch of a frame that is whole. */
  RawBatch batch(long position, Frame frame) throws IOException {
    int present = load(position, frame.sizeBytes());
    if (present < frame.sizeBytes()) {
      throw new IOException(file + " became shorter while it was read");
    }
    return new RawBatch(
        file.toString(), position, buffer, (int) (position - bufferFrom), frame.sizeBytes());
  }

  /** A copy of its own. */
  RawBatch ownBatch(long position, Frame frame) throws IOException {
    RawBatch shared = batch(position, frame);
    byte[] own = new byte[shared.sizeBytes()];
    System.arraycopy(shared.array(), shared.from(), own, 0, own.length);
    return new RawBatch(file.toString(), position, own, 0, own.length);
  }

  /**
   * Where the next batch begins whose checksum fits, behind a damaged one; -1 where there is none.
   *
   * @param minOffset that it must have at least
   */
  long nextWhole(long after, long minOffset) throws IOException {
    for (long position = after; limit - position > RecordBatchLayout.HEADER_BYTES; position++) {
      load(position, RecordBatchLayout.HEADER_BYTES);
      int at = (int) (position - bufferFrom);
      boolean looksLikeOne =
          Bytes.int32(buffer, at + RecordBatchLayout.LEADER_EPOCH_AT) == -1
              && Bytes.int64(buffer, at) >= minOffset;
      if (looksLikeOne) {
        Frame frame = frame(position);
        if (frame.form() == Frame.Form.WHOLE && batch(position, frame).checksumFits()) {
          return position;
        }
      }
    }
    return -1;
  }

  /**
   * Has the array hold the bytes from a position on.
   *
   * @return how many of them are there: as many as were asked for, or all
   */
  private int load(long position, int length) throws IOException {
    long wantedEnd = Math.min(limit, position + length);
    if (position < bufferFrom || wantedEnd > bufferFrom + bufferLength) {
      int kept = 0;
      if (position >= bufferFrom && position < bufferFrom + bufferLength) {
        kept = (int) (bufferFrom + bufferLength - position);
        System.arraycopy(buffer, bufferLength - kept, buffer, 0, kept);
      }
      if (length > buffer.length) {
        byte[] larger = new byte[Math.max(length, 2 * buffer.length)];
        System.arraycopy(buffer, 0, larger, 0, kept);
        buffer = larger;
      }
      bufferFrom = position;
      bufferLength = kept;
      fill();
    }
    return (int) Math.min(length, bufferFrom + bufferLength - position);
  }

  private void fill() throws IOException {
    int room = (int) Math.min(buffer.length, limit - bufferFrom) - bufferLength;
    if (room <= 0) {
      return;
    }
    ByteBuffer into = ByteBuffer.wrap(buffer, bufferLength, room);
    while (into.hasRemaining()) {
      if (channel.read(into, bufferFrom + into.position()) < 0) {
        break; // cut meanwhile
      }
    }
    bufferLength = into.position();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
