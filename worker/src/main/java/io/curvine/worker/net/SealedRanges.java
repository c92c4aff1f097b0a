/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;

import io.curvine.protocol.block.Crc32c;
import io.curvine.worker.net.WantedRanges.Range;
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
 * Ranges of sealed pages, made into the payload of a reply. Whole chunks go from the file, with the
 * checksums that are kept of them; parts of chunks, and what is short, are read and compared here,
 * so that a reply holds no more than those in memory, however long it is. For one use.
 */
final class SealedRanges {
  /** Less is read here too: one buffer is cheaper than three parts. */
  private static final int FILE_MIN_BYTES = 64 << 10;

  private final Block block;
  private final PageReader reader;
  private final ReplyMemory memory;
  private final List<Piece> pieces = new ArrayList<>(3);
  private final List<ReferenceCounted> parts = new ArrayList<>(3);
  private int sum;

  /** Of the connection's memory. */
  private int taken;

  private SealedRanges(Block block, ReplyMemory memory) {
    this.block = block;
    this.reader = block.reader();
    this.memory = memory;
  }

  /**
   * A part of a range that comes in one way.
   *
   * @param ofFile the checksum of what goes from the file; empty: it is read here
   */
  private record Piece(long offset, int length, OptionalInt ofFile) {
    boolean copied() {
      return ofFile.isEmpty();
    }
  }

  /**
   * The reply to a request whose pages are there.
   *
   * @return empty where one of them is not right
   */
  static Optional<Reply> serve(WantedRanges request, Block block, int flags, ReplyMemory memory)
      throws IOException {
    SealedRanges sealed = new SealedRanges(block, memory);
    boolean right = false;
    try {
      for (Range range : request.ranges()) {
        sealed.plan(range);
      }
      right = sealed.make();
    } finally {
      if (!right) {
        sealed.drop();
      }
    }
    if (!right) {
      return Optional.empty();
    }
    block.served(request.length());
    return Optional.of(
        Reply.parts(request.header(), flags, sealed.sum, request.length(), sealed.parts));
  }

  private void plan(Range range) throws IOException {
    long offset = range.offset();
    OptionalInt ofAll = reader.sum(offset, range.length());
    if (ofAll.isPresent()) {
      pieces.add(new Piece(offset, range.length(), ofAll));
      return;
    }
    long end = range.end();
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
      addCopied(offset, range.length());
      return;
    }
    addCopied(offset, (int) (from - offset));
    pieces.add(new Piece(from, (int) (to - from), ofFile));
    addCopied(to, (int) (end - to));
  }

  private void addCopied(long offset, int length) {
    if (length > 0) {
      pieces.add(new Piece(offset, length, OptionalInt.empty()));
    }
  }

  private boolean make() throws IOException {
    int copied = pieces.stream().filter(Piece::copied).mapToInt(Piece::length).sum();
    if (copied > 0) {
      memory.take(copied); // at once: a part alone would wait for the other
      taken = copied;
    }
    int next = 0;
    while (next < pieces.size()) {
      Piece piece = pieces.get(next);
      if (piece.copied()) {
        int end = endOfCopied(next);
        if (!copy(pieces.subList(next, end))) {
          return false;
        }
        next = end;
      } else {
        addFile(piece);
        next++;
      }
    }
    return true;
  }

  private int endOfCopied(int from) {
    int end = from;
    while (end < pieces.size() && pieces.get(end).copied()) {
      end++;
    }
    return end;
  }

  private void addFile(Piece piece) {
    Range range = new Range(piece.offset(), piece.length());
    parts.add(new Reply.BlockRegion(block.share(), range));
    sum = Crc32c.join(sum, piece.ofFile().getAsInt(), piece.length());
  }

  /** Into one buffer: it is sent, and summed up, at once. */
  private boolean copy(List<Piece> run) throws IOException {
    int length = run.stream().mapToInt(Piece::length).sum();
    ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(length, length);
    parts.add(copy);
    for (Piece piece : run) {
      int at = copy.writerIndex();
      if (!reader.read(piece.offset(), copy.nioBuffer(at, piece.length()))) {
        return false;
      }
      copy.writerIndex(at + piece.length());
    }
    sum = Crc32c.join(sum, Frames.checksum(copy), length);
    return true;
  }

  private void drop() {
    parts.forEach(ReferenceCounted::release);
    memory.give(taken);
  }
}
