/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.memory;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The bytes of one file, outside of the heap. Thread-safe: changes have its monitor, reads have no
 * lock and may see a part of a change that is under way.
 */
final class MemoryContent {
  static final int CHUNK_BYTES = 64 << 10;

  /** The places of its chunks are in the heap. */
  private static final long LENGTH_MAX_BYTES = 64L << 30;

  private final AtomicLong freeBytes;
  private volatile ByteBuffer[] chunks = {}; // null: zeros
  private volatile long length;

  /**
   * Nothing yet.
   *
   * @param freeBytes what all files may take yet
   */
  MemoryContent(AtomicLong freeBytes) {
    this.freeBytes = freeBytes;
  }

  long length() {
    return length;
  }

  /** Fills the buffer as far as it can; -1 at or past the end. */
  int read(long position, ByteBuffer into) {
    long end = Math.min(length, position + into.remaining());
    if (position >= end) {
      return -1;
    }
    ByteBuffer[] now = chunks;
    for (long at = position; at < end; ) {
      int offset = (int) (at % CHUNK_BYTES);
      int count = (int) Math.min(end - at, CHUNK_BYTES - offset);
      int index = (int) (at / CHUNK_BYTES);
      ByteBuffer chunk = index < now.length ? now[index] : null; // it may have been cut meanwhile
      if (chunk == null) {
        zeros(into, count);
      } else {
        into.put(into.position(), chunk, offset, count);
        into.position(into.position() + count);
      }
      at += count;
    }
    return (int) (end - position);
  }

  /**
   * Where, from a position on, data begin, or a hole or the end; -1: nowhere.
   *
   * @param data which of them
   */
  long next(long position, boolean data) {
    long end = length;
    ByteBuffer[] now = chunks;
    for (long at = position; at < end; at = (at / CHUNK_BYTES + 1) * CHUNK_BYTES) {
      int index = (int) (at / CHUNK_BYTES);
      boolean isData = index < now.length && now[index] != null;
      if (isData == data) {
        return at;
      }
    }
    return data || position >= end ? -1 : end;
  }

  private static void zeros(ByteBuffer into, int count) {
    for (int i = 0; i < count; i++) {
      into.put((byte) 0);
    }
  }

  /**
   * Takes all of the buffer.
   *
   * @throws CurvineException NO_SPACE where files would take more than they may
   */
  synchronized void write(long position, ByteBuffer from) throws CurvineException {
    long end = position + from.remaining();
    grow(end);
    for (long at = position; at < end; ) {
      int offset = (int) (at % CHUNK_BYTES);
      int count = (int) Math.min(end - at, CHUNK_BYTES - offset);
      chunk((int) (at / CHUNK_BYTES)).put(offset, from, from.position(), count);
      from.position(from.position() + count);
      at += count;
    }
    length = Math.max(length, end);
  }

  private void grow(long bytes) throws CurvineException {
    if (bytes > LENGTH_MAX_BYTES) {
      throw full();
    }
    if (chunks(bytes) > chunks.length) {
      chunks = Arrays.copyOf(chunks, chunks(bytes));
    }
  }

  private static int chunks(long bytes) {
    return (int) ((bytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
  }

  private ByteBuffer chunk(int index) throws CurvineException {
    ByteBuffer chunk = chunks[index];
    if (chunk == null) {
      if (freeBytes.addAndGet(-CHUNK_BYTES) < 0) {
        freeBytes.addAndGet(CHUNK_BYTES);
        throw full();
      }
      chunk = ByteBuffer.allocateDirect(CHUNK_BYTES);
      ByteBuffer[] more = chunks.clone(); // a reader has the old ones or all of the new ones
      more[index] = chunk;
      chunks = more;
    }
    return chunk;
  }

  private static CurvineException full() {
    return new CurvineException(ErrorCode.NO_SPACE, "the memory file system is full");
  }

  /** Cuts, or extends with zeros. */
  synchronized void truncate(long bytes) throws CurvineException {
    if (bytes >= length) {
      grow(bytes);
      length = bytes;
      return;
    }
    length = bytes;
    int kept = chunks(bytes);
    for (int i = kept; i < chunks.length; i++) {
      freeBytes.addAndGet(chunks[i] == null ? 0 : CHUNK_BYTES);
    }
    int rest = (int) (bytes % CHUNK_BYTES);
    if (rest > 0 && chunks[kept - 1] != null) {
      zeros(chunks[kept - 1].duplicate().position(rest), CHUNK_BYTES - rest);
    }
    chunks = Arrays.copyOf(chunks, kept);
  }
}
