/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.BLOCK_FRAME_PAYLOAD_MAX_BYTES;
import static io.curvine.protocol.Limits.BLOCK_SIZE_MAX_BYTES;
import static io.curvine.protocol.Limits.READ_RANGES_MAX;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.BlockRange;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.store.BlockKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a READ or a READ_RANGES asks for, in the order of its reply: ranges that a block can have,
 * and together no more than one reply may. Immutable.
 */
record WantedRanges(BlockHeader header, List<Range> ranges) {
  /** Part of a block. */
  record Range(long offset, int length) {
    long end() {
      return offset + length;
    }
  }

  /**
   * What a request asks for.
   *
   * @throws CurvineException INVALID_ARGUMENT where no block can have that
   */
  static WantedRanges of(BlockHeader header, BlockRequestExtra extra) throws CurvineException {
    if (header.op() == BlockOp.READ) {
      return new WantedRanges(header, List.of(range(header.offset(), header.length())));
    }
    int count = extra.getRangesCount();
    if (count == 0 || count > READ_RANGES_MAX) {
      throw invalid(count + " ranges in one request; allowed: 1 to " + READ_RANGES_MAX);
    }
    List<Range> ranges = new ArrayList<>(count);
    long together = 0;
    for (BlockRange each : extra.getRangesList()) {
      if (each.getLength() == 0) {
        throw invalid("a range of 0 bytes at " + each.getOffset());
      }
      ranges.add(range(each.getOffset(), each.getLength()));
      together += each.getLength();
    }
    if (together != header.length() || together > BLOCK_FRAME_PAYLOAD_MAX_BYTES) {
      throw invalid(
          "ranges of "
              + together
              + " bytes in a request for "
              + header.length()
              + "; allowed: as many, up to "
              + BLOCK_FRAME_PAYLOAD_MAX_BYTES);
    }
    return new WantedRanges(header, ranges);
  }

  private static Range range(long offset, long length) throws CurvineException {
    boolean right =
        offset >= 0
            && length >= 0
            && offset <= BLOCK_SIZE_MAX_BYTES
            && length <= BLOCK_FRAME_PAYLOAD_MAX_BYTES
            && offset + length <= BLOCK_SIZE_MAX_BYTES;
    if (!right) {
      throw outOfRange(offset, length, BLOCK_SIZE_MAX_BYTES);
    }
    return new Range(offset, (int) length);
  }

  private static CurvineException outOfRange(long offset, long length, long limitBytes) {
    return invalid(
        "read of "
            + length
            + " bytes at "
            + offset
            + " is not within the "
            + limitBytes
            + " bytes that there are");
  }

  private static CurvineException invalid(String message) {
    return new CurvineException(ErrorCode.INVALID_ARGUMENT, message);
  }

  /**
   * Compares the ranges with the bytes that there are of the block.
   *
   * @throws CurvineException INVALID_ARGUMENT
   */
  void checkWithin(long limitBytes) throws CurvineException {
    for (Range range : ranges) {
      if (range.end() > limitBytes) {
        throw outOfRange(range.offset(), range.length(), limitBytes);
      }
    }
  }

  /** How many requests it stands for, however few bytes they are. */
  static int count(BlockFrame frame) {
    return frame.header().op() == BlockOp.READ_RANGES
        ? Math.max(1, Math.min(READ_RANGES_MAX, frame.extra().getRangesCount()))
        : 1;
  }

  /** The request is one that is answered with bytes of a block. */
  static boolean asksForBytes(BlockHeader request) {
    return request.op() == BlockOp.READ || request.op() == BlockOp.READ_RANGES;
  }

  BlockKey key() {
    return new BlockKey(header.inode(), header.version(), header.index());
  }

  /** Bytes of all together. */
  int length() {
    return (int) header.length();
  }

  /** The end of the last byte. */
  long end() {
    return ranges.stream().mapToLong(Range::end).max().orElse(0);
  }

  /** What is missing is not to be kept. */
  boolean pastCache() {
    return (header.flags() & BlockHeader.FLAG_NO_CACHE) != 0;
  }

  /** What came before did not match its checksum. */
  boolean doubted() {
    return (header.flags() & BlockHeader.FLAG_CHECK) != 0;
  }
}
