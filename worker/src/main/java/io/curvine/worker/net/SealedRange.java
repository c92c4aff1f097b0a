/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.dataAt;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.Crc32c;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.PageReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ReferenceCounted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A range of sealed pages, made into the payload of a reply. Whole chunks go from the file, with
 * the checksums that are kept of them; the parts of chunks at its ends are read and compared here,
 * so that a reply holds no more than those in memory, however long it is. For one use.
 */
final class SealedRange {
  /** Less is read here too: one buffer is cheaper than three parts. */
  private static final int FILE_MIN_BYTES = 64 << 10;

  private final Block block;
  private final PageReader reader;
  private final ReplyMemory memory;
  private final List<ReferenceCounted> parts = new ArrayList<>(3);
  private int sum;

  /** Of the connection's memory. */
  private int taken;

  private SealedRange(Block block, ReplyMemory memory) {
    this.block = block;
    this.reader = block.reader();
    this.memory = memory;
  }

  /**
   * The reply to a READ whose pages are there.
   *
   * @return empty where one of them is not right
   */
  static Optional<Reply> serve(BlockHeader request, Block block, int flags, ReplyMemory memory)
      throws IOException {
    SealedRange range = new SealedRange(block, memory);
    int length = (int) request.length();
    boolean right = false;
    try {
      right = range.add(request.offset(), length);
    } finally {
      if (!right) {
        range.drop();
      }
    }
    return right
        ? Optional.of(Reply.parts(request, flags, range.sum, length, range.parts))
        : Optional.empty();
  }

  private boolean add(long offset, int length) throws IOException {
    OptionalInt ofAll = reader.sum(offset, length);
    if (ofAll.isPresent()) {
      addFile(offset, length, ofAll.getAsInt());
      return true;
    }
    long end = offset + length;
    long from = (offset + CHUNK_BYTES - 1) / CHUNK_BYTES * CHUNK_BYTES;
    long to = end;
    OptionalInt ofFile = OptionalInt.empty();
    if (to - from >= FILE_MIN_BYTES) {
      ofFile = reader.sum(from, (int) (to - from));
      if (ofFile.isEmpty()) { // the last chunk goes on past the end
        to = end / CHUNK_BYTES * CHUNK_BYTES;
        ofFile = to > from ? reader.sum(from, (int) (to - from)) : ofFile;
      }
    }
    if (ofFile.isEmpty()) {
      take(length);
      return addCopy(offset, length);
    }
    take((int) (from - offset + end - to)); // at once: a part alone would wait for the other
    if (!addCopy(offset, (int) (from - offset))) {
      return false;
    }
    addFile(from, (int) (to - from), ofFile.getAsInt());
    return addCopy(to, (int) (end - to));
  }

  private void take(int bytes) throws IOException {
    memory.take(bytes);
    taken = bytes;
  }

  private void addFile(long offset, int length, int ofFile) {
    Block held = block.share();
    parts.add(new Reply.SharedRegion(held.channel(), dataAt(offset), length, held::release));
    sum = Crc32c.join(sum, ofFile, length);
  }

  private boolean addCopy(long offset, int length) throws IOException {
    if (length == 0) {
      return true;
    }
    ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
    parts.add(copy);
    boolean right = reader.read(offset, copy.nioBuffer(0, length));
    copy.writerIndex(length);
    sum = Crc32c.join(sum, Frames.checksum(copy), length);
    return right;
  }

  private void drop() {
    parts.forEach(ReferenceCounted::release);
    memory.give(taken);
  }
}
