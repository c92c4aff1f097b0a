/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.DATA_AT;
import static io.curvine.protocol.block.BlockFileFormat.ENTRY_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.dataAt;
import static io.curvine.protocol.block.BlockFileFormat.entryAt;
import static io.curvine.protocol.block.BlockFileFormat.page;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.block.PageEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file of a block, mapped, on the worker's host. A chunk is compared with its checksum when it
 * is first read, and again after a while: the kernel may have read it anew from a disk that has
 * gone bad. Thread-safe; ends with its last reader after {@link #close}.
 *
 * <p>What is compared is read by calls, which fail where the disk does. The mapping is only copied
 * from: where a page of it cannot be had, the JVM throws an InternalError, now or a little later.
 * So a file that was cut is not touched past its end.
 */
final class MappedBlock implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(MappedBlock.class);

  private static final long COMPARE_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final ThreadLocal<ByteBuffer> SCRATCH =
      ThreadLocal.withInitial(() -> ByteBuffer.allocateDirect(CHUNK_BYTES));

  private final FileChannel file;
  private final MappedByteBuffer mapping;
  private final AtomicReferenceArray<Page> pages;
  private final boolean verify;
  private final LongSupplier nanoTime;
  private int references = 1;

  private MappedBlock(
      FileChannel file, MappedByteBuffer mapping, boolean verify, LongSupplier nanoTime) {
    this.file = file;
    this.mapping = mapping;
    this.nanoTime = nanoTime;
    this.pages =
        new AtomicReferenceArray<>(page(Math.max(0, mapping.capacity() - DATA_AT - 1L)) + 1);
    this.verify = verify;
  }

  /** A page that is there. */
  private static final class Page {
    private final PageEntry entry;
    private final long readAt;

    /** A bit for each chunk that was compared. Threads may lose each other's: compared twice. */
    private volatile long compared;

    Page(PageEntry entry, long readAt) {
      this.entry = entry;
      this.readAt = readAt;
    }
  }

  /**
   * Maps the file as it is now; what is added to it later is not seen.
   *
   * @param verify compare chunks with their checksums
   * @param nanoTime as {@link System#nanoTime}
   */
  static MappedBlock open(Path file, boolean verify, LongSupplier nanoTime) throws IOException {
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    try {
      MappedByteBuffer mapping = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      return new MappedBlock(channel, mapping, verify, nanoTime);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Takes a reference; false where it has ended. */
  synchronized boolean retain() {
    if (references == 0) {
      return false;
    }
    references++;
    return true;
  }

  synchronized void release() {
    references--;
    if (references == 0) {
      Unmapper.unmap(mapping);
      try {
        file.close();
      } catch (IOException e) {
        LOG.debug("the file of a block did not close well", e);
      }
    }
  }

  /**
   * Fills the buffer from an offset of the block on.
   *
   * @return false where a part of it is not here, or is not right; the buffer is as it was
   */
  boolean read(long offset, ByteBuffer into) throws IOException {
    int length = into.remaining();
    long end = dataAt(offset) + length;
    if (end > mapping.capacity() || end > file.size()) {
      return false;
    }
    try {
      if (!right(offset, length)) {
        return false;
      }
      into.put(into.position(), mapping, (int) dataAt(offset), length);
      into.position(into.position() + length);
      return true;
    } catch (InternalError e) {
      LOG.warn("a part of a mapped block cannot be had", e);
      return false;
    }
  }

  private boolean right(long offset, int length) throws IOException {
    long end = offset + length;
    long now = verify ? nanoTime.getAsLong() : 0;
    for (int number = page(offset); start(number) < end; number++) {
      Page page = pageAt(number, now);
      int to = (int) Math.min(PAGE_SIZE_BYTES, end - start(number));
      if (page == null || page.entry.length() < to) {
        return false;
      }
      int from = (int) Math.max(0, offset - start(number));
      if (verify && !compare(number, page, from, to)) {
        return false;
      }
    }
    return true;
  }

  private Page pageAt(int number, long now) throws IOException {
    Page page = pages.get(number);
    if (page == null || now - page.readAt > COMPARE_AGAIN_NANOS) {
      ByteBuffer entry = bytes(entryAt(number), ENTRY_BYTES);
      PageEntry read = entry == null ? null : PageEntry.readFrom(number, entry);
      if (read == null || read.length() == 0 || read.anyOpen()) {
        return null;
      }
      page = new Page(read, now);
      pages.set(number, page);
    }
    return page;
  }

  private boolean compare(int number, Page page, int from, int to) throws IOException {
    for (int chunk = from / CHUNK_BYTES; chunk * CHUNK_BYTES < to; chunk++) {
      long bit = 1L << chunk;
      if ((page.compared & bit) != 0) {
        continue;
      }
      long at = dataAt(start(number)) + (long) chunk * CHUNK_BYTES;
      ByteBuffer bytes = bytes(at, page.entry.chunkLength(chunk));
      if (bytes == null || Crc32c.of(bytes) != page.entry.sum(chunk)) {
        pages.set(number, null);
        return false;
      }
      page.compared = page.compared | bit;
    }
    return true;
  }

  /** At most a chunk of the file, in a buffer of this thread; null: the file ends before. */
  private ByteBuffer bytes(long at, int length) throws IOException {
    ByteBuffer bytes = SCRATCH.get().clear().limit(length);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, at + bytes.position()) < 0) {
        return null;
      }
    }
    return bytes.flip();
  }

  @Override
  public void close() {
    release();
  }
}
