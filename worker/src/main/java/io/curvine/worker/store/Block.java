/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One block of the store: a sparse data file, and a metadata file with the checksum of each page. A
 * caller holds a reference from {@link BlockStore#acquire} until {@link #release}; meanwhile it is
 * not evicted, and when it is dropped its bytes can still be read. Thread-safe.
 *
 * <p>Page data is written before the entry that vouches for it. While a client writes, a page's
 * entry says that its checksum is open; sealing computes it.
 */
public final class Block implements AutoCloseable {
  private static final long KNOWN_CORRUPT = -1;

  /** File times of older kernels move in steps of up to 10 ms. */
  private static final long FILE_TIME_GRAIN_MS = 50;

  private final BlockKey key;
  private final TierDir dir;
  private final BlockStore store;
  private final BlockFiles files;
  private final ReentrantLock lock = new ReentrantLock();

  private final Pages pages;
  private BlockState state;
  private long validLength;
  private long sequence;
  private Object writer;
  private int references;
  private boolean doomed;
  private boolean folderForced;
  private long accountedUsed;
  private long accountedPinned;
  private long verifiedSince;
  private volatile long usedAt;

  Block(BlockKey key, TierDir dir, BlockStore store, Pages pages, MetaFile.Header header) {
    this.key = key;
    this.dir = dir;
    this.store = store;
    this.files = new BlockFiles(dir.dataPath(key), dir.metaPath(key), store.openFiles());
    this.pages = pages;
    this.state = header.state();
    this.validLength = header.validLength();
    this.sequence = header.sequence();
    this.usedAt = store.nanoTime();
  }

  public BlockKey key() {
    return key;
  }

  /** Where it lies. */
  TierDir dir() {
    return dir;
  }

  public BlockState state() {
    return locked(() -> state);
  }

  /** How far the block was written, or filled. */
  public long validLength() {
    return locked(() -> validLength);
  }

  /** Bytes of the page that are here; 0: it is missing. */
  public int pageLength(int page) {
    return locked(() -> pages.length(page));
  }

  /** Nanoseconds since a reader or writer took it. */
  public long idleNanos() {
    return store.nanoTime() - usedAt;
  }

  // --- references ---

  /** Makes the files of a new block. */
  void create() throws IOException {
    lock.lock();
    try {
      files.create();
      writeHeader();
      account();
    } catch (IOException e) {
      throw store.failed(dir, e);
    } finally {
      lock.unlock();
    }
  }

  /** Counts what recovery found. */
  void recovered() {
    lock.lock();
    try {
      boolean anyOpen = false;
      for (int page = 0; page < pages.count(); page++) {
        anyOpen |= pages.open(page);
        if (pages.length(page) > 0) {
          validLength = Math.max(validLength, start(page) + pages.length(page));
        }
      }
      state = anyOpen ? BlockState.WRITING : state;
      account();
    } finally {
      lock.unlock();
    }
  }

  /** Takes a reference; false where the block is gone. */
  boolean retain() throws IOException {
    lock.lock();
    try {
      if (doomed) {
        return false;
      }
      files.open();
      references++;
      usedAt = store.nanoTime();
      return true;
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      lock.unlock();
    }
  }

  /** Takes one more reference for a caller who holds one, to be released on its own. */
  public Block share() {
    lock.lock();
    try {
      references++;
      return this;
    } finally {
      lock.unlock();
    }
  }

  /** Gives the reference back. */
  public void release() {
    lock.lock();
    try {
      references--;
      if (references == 0 && (doomed || store.tooManyOpenFiles())) {
        closeFiles();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The same as {@link #release}. */
  @Override
  public void close() {
    release();
  }

  /** Removes the block; whoever holds it may read on. */
  void doom() {
    lock.lock();
    try {
      doomLocked();
    } finally {
      lock.unlock();
    }
  }

  /** Evicts it unless it is in use or must stay; gives the bytes that this freed. */
  long evictIfIdle() {
    if (!lock.tryLock()) {
      return 0;
    }
    try {
      if (doomed || references > 0 || state != BlockState.CACHED) {
        return 0;
      }
      long freed = accountedUsed;
      doomLocked();
      return freed;
    } finally {
      lock.unlock();
    }
  }

  /** Drops it if its state is one of a cache; false where it must stay. */
  boolean dropIfCached() {
    lock.lock();
    try {
      if (state == BlockState.CACHED) {
        doomLocked();
      }
      return doomed;
    } finally {
      lock.unlock();
    }
  }

  private void doomLocked() {
    if (doomed) {
      return;
    }
    doomed = true;
    writer = null;
    store.forget(this);
    if (!dir.failed()) {
      try {
        files.delete();
      } catch (IOException e) {
        store.failed(dir, e);
      }
    }
    dir.account(-accountedUsed, -accountedPinned);
    if (references == 0) {
      closeFiles();
    }
  }

  /** Closes the files of a block that nobody holds. */
  void closeIfIdle() {
    lock.lock();
    try {
      if (references == 0) {
        closeFiles();
      }
    } finally {
      lock.unlock();
    }
  }

  private void closeFiles() {
    try {
      files.close();
    } catch (IOException e) {
      store.failed(dir, e);
    }
  }

  // --- pages of the cache ---

  /**
   * Keeps a page that was read from the UFS. Nothing happens where a client has begun to write the
   * block.
   *
   * @param bytes from its position to its limit, at most a page
   * @throws CurvineException NO_SPACE where there is no room
   */
  public void putPage(int page, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    dir.reserve(length);
    lock.lock();
    try {
      if (state == BlockState.CACHED && !doomed) {
        int checksum = Io.checksum(bytes.duplicate());
        Io.writeFully(files.data(), bytes, start(page));
        MetaFile.writeEntry(files.meta(), page, length, checksum, false);
        pages.put(page, length, checksum);
        validLength = Math.max(validLength, start(page) + length);
      }
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      account();
      dir.unreserve(length);
      lock.unlock();
    }
  }

  /** What a look at a page found. */
  public enum PageCheck {
    GOOD,
    MISSING,
    CORRUPT
  }

  /**
   * Compares the page with its checksum, unless that was done lately and the file has not changed
   * since. A corrupt page of a cached block is dropped, so that it is missing afterwards.
   */
  public PageCheck check(int page) throws IOException {
    long fileTime = files.dataTime();
    int length;
    int checksum;
    lock.lock();
    try {
      length = pages.length(page);
      if (length == 0) {
        return PageCheck.MISSING;
      }
      if (pages.open(page)) {
        return PageCheck.GOOD;
      }
      if (store.nanoTime() - verifiedSince >= store.verifyIntervalNanos()) {
        pages.clearVerified();
        verifiedSince = store.nanoTime();
      }
      if (fileTime != 0 && pages.verified(page) == fileTime && store.verifyIntervalNanos() > 0) {
        return PageCheck.GOOD;
      }
      checksum = pages.checksum(page);
    } finally {
      lock.unlock();
    }
    boolean good = checksumOfFile(page, length) == checksum;
    return settle(page, length, checksum, good ? fileTime : -1);
  }

  private int checksumOfFile(int page, int length) throws IOException {
    try {
      return Io.checksum(files.data(), start(page), length);
    } catch (IOException e) {
      throw store.failed(this, e);
    }
  }

  private PageCheck settle(int page, int length, int checksum, long goodAt) throws IOException {
    lock.lock();
    try {
      boolean same =
          pages.length(page) == length && !pages.open(page) && pages.checksum(page) == checksum;
      if (!same) {
        return pages.length(page) == 0 ? PageCheck.MISSING : PageCheck.GOOD;
      }
      if (goodAt >= 0) {
        if (settled(goodAt)) {
          pages.setVerified(page, goodAt);
        }
        return PageCheck.GOOD;
      }
      if (pages.verified(page) != KNOWN_CORRUPT) {
        store.corruptPage(this, page);
        pages.setVerified(page, KNOWN_CORRUPT);
      }
      if (state == BlockState.CACHED) {
        MetaFile.writeEntry(files.meta(), page, 0, 0, false);
        pages.remove(page);
        account();
      }
      return PageCheck.CORRUPT;
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      lock.unlock();
    }
  }

  /** A file that changed just now may change again without its time telling. */
  private static boolean settled(long fileTime) {
    long ageMs = System.currentTimeMillis() - TimeUnit.NANOSECONDS.toMillis(fileTime);
    return ageMs > FILE_TIME_GRAIN_MS;
  }

  /** The checksum of a sealed page. */
  public int pageChecksum(int page) {
    return locked(() -> pages.checksum(page));
  }

  /** For zero-copy sends; it stays open while the caller holds its reference. */
  public FileChannel channel() {
    return locked(files::data);
  }

  /** Fills the buffer from the block; what nobody wrote reads as zero. */
  public void read(ByteBuffer into, long offset) throws IOException {
    try {
      Io.readPadded(channel(), into, offset);
    } catch (IOException e) {
      throw store.failed(this, e);
    }
  }

  // --- writing ---

  /**
   * Makes the caller the writer; an older one is shut out. What the block holds past {@code length}
   * is dropped.
   *
   * @throws CurvineException BLOCK_NOT_FOUND where it holds less than {@code length}
   */
  void beginWrite(Object newWriter, long length) throws IOException {
    lock.lock();
    try {
      checkLive();
      if (length > validLength || (length > 0 && state == BlockState.STALE)) {
        throw new CurvineException(
            ErrorCode.BLOCK_NOT_FOUND,
            "block " + key + " holds " + validLength + " bytes; asked to go on at " + length);
      }
      writer = newWriter;
      state = BlockState.WRITING;
      dir.makeUnevictable(this);
      cut(length);
      writeHeader();
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      account();
      lock.unlock();
    }
  }

  /**
   * Writes bytes anywhere in the block.
   *
   * @throws CurvineException LEASE_LOST where the caller is not its writer; NO_SPACE
   */
  public void write(Object by, long offset, ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    dir.reserve(length);
    lock.lock();
    try {
      checkWriter(by);
      long end = offset + length;
      openSealed(offset, end);
      Io.writeFully(files.data(), bytes, offset);
      for (int page = pageOf(offset); start(page) < end; page++) {
        int reached = (int) Math.min(PAGE_SIZE_BYTES, end - start(page));
        putOpen(page, Math.max(reached, pages.length(page)));
      }
      validLength = Math.max(validLength, end);
      usedAt = store.nanoTime();
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      account();
      dir.unreserve(length);
      lock.unlock();
    }
  }

  /** Before sealed bytes are overwritten, their entry stops vouching for them. */
  private void openSealed(long offset, long end) throws IOException {
    for (int page = pageOf(offset); start(page) < end; page++) {
      boolean overlaps = offset < start(page) + pages.length(page);
      if (overlaps && pages.length(page) > 0 && !pages.open(page)) {
        putOpen(page, pages.length(page));
      }
    }
  }

  private void putOpen(int page, int length) throws IOException {
    if (!pages.open(page) || pages.length(page) != length) {
      MetaFile.writeEntry(files.meta(), page, length, 0, true);
      pages.putOpen(page, length);
    }
  }

  /**
   * Computes the open checksums; with {@code fsync} all is durable afterwards.
   *
   * @param length valid bytes
   * @param commit the block is finished: it ends at {@code length}, and stays until the UFS has it
   */
  public void seal(Object by, long length, boolean fsync, boolean commit) throws IOException {
    long grown = Math.max(0, length - validLength());
    dir.reserve(grown);
    lock.lock();
    try {
      checkWriter(by);
      if (commit && length < validLength) {
        cut(length);
      }
      sealLocked(length, fsync);
      if (commit) {
        state = BlockState.PINNED;
        writer = null;
      }
      writeHeader();
      if (fsync) {
        files.meta().force(true);
        forceFolderOnce();
      }
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      account();
      dir.unreserve(grown);
      lock.unlock();
    }
    store.published(this);
  }

  /** Drops the block, if the caller is its writer. */
  public void abort(Object by) throws IOException {
    lock.lock();
    try {
      checkWriter(by);
      doomLocked();
    } finally {
      lock.unlock();
    }
  }

  private void sealLocked(long length, boolean fsync) throws IOException {
    validLength = Math.max(validLength, length);
    if (files.data().size() < validLength) {
      Io.writeFully(files.data(), ByteBuffer.allocate(1), validLength - 1);
    }
    if (fsync) {
      files.data().force(false);
    }
    for (int page = 0; start(page) < validLength; page++) {
      int wanted = (int) Math.min(PAGE_SIZE_BYTES, validLength - start(page));
      if (pages.open(page) || pages.length(page) != wanted) {
        int checksum = Io.checksum(files.data(), start(page), wanted);
        MetaFile.writeEntry(files.meta(), page, wanted, checksum, false);
        pages.put(page, wanted, checksum);
      }
    }
  }

  private void forceFolderOnce() throws IOException {
    if (!folderForced) {
      files.forceFolder();
      folderForced = true;
    }
  }

  /** Forgets what is past {@code length}; the entries first, then the bytes. */
  private void cut(long length) throws IOException {
    int whole = (int) ((length + PAGE_SIZE_BYTES - 1) / PAGE_SIZE_BYTES);
    pages.cut(whole);
    files.meta().truncate(MetaFile.ENTRIES_AT + (long) whole * MetaFile.ENTRY_BYTES);
    int rest = whole == 0 ? 0 : (int) (length - start(whole - 1));
    if (rest > 0 && pages.length(whole - 1) > rest) {
      putOpen(whole - 1, rest);
    }
    files.data().truncate(length);
    validLength = length;
  }

  // --- what the masters say of it ---

  /**
   * The UFS has it: it becomes a cached block. A write that goes on is left alone; one that was
   * left unfinished is dropped, since nobody vouches for what lies between its pages.
   */
  void unpin() throws IOException {
    lock.lock();
    try {
      if (doomed || state == BlockState.CACHED || writer != null) {
        return;
      }
      if (state != BlockState.PINNED) {
        doomLocked();
        return;
      }
      files.open();
      state = BlockState.CACHED;
      writeHeader();
      account();
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      lock.unlock();
    }
  }

  /** The UFS does not have it after all. */
  void pin() throws IOException {
    lock.lock();
    try {
      if (!doomed && state == BlockState.CACHED) {
        files.open();
        state = BlockState.PINNED;
        dir.makeUnevictable(this);
        writeHeader();
        account();
      }
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The file was committed with this replica, or without it. A write that goes on is left alone.
   */
  void committed(boolean named) throws IOException {
    lock.lock();
    try {
      boolean changes =
          named
              ? state == BlockState.STALE
              : state == BlockState.PINNED || state == BlockState.WRITING;
      if (doomed || writer != null || !changes) {
        return;
      }
      files.open();
      state = named ? BlockState.PINNED : BlockState.STALE;
      writeHeader();
      account();
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      lock.unlock();
    }
    store.published(this);
  }

  /** A writer is connected. */
  boolean hasWriter() {
    return locked(() -> writer != null);
  }

  /** The writer's connection is gone; another may go on. */
  public void leave(Object by) {
    lock.lock();
    try {
      if (writer == by) {
        writer = null;
      }
    } finally {
      lock.unlock();
    }
  }

  private void writeHeader() throws IOException {
    sequence++;
    MetaFile.writeHeader(files.meta(), new MetaFile.Header(key, state, validLength, sequence));
  }

  private void account() {
    if (doomed) {
      return;
    }
    long usedBytes = pages.bytes();
    long pinnedBytes = state == BlockState.CACHED ? 0 : usedBytes;
    dir.account(usedBytes - accountedUsed, pinnedBytes - accountedPinned);
    accountedUsed = usedBytes;
    accountedPinned = pinnedBytes;
    if (state == BlockState.CACHED) {
      dir.makeEvictable(this);
    }
  }

  private void checkLive() throws CurvineException {
    if (doomed) {
      throw new CurvineException(ErrorCode.BLOCK_NOT_FOUND, "block " + key + " was dropped");
    }
  }

  private void checkWriter(Object by) throws CurvineException {
    checkLive();
    if (writer != by) {
      throw new CurvineException(
          ErrorCode.LEASE_LOST, "block " + key + " is not open for this writer");
    }
  }

  private <T> T locked(java.util.function.Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }

  private static long start(int page) {
    return (long) page * PAGE_SIZE_BYTES;
  }

  private static int pageOf(long offset) {
    return (int) (offset / PAGE_SIZE_BYTES);
  }
}
