/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.Limits;
import io.curvine.protocol.net.HostPort;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads many ranges of a file: those of a block in few requests, all workers at once. What fails is
 * asked for once more, of another worker where there is one, and then read range by range, as
 * patiently as any read. For one thread.
 */
final class VectoredRead {
  private static final int ATTEMPTS = 2;

  private final FileContent content;
  private final DataPlane data;

  VectoredRead(FileContent content, DataPlane data) {
    this.content = content;
    this.data = data;
  }

  /**
   * Bytes within one page of the file, and so within one block.
   *
   * @param into as long as the part, and its own
   */
  record Part(long position, ByteBuffer into) {
    /** Where its bytes go; it can be moved. */
    ByteBuffer target() {
      return into.duplicate();
    }

    int length() {
      return into.remaining();
    }

    Part from(int skipped) {
      return new Part(position + skipped, into.slice(skipped, length() - skipped));
    }

    Part upTo(int count) {
      return count == length() ? this : new Part(position, into.slice(0, count));
    }
  }

  /** Fills all buffers; their positions move only where all is there. */
  void read(List<ReadRange> ranges) throws IOException {
    List<Part> left = parts(ranges);
    for (int i = 0; i < ATTEMPTS && !left.isEmpty(); i++) {
      left = attempt(left);
    }
    for (Part part : left) {
      fetch(part);
    }
    ranges.forEach(range -> range.into().position(range.into().limit()));
  }

  private List<Part> parts(List<ReadRange> ranges) throws IOException {
    List<Part> parts = new ArrayList<>();
    for (ReadRange range : ranges) {
      check(range);
      Part rest = new Part(range.position(), range.into().slice());
      while (rest.length() > 0) {
        long inPage = Limits.PAGE_SIZE_BYTES - rest.position() % Limits.PAGE_SIZE_BYTES;
        int length = (int) Math.min(rest.length(), inPage);
        parts.add(rest.upTo(length));
        rest = rest.from(length);
      }
    }
    parts.sort(Comparator.comparingLong(Part::position));
    return parts;
  }

  private void check(ReadRange range) throws IOException {
    Checks.range("position", range.position(), 0, Long.MAX_VALUE);
    if (range.into().isReadOnly()) {
      throw Checks.invalid(
          "the buffer for the range at " + range.position() + " is read-only; allowed: others");
    }
    if (range.into().remaining() > content.length() - range.position()) {
      throw new EOFException(
          range.into().remaining()
              + " bytes at "
              + range.position()
              + " are not all in the file, which has "
              + content.length());
    }
  }

  /** Gives what did not come. */
  private List<Part> attempt(List<Part> wanted) throws IOException {
    List<Part> alone = new ArrayList<>();
    Map<HostPort, RangesLane> lanes = new LinkedHashMap<>();
    plan(wanted, alone, lanes);
    try {
      lanes.values().forEach(RangesLane::send);
      for (Part part : alone) {
        fetch(part);
      }
      while (lanes.values().stream().anyMatch(RangesLane::awaits)) {
        for (RangesLane lane : lanes.values()) {
          lane.receive();
          lane.send();
        }
      }
    } finally {
      lanes.values().forEach(RangesLane::close);
    }
    List<Part> left = new ArrayList<>();
    lanes.values().forEach(lane -> left.addAll(lane.left()));
    return left;
  }

  /**
   * Spreads what is wanted.
   *
   * @param alone gets what no worker need be asked for: zeros, and what is copied from files here
   */
  private void plan(List<Part> wanted, List<Part> alone, Map<HostPort, RangesLane> lanes)
      throws IOException {
    RangesRequest request = null;
    for (Part part : wanted) {
      FileContent.Spot spot = content.spot(part.position(), part.length());
      if (spot.length() < part.length()) {
        alone.add(part.from(spot.length()));
      }
      if (spot.length() == 0) {
        continue;
      }
      Part asked = part.upTo(spot.length());
      if (request == null || !request.add(asked, spot)) {
        request = new RangesRequest(spot.source());
        request.add(asked, spot);
        lanes.computeIfAbsent(spot.worker(), worker -> new RangesLane(data, worker)).add(request);
      }
    }
  }

  private void fetch(Part part) throws IOException {
    ByteBuffer into = part.target();
    while (into.hasRemaining()) {
      long at = part.position() + into.position();
      if (content.fetch(at, into) == 0) {
        throw new EOFException(
            "the file has become shorter, and has nothing at " + at + " any more");
      }
    }
  }
}
