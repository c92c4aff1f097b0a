/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.dataAt;
import static io.curvine.protocol.block.BlockFileFormat.page;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.block.PageEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/**
 * Ranges of sealed pages with their checksums. For one who holds a reference to the block, and one
 * thread at a time.
 */
public final class PageReader {
  private static final ThreadLocal<PageEntry> ENTRY = ThreadLocal.withInitial(PageEntry::new);

  private final Block block;
  private final BlockPages pages;

  PageReader(Block block, BlockPages pages) {
    this.block = block;
    this.pages = pages;
  }

  /**
   * The checksum of a range, from those of its chunks, without reading it: what is sent with it
   * tells the receiver whether the bytes are right.
   *
   * @return empty where the range is not made of whole chunks, or one of its entries is not there:
   *     read it
   */
  public OptionalInt sum(long offset, int length) throws IOException {
    if (offset % CHUNK_BYTES != 0) {
      return OptionalInt.empty();
    }
    int sum = 0;
    long end = offset + length;
    for (long at = offset; at < end; ) {
      int page = page(at);
      int to = (int) Math.min(PAGE_SIZE_BYTES, end - start(page));
      PageEntry entry = entry(page);
      boolean whole = entry != null && (to % CHUNK_BYTES == 0 || to == entry.length());
      if (!whole || entry.length() < to) {
        return OptionalInt.empty();
      }
      for (int chunk = (int) (at - start(page)) / CHUNK_BYTES; chunk * CHUNK_BYTES < to; chunk++) {
        if (entry.isOpen(chunk)) {
          return OptionalInt.empty();
        }
        sum = Crc32c.join(sum, entry.sum(chunk), entry.chunkLength(chunk));
      }
      at = start(page) + to;
    }
    return OptionalInt.of(sum);
  }

  /**
   * Reads a range whose pages are there, and compares every chunk that it touches with its
   * checksum.
   *
   * @param into from its position on, as many bytes as remain in it
   * @return false where a chunk is not right: {@link Block#check} its pages
   */
  public boolean read(long offset, ByteBuffer into) throws IOException {
    long at = offset;
    while (into.hasRemaining()) {
      int page = page(at);
      PageEntry entry = entry(page);
      int inPage = (int) (at - start(page));
      int chunk = inPage / CHUNK_BYTES;
      int inChunk = inPage % CHUNK_BYTES;
      if (entry == null || entry.isOpen(chunk) || inChunk >= entry.chunkLength(chunk)) {
        return false;
      }
      int wanted = Math.min(into.remaining(), entry.chunkLength(chunk) - inChunk);
      ByteBuffer whole = Io.scratch(entry.chunkLength(chunk));
      readFile(whole, dataAt(start(page) + (long) chunk * CHUNK_BYTES));
      if (Crc32c.of(whole.flip()) != entry.sum(chunk)) {
        return false;
      }
      into.put(whole.limit(inChunk + wanted).position(inChunk));
      at += wanted;
    }
    return true;
  }

  /** This thread's until the next call; null where there is none. */
  private PageEntry entry(int page) throws IOException {
    try {
      PageEntry entry = ENTRY.get();
      return pages.entry(page, entry) ? entry : null;
    } catch (IOException e) {
      throw block.failed(e);
    }
  }

  private void readFile(ByteBuffer into, long at) throws IOException {
    try {
      Io.readPadded(pages.file(), into, at);
    } catch (IOException e) {
      throw block.failed(e);
    }
  }
}
