/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.CHUNKS_PER_PAGE;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.ENTRY_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.dataAt;
import static io.curvine.protocol.block.BlockFileFormat.entryAt;
import static io.curvine.protocol.block.BlockFileFormat.page;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.PageEntry;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/**
 * The open file of a block: its pages, and what their entries say. What changes pages is for one
 * thread at a time, as the block's lock sees to.
 *
 * <p>Bytes are written before the entry that vouches for them, and before bytes that an entry
 * vouches for are overwritten, it stops doing so: after the death of the process, or of the
 * machine, a page is right or it is missing.
 */
final class BlockPages implements AutoCloseable {
  private final FileChannel file;

  /** Bytes of each page that are there. */
  private int[] lengths;

  private long bytes;

  /** Longer than what is there: it was cut while others had it mapped. */
  private boolean tooLong;

  /** The entries of pages that are being written. */
  private final Map<Integer, PageEntry> written = new TreeMap<>();

  /** Pages that were read since the file was opened: most likely the kernel has them still. */
  private final BitSet warm = new BitSet();

  private final BitSet corrupt = new BitSet();

  private BlockPages(FileChannel file, int[] lengths) {
    this.file = file;
    this.lengths = lengths;
    for (int length : lengths) {
      bytes += length;
    }
  }

  /** Makes the file of a block that has no pages. */
  static BlockPages create(Path path) throws IOException {
    return new BlockPages(
        open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE),
        new int[0]);
  }

  /** Opens the file of a block, and reads its entries. Pages that the file lacks are missing. */
  static BlockPages open(Path path) throws IOException {
    FileChannel file = open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      return read(file);
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static FileChannel open(Path path, OpenOption... options) throws IOException {
    return FileChannel.open(path, options);
  }

  private static BlockPages read(FileChannel file) throws IOException {
    long data = Math.max(0, file.size() - BlockFileFormat.DATA_AT);
    int count = (int) ((data + PAGE_SIZE_BYTES - 1) / PAGE_SIZE_BYTES);
    int[] lengths = new int[count];
    BlockPages pages = new BlockPages(file, lengths);
    ByteBuffer entries = Io.scratch(count * ENTRY_BYTES);
    Io.readPadded(file, entries, 0);
    entries.flip();
    for (int page = 0; page < count; page++) {
      PageEntry entry = PageEntry.readFrom(page, entries);
      if (entry != null && start(page) + entry.length() <= data) {
        lengths[page] = entry.length();
        pages.bytes += entry.length();
        if (entry.anyOpen()) {
          pages.written.put(page, entry);
        }
      }
    }
    return pages;
  }

  // --- looking ---

  /** One more than the last page that can be there. */
  int count() {
    return lengths.length;
  }

  /** Bytes of a page that are there; 0: it is missing. */
  int length(int page) {
    int[] now = lengths; // asked without the lock too
    return page < now.length ? now[page] : 0;
  }

  /** Of all pages together. */
  long bytes() {
    return bytes;
  }

  /** Bytes from the block's beginning to the last that is there. */
  long end() {
    for (int page = lengths.length - 1; page >= 0; page--) {
      if (lengths[page] > 0) {
        return start(page) + lengths[page];
      }
    }
    return 0;
  }

  /** Some checksum is still to be computed. */
  boolean anyOpen() {
    return written.values().stream().anyMatch(PageEntry::anyOpen);
  }

  /** Notes that a page is corrupt; false where that is known. */
  boolean noteCorrupt(int page) {
    boolean first = !corrupt.get(page);
    corrupt.set(page);
    return first;
  }

  /** All pages of a range were read since the file was opened. */
  boolean warm(long offset, long length) {
    int first = page(offset);
    return warm.nextClearBit(first) > page(offset + length - 1);
  }

  void setWarm(long offset, long length) {
    warm.set(page(offset), page(offset + length - 1) + 1);
  }

  FileChannel file() {
    return file;
  }

  /**
   * The entry of a page as it is in the file; null where there is none. Needs no lock: one that is
   * just being written is seen as it was, as it will be, or as none.
   */
  PageEntry entry(int page) throws IOException {
    PageEntry entry = new PageEntry();
    return entry(page, entry) ? entry : null;
  }

  /** The same into an entry of the caller's; false where there is none. */
  boolean entry(int page, PageEntry into) throws IOException {
    ByteBuffer bytesOfEntry = Io.scratch(ENTRY_BYTES);
    Io.readPadded(file, bytesOfEntry, entryAt(page));
    return into.become(page, bytesOfEntry.flip());
  }

  // --- changing ---

  /**
   * Keeps a page as it was read from elsewhere.
   *
   * @param sums of these bytes, which begin where the page does
   */
  void put(int page, ByteBuffer content, ChunkSums sums) throws IOException {
    int length = content.remaining();
    PageEntry entry = new PageEntry();
    entry.setLength(length);
    long firstChunk = start(page) / CHUNK_BYTES;
    for (int chunk = 0; chunk < entry.chunks(); chunk++) {
      entry.setSum(chunk, sums.ofChunk(firstChunk + chunk));
    }
    Io.writeFully(file, content, dataAt(start(page)));
    writeEntry(page, entry);
  }

  /** Writes bytes anywhere; gaps before them are there from now on, as zeros. */
  void write(ByteBuffer content, ChunkSums sums) throws IOException {
    long offset = sums.offset();
    long end = offset + sums.length();
    for (int page = page(offset); start(page) < end; page++) {
      PageWrite write = new PageWrite(entryToWrite(page), page, sums);
      if (write.begin()) {
        writeEntry(page, write.entry());
      }
    }
    Io.writeFully(file, content, dataAt(offset));
    vouch(sums);
  }

  /** The same of bytes that are in the file already, after all that the block has. */
  void takeOver(ChunkSums sums) throws IOException {
    long end = sums.offset() + sums.length();
    if (sums.offset() < end() || file.size() < dataAt(end)) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "bytes "
              + sums.offset()
              + " to "
              + end
              + " of a block of "
              + end()
              + " cannot be taken over from a file of "
              + Math.max(0, file.size() - BlockFileFormat.DATA_AT));
    }
    vouch(sums);
  }

  private void vouch(ChunkSums sums) throws IOException {
    long end = sums.offset() + sums.length();
    for (int page = page(sums.offset()); start(page) < end; page++) {
      PageWrite write = new PageWrite(entryToWrite(page), page, sums);
      write.end();
      writeEntry(page, write.entry());
    }
  }

  private PageEntry entryToWrite(int page) throws IOException {
    PageEntry entry = written.get(page);
    if (entry == null) {
      entry = length(page) == 0 ? null : entry(page);
      entry = entry == null ? new PageEntry() : entry;
      written.put(page, entry);
    }
    return entry;
  }

  /** Every page up to a length is there from now on, with the checksums of all chunks. */
  void seal(long length) throws IOException {
    if (file.size() < dataAt(length)) {
      Io.writeFully(file, ByteBuffer.allocate(1), dataAt(length) - 1);
    }
    for (int page = 0; start(page) < length; page++) {
      int wanted = (int) Math.min(PAGE_SIZE_BYTES, length - start(page));
      PageEntry entry = written.get(page);
      boolean whole = length(page) >= wanted && (entry == null || !entry.anyOpen());
      if (!whole) {
        entry = entryToWrite(page);
        extend(entry, Math.max(wanted, entry.length()));
        sumUp(page, entry);
        writeEntry(page, entry);
      }
    }
    written.clear();
  }

  /** The bytes between the end and the new end are zeros, of unknown checksum so far. */
  private static void extend(PageEntry entry, int length) {
    if (length > entry.length()) {
      for (int chunk = entry.length() / CHUNK_BYTES; chunk * CHUNK_BYTES < length; chunk++) {
        entry.setOpen(chunk);
      }
      entry.setLength(length);
    }
  }

  private void sumUp(int page, PageEntry entry) throws IOException {
    for (int chunk = 0; chunk < entry.chunks(); chunk++) {
      if (entry.isOpen(chunk)) {
        entry.setSum(chunk, sumOfFile(page, chunk, entry.chunkLength(chunk)));
      }
    }
  }

  private int sumOfFile(int page, int chunk, int length) throws IOException {
    return Io.checksum(file, dataAt(start(page) + (long) chunk * CHUNK_BYTES), length);
  }

  /** Compares all chunks of a page with their checksums. Needs no lock. */
  boolean matches(int page, PageEntry entry) throws IOException {
    ByteBuffer content = Io.scratch(entry.length());
    Io.readPadded(file, content, dataAt(start(page)));
    return ChunkSums.of(start(page), content.flip()).match(page, entry);
  }

  /** The page is missing from now on. */
  void remove(int page) throws IOException {
    written.remove(page);
    writeEntry(page, new PageEntry());
  }

  /** All bytes of a range are here. */
  boolean has(long offset, long length) {
    long end = offset + length;
    for (int page = page(offset); start(page) < end; page++) {
      if (length(page) < Math.min(PAGE_SIZE_BYTES, end - start(page))) {
        return false;
      }
    }
    return true;
  }

  /** Compares a page with its checksums. */
  PageCheck check(int page) throws IOException {
    if (length(page) == 0) {
      return PageCheck.MISSING;
    }
    PageEntry entry = entry(page);
    return entry != null && matches(page, entry) ? PageCheck.GOOD : PageCheck.CORRUPT;
  }

  /**
   * Forgets what is past a length: the entries first, then the bytes.
   *
   * @param mapped by others, whom a shorter file could kill: it gets zeros instead, and is
   *     shortened when it is closed
   */
  void cut(long length, boolean mapped) throws IOException {
    int kept = (int) ((length + PAGE_SIZE_BYTES - 1) / PAGE_SIZE_BYTES);
    for (int page = kept; page < lengths.length; page++) {
      if (lengths[page] > 0) {
        remove(page);
      }
    }
    written.keySet().removeIf(page -> page >= kept);
    lengths = Arrays.copyOf(lengths, Math.min(lengths.length, kept));
    int rest = kept == 0 ? 0 : (int) (length - start(kept - 1));
    if (kept > 0 && length(kept - 1) > rest) {
      PageEntry entry = entryToWrite(kept - 1);
      entry.setLength(rest);
      dropChunks(entry, rest);
      writeEntry(kept - 1, entry);
    }
    long end = file.size() - BlockFileFormat.DATA_AT;
    if (end <= length) {
      return;
    }
    if (mapped) {
      zero(length, end);
      tooLong = true;
    } else {
      file.truncate(dataAt(length));
    }
  }

  private void zero(long from, long to) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
    for (long at = from; at < to; at += CHUNK_BYTES) {
      zeros.clear().limit((int) Math.min(CHUNK_BYTES, to - at));
      Io.writeFully(file, zeros, dataAt(at));
    }
  }

  private static void dropChunks(PageEntry entry, int rest) {
    for (int chunk = rest / CHUNK_BYTES; chunk < CHUNKS_PER_PAGE; chunk++) {
      entry.setSum(chunk, 0);
    }
    if (rest % CHUNK_BYTES > 0) {
      entry.setOpen(rest / CHUNK_BYTES);
    }
  }

  private void writeEntry(int page, PageEntry entry) throws IOException {
    ByteBuffer bytesOfEntry = Io.scratch(ENTRY_BYTES);
    entry.writeTo(page, bytesOfEntry);
    Io.writeFully(file, bytesOfEntry.flip(), entryAt(page));
    if (page >= lengths.length) {
      lengths = Arrays.copyOf(lengths, page + 1);
    }
    bytes += entry.length() - lengths[page];
    lengths[page] = entry.length();
    corrupt.clear(page);
  }

  /** All that was written survives a power failure. */
  void force() throws IOException {
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    try (file) {
      if (tooLong) {
        file.truncate(dataAt(end()));
      }
    }
  }
}
