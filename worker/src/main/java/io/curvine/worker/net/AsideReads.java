/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.block.BlockFileFormat.page;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.worker.fill.FillSource;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.net.ReadService.Reader;
import io.curvine.worker.net.WantedRanges.Range;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.PageReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Replies with bytes that the cache does not keep: what a block has comes from there, and all else
 * from its UFS, no more than was asked for. Thread-safe.
 */
final class AsideReads {
  private final PageFiller filler;

  AsideReads(PageFiller filler) {
    this.filler = filler;
  }

  /** All of it from the UFS; exceptionally as {@link ReadService#read}. */
  CompletableFuture<Reply> read(WantedRanges request, FillSource source, Reader reader)
      throws IOException {
    return read(request, source, reader, null, List.of());
  }

  /**
   * The same, with what the block has of it.
   *
   * @param block null: none; the caller holds a reference
   * @param missing its pages that are not there
   */
  CompletableFuture<Reply> read(
      WantedRanges request, FillSource source, Reader reader, Block block, List<Integer> missing)
      throws IOException {
    request.checkWithin(source.limitBytes());
    int length = request.length();
    reader.memory().take(length);
    boolean begun = false;
    try {
      ByteBuffer payload = ByteBuffer.allocate(length);
      List<CompletableFuture<Void>> fetches = new ArrayList<>();
      for (Range part : parts(request, missing)) {
        ByteBuffer into = payload.slice(payload.position(), part.length());
        payload.position(payload.position() + part.length());
        boolean there = block != null && !missing.contains(page(part.offset()));
        if (!there || !copied(block.reader(), part, into)) {
          fetches.add(
              filler
                  .readAside(source, part.offset(), part.length(), reader.wanted())
                  .thenAccept(into::put));
        }
      }
      begun = true;
      return CompletableFuture.allOf(fetches.toArray(CompletableFuture[]::new))
          .whenComplete((done, failure) -> giveIfFailed(reader, length, failure))
          .thenApply(done -> reply(request, payload.flip()));
    } finally {
      if (!begun) {
        reader.memory().give(length);
      }
    }
  }

  private static boolean copied(PageReader pages, Range part, ByteBuffer into) throws IOException {
    boolean right = pages.read(part.offset(), into);
    into.clear();
    return right;
  }

  private static void giveIfFailed(Reader reader, int length, Throwable failure) {
    if (failure != null) {
      reader.memory().give(length);
    }
  }

  private static Reply reply(WantedRanges request, ByteBuffer payload) {
    ByteBuf bytes = Unpooled.wrappedBuffer(payload);
    return Reply.bytes(request.header(), 0, Frames.checksum(bytes), bytes);
  }

  /** The ranges, cut where pages that are there end and missing ones begin. */
  private static List<Range> parts(WantedRanges request, List<Integer> missing) {
    List<Range> parts = new ArrayList<>();
    for (Range range : request.ranges()) {
      long from = range.offset();
      while (from < range.end()) {
        boolean gone = missing.contains(page(from));
        long to = endOfPage(from, range);
        while (to < range.end() && missing.contains(page(to)) == gone) {
          to = endOfPage(to, range);
        }
        parts.add(new Range(from, (int) (to - from)));
        from = to;
      }
    }
    return parts;
  }

  private static long endOfPage(long offset, Range range) {
    return Math.min(range.end(), start(page(offset) + 1));
  }
}
