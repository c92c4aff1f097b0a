/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.VectoredRead.Part;
import io.curvine.protocol.Limits;
import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.BlockRange;
import io.curvine.protocol.proto.BlockRequestExtra;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Ranges of one block that one request asks for, and where in its answer the parts lie that are
 * wanted. Parts that are near each other are one range: a worker reads and compares whole chunks
 * anyway. Not thread-safe.
 */
final class RangesRequest {
  private static final int GAP_MAX_BYTES = BlockFileFormat.CHUNK_BYTES;

  /** Of one answer: what a buffer for pages holds. */
  private static final int BYTES_MAX = Limits.PAGE_SIZE_BYTES;

  private final BlockReads.Source source;
  private final List<Placed> placed = new ArrayList<>();
  private final List<BlockRange.Builder> ranges = new ArrayList<>();
  private int bytes;

  RangesRequest(BlockReads.Source source) {
    this.source = source;
  }

  /** A part that begins at {@code at} of the answer's payload. */
  private record Placed(Part part, int at) {}

  /**
   * Takes a part along that begins at or after all before it.
   *
   * @return false where it is not of this block, or no room is left for it
   */
  boolean add(Part part, FileContent.Spot spot) {
    boolean same =
        spot.source().offsetInFile() == source.offsetInFile()
            && spot.source().block().getVersion() == source.block().getVersion();
    if (!same) {
      return false;
    }
    long end = spot.offset() + spot.length();
    BlockRange.Builder last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
    if (last != null && spot.offset() <= end(last) + GAP_MAX_BYTES) {
      int more = (int) Math.max(0, end - end(last));
      if (bytes + more > BYTES_MAX) {
        return false;
      }
      placed.add(new Placed(part, bytes - (int) (end(last) - spot.offset())));
      last.setLength(last.getLength() + more);
      bytes += more;
      return true;
    }
    if (bytes + spot.length() > BYTES_MAX || ranges.size() == Limits.READ_RANGES_MAX) {
      return false;
    }
    placed.add(new Placed(part, bytes));
    ranges.add(BlockRange.newBuilder().setOffset((int) spot.offset()).setLength(spot.length()));
    bytes += spot.length();
    return true;
  }

  private static long end(BlockRange.Builder range) {
    return (long) range.getOffset() + range.getLength();
  }

  BlockHeader header(long id) {
    return BlockReads.request(BlockOp.READ_RANGES, id, source, 0, bytes, 0);
  }

  BlockRequestExtra extra() {
    BlockRequestExtra.Builder extra = BlockReads.extra(source).toBuilder();
    ranges.forEach(extra::addRanges);
    return extra.build();
  }

  /** Of the answer's payload. */
  int bytes() {
    return bytes;
  }

  /** All of the answer is one part, which may be received where it is wanted. */
  boolean onePart() {
    return placed.size() == 1;
  }

  /** What is wanted. */
  List<Part> parts() {
    return placed.stream().map(Placed::part).toList();
  }

  /** Puts every part where it is wanted. */
  void give(ByteBuffer payload) {
    for (Placed each : placed) {
      ByteBuffer into = each.part().target();
      into.put(into.position(), payload, payload.position() + each.at(), into.remaining());
    }
  }
}
