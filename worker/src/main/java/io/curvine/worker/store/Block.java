/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.block.BlockFileFormat.dataAt;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.PageEntry;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.TierKind;
import io.curvine.worker.store.BlockTable.Row;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One block of the store: a row in its directory's table, and a file with its pages. A caller holds
 * a reference from {@link BlockStore#acquire} until {@link #release}; meanwhile it is not evicted,
 * and when it is dropped its bytes can still be read. Thread-safe.
 *
 * <p>Its row's count of bytes is made right when the file is closed.
 */
public final class Block implements AutoCloseable {
  private final BlockKey key;
  private final BlockStore store;
  private final BlockRow row;
  private final ReentrantLock lock = new ReentrantLock();

  /** Null: the file is closed. Open while somebody holds a reference. */
  private BlockPages pages;

  private BlockWrite writer;
  private int references;
  private int mappings;
  private boolean aborted; // by its writer, and kept for those who map it

  /** Read without the lock by those who only look. */
  private volatile boolean doomed;

  private boolean nameForced;
  private volatile long usedAt;

  /** {@link HotBlocks} counts in it. */
  volatile long served;

  /** When it was last counted as used. */
  private volatile long visitedAt;

  /** The next block of the inode; the index of inodes guards it. */
  private Block nextOfInode;

  Block(BlockStore store, TierDir dir, int row, Row content) {
    this.key = content.key();
    this.store = store;
    this.row = new BlockRow(dir, row, content);
    this.usedAt = store.nanoTime();
    this.visitedAt = usedAt - BlockStore.VISIT_NANOS;
  }

  public BlockKey key() {
    return key;
  }

  /** Where it lies. */
  TierDir dir() {
    return row.dir();
  }

  /** It lies in a directory of tier MEM. */
  public boolean inMemory() {
    return dir().kind() == TierKind.MEM;
  }

  public BlockState state() {
    return row.state();
  }

  /** A policy keeps it: it is not evicted while it is cached. */
  public boolean kept() {
    return row.kept();
  }

  /** How far the block was written, or filled. */
  public long validLength() {
    return locked(row::validLength);
  }

  /** Of its pages. */
  long bytes() {
    return locked(row::bytes);
  }

  /** Nanoseconds since a reader or writer took it. */
  public long idleNanos() {
    return store.nanoTime() - usedAt;
  }

  /** This request counts as a use of its own. */
  boolean beginsVisit() {
    long now = store.nanoTime();
    boolean begins = now - visitedAt >= BlockStore.VISIT_NANOS;
    visitedAt = begins ? now : visitedAt;
    return begins;
  }

  Block nextOfInode() {
    return nextOfInode;
  }

  void setNextOfInode(Block next) {
    nextOfInode = next;
  }

  /** Its file, absolute; not kept, as it would be a third of what a block takes in memory. */
  public Path path() {
    Path path = state() == BlockState.COPYING ? dir().copyPath(key) : dir().dataPath(key);
    return path.toAbsolutePath();
  }

  /** It is no longer in the store; whoever holds it may still read it. */
  public boolean dropped() {
    return doomed;
  }

  // --- a new one, and one that was found ---

  /** Makes the file and the row of a new block. */
  void create() throws IOException {
    lock.lock();
    try {
      pages = BlockPages.create(path());
      store.openFiles().incrementAndGet();
      row.write(pages, false);
      account();
    } catch (IOException e) {
      throw store.failed(dir(), e);
    } finally {
      lock.unlock();
    }
  }

  /** Counts a block that recovery found, from its file where the row does not know. */
  void recovered() throws IOException {
    lock.lock();
    try {
      if (!row.counted()) {
        openPages();
        row.grow(pages.end());
        row.setState(pages.anyOpen() ? BlockState.WRITING : row.state());
        closePages();
      }
      account();
    } finally {
      lock.unlock();
    }
  }

  // --- references ---

  /** Takes a reference; false where the block is gone. */
  boolean retain() throws IOException {
    lock.lock();
    try {
      if (doomed) {
        return false;
      }
      openPages();
      references++;
      usedAt = store.nanoTime();
      return true;
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      lock.unlock();
    }
  }

  /** The same, only where the file is open, and nobody has to be waited for. */
  boolean retainIfOpen() {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      if (doomed || pages == null) {
        return false;
      }
      references++;
      usedAt = store.nanoTime();
      return true;
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

  /**
   * Lets a process of this host map the file until {@link #endMapping}, on top of a reference.
   *
   * @return false where others may not read the block now
   */
  public boolean beginMapping() {
    lock.lock();
    try {
      boolean allowed = !doomed && row.state().sealed();
      mappings += allowed ? 1 : 0;
      return allowed;
    } finally {
      lock.unlock();
    }
  }

  /** The process is gone, or has let go. */
  public void endMapping() {
    runLocked(
        () -> {
          mappings--;
          if (mappings == 0 && aborted) {
            doomLocked();
          }
        });
  }

  /** Gives the reference back. */
  public void release() {
    lock.lock();
    try {
      references--;
      if (references == 0 && (doomed || store.tooManyOpenFiles())) {
        closeQuietly();
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

  /** Closes the file of a block that nobody holds. */
  void closeIfIdle() {
    runLocked(
        () -> {
          if (references == 0) {
            closeQuietly();
          }
        });
  }

  private void openPages() throws IOException {
    if (pages == null) {
      pages = BlockPages.open(path());
      store.openFiles().incrementAndGet();
    }
  }

  private void closePages() throws IOException {
    if (pages == null) {
      return;
    }
    BlockPages closing = pages;
    pages = null;
    store.openFiles().decrementAndGet();
    try (closing) {
      if (!row.counted() && !doomed && !dir().failed()) {
        row.write(closing, true);
      }
    }
  }

  private void closeQuietly() {
    try {
      closePages();
    } catch (IOException e) {
      store.failed(dir(), e);
    }
  }

  // --- its end ---

  /** Removes the block; whoever holds it may read on. */
  void doom() {
    runLocked(this::doomLocked);
  }

  /** Evicts it unless it is in use or must stay; gives the bytes that this freed. */
  long evictIfIdle() {
    if (!lock.tryLock()) {
      return 0;
    }
    try {
      if (doomed || references > 0 || !row.evictable()) {
        return 0;
      }
      long freed = row.accountedBytes();
      doomLocked();
      return freed;
    } finally {
      lock.unlock();
    }
  }

  /** Drops it if its state is one of a cache; false where it must stay. */
  boolean dropIfCached() {
    return locked(
        () -> {
          if (row.state() == BlockState.CACHED) {
            doomLocked();
          }
          return doomed;
        });
  }

  private void doomLocked() {
    if (doomed) {
      return;
    }
    doomed = true;
    writer = null;
    if (!dir().failed()) {
      try {
        row.remove(path());
      } catch (IOException e) {
        store.failed(dir(), e);
      }
    }
    store.forget(this); // not before its file is gone, whose name a new block would get
    row.settle();
    if (references == 0) {
      closeQuietly();
    }
  }

  // --- reading ---

  /** Bytes of the page that are here; 0: it is missing. */
  public int pageLength(int page) {
    return locked(() -> pages.length(page));
  }

  /** All bytes of a range are here. */
  public boolean has(long offset, long length) {
    return locked(() -> pages.has(offset, length));
  }

  /** A range of it is in memory, as far as one can know: nobody waits for a disk. */
  public boolean quick(long offset, long length) {
    return inMemory() || (dir().kind() == TierKind.SSD && locked(() -> pages.warm(offset, length)));
  }

  /** A range can be read by others without waiting for a disk, or for who changes the block. */
  public boolean ready(long offset, long length) {
    if (!lock.tryLock()) {
      return false;
    }
    try {
      return row.state().sealed() && pages.has(offset, length) && quick(offset, length);
    } finally {
      lock.unlock();
    }
  }

  /** So many bytes of it went to a reader. */
  public void served(int bytes) {
    store.hot().served(this, bytes);
  }

  /** A range of it was read just now. */
  public void setWarm(long offset, long length) {
    runLocked(() -> pages.setWarm(offset, length));
  }

  /** One more than the last page that can be here. */
  int pageCount() {
    return locked(() -> pages.count());
  }

  /** What is known of a page that is here; null: it is missing. */
  PageEntry entry(int page) throws IOException {
    BlockPages held = locked(() -> pages);
    return onDisk(() -> held.length(page) == 0 ? null : held.entry(page));
  }

  /** Fills the buffer from the block, unchecked; what nobody wrote reads as zero. */
  public void read(ByteBuffer into, long offset) throws IOException {
    try {
      Io.readPadded(channel(), into, dataAt(offset));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** For zero-copy sends; it stays open while the caller holds its reference. */
  public FileChannel channel() {
    return locked(pages::file);
  }

  /** What its pages are; for one who holds a reference. */
  public PageReader reader() {
    return new PageReader(this, locked(() -> pages));
  }

  /**
   * Compares the page with its checksums. A corrupt page of a cached block is dropped, so that it
   * is missing afterwards.
   */
  public PageCheck check(int page) throws IOException {
    BlockPages held = locked(() -> pages);
    PageCheck seen = onDisk(() -> held.check(page));
    return seen == PageCheck.CORRUPT ? checkLocked(page) : seen;
  }

  /** Again, while nothing is written: what seemed wrong may have been on its way. */
  private PageCheck checkLocked(int page) throws IOException {
    lock.lock();
    try {
      PageCheck seen = onDisk(() -> pages.check(page));
      if (seen == PageCheck.CORRUPT && pages.noteCorrupt(page)) {
        store.corruptPage(this, page);
      }
      if (seen == PageCheck.CORRUPT && row.state() == BlockState.CACHED && !doomed) {
        changeLocked(
            held -> {
              row.changing(held);
              held.remove(page);
              account();
            });
      }
      return seen;
    } finally {
      lock.unlock();
    }
  }

  IOException failed(IOException cause) {
    return store.failed(this, cause);
  }

  private interface DiskCall<T> {
    T make() throws IOException;
  }

  private <T> T onDisk(DiskCall<T> call) throws IOException {
    try {
      return call.make();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  // --- pages of the cache ---

  /**
   * Keeps a page that was read from the UFS. Nothing happens where a client has begun to write the
   * block.
   *
   * @param content from its position to its limit, at most a page
   * @throws CurvineException NO_SPACE where there is no room
   */
  public void putPage(int page, ByteBuffer content) throws IOException {
    int length = content.remaining();
    ChunkSums sums = ChunkSums.of(start(page), content);
    reserving(
        length,
        held -> {
          if (row.state() == BlockState.CACHED && !doomed) {
            row.changing(held);
            held.put(page, content, sums);
            row.grow(start(page) + length);
          }
        });
  }

  private void reserving(long bytes, BlockChange change) throws IOException {
    dir().reserve(bytes);
    lock.lock();
    try {
      changeLocked(change);
    } finally {
      account();
      dir().unreserve(bytes);
      lock.unlock();
    }
  }

  // --- a copy of a block that moves to another directory ---

  /** Keeps a page of the block that this is a copy of. */
  void copyPage(int page, ByteBuffer content, ChunkSums sums) throws IOException {
    changeLocked(
        held -> {
          int length = content.remaining();
          held.put(page, content, sums);
          row.grow(start(page) + length);
        });
  }

  /** The copy counts from now on, kept as its block is. */
  void copied(boolean kept) throws IOException {
    changeLocked(
        held -> {
          Files.move(dir().copyPath(key), dir().dataPath(key), StandardCopyOption.ATOMIC_MOVE);
          row.setKept(kept);
          become(BlockState.CACHED);
        });
  }

  // --- for its writer ---

  /**
   * Makes the caller the writer; an older one is shut out. What the block holds past {@code length}
   * is dropped.
   *
   * @throws CurvineException BLOCK_NOT_FOUND where it holds less than {@code length}
   */
  BlockWrite beginWrite(long length) throws IOException {
    lock.lock();
    try {
      checkLive();
      boolean gone =
          (length > 0 && row.state() == BlockState.STALE)
              || (row.state() == BlockState.CACHED && !pages.has(0, length));
      if (length > row.validLength() || gone) {
        throw new CurvineException(
            ErrorCode.BLOCK_NOT_FOUND,
            "block " + key + " holds " + row.validLength() + " bytes; asked to go on at " + length);
      }
      writer = new BlockWrite(store, this);
      aborted = false;
      row.open(pages, length);
      dir().makeUnevictable(this);
      cut(length);
      return writer;
    } catch (IOException e) {
      writer = null;
      throw store.failed(this, e);
    } finally {
      account();
      lock.unlock();
    }
  }

  /**
   * Changes the block for its writer.
   *
   * @param grow bytes that it may take more
   * @param length valid bytes afterwards, at least
   * @throws CurvineException LEASE_LOST where the caller is not its writer; NO_SPACE
   */
  void change(BlockWrite by, long grow, long length, BlockChange change) throws IOException {
    reserving(
        grow,
        held -> {
          checkWriter(by);
          row.changing(held);
          change.make(held);
          row.grow(length);
          usedAt = store.nanoTime();
        });
  }

  /** All that is written is durable, and the block's name. Under its lock. */
  void force() throws IOException {
    pages.force();
    if (!nameForced) {
      Io.forceFolder(path().getParent());
      nameForced = true;
    }
    row.publish();
    row.write(pages, row.counted());
    dir().forceTable();
  }

  /** All that others may read of it is durable; not where the UFS has it, and it may be lost. */
  void forceReadable() throws IOException {
    changeLocked(
        held -> {
          if (doomed || !row.readable()) {
            throw new CurvineException(
                ErrorCode.BLOCK_NOT_FOUND, "block " + key + " is unfinished");
          }
          if (row.state() != BlockState.CACHED) {
            held.seal(row.validLength());
            force();
            account();
          }
        });
  }

  /** It ends at a length, and its file there or before. Under its lock. */
  void cut(long length) throws IOException {
    pages.cut(length, mappings > 0);
    row.setValidLength(Math.min(length, row.validLength()));
  }

  /** The block is finished, and stays until the UFS has it. Under its lock. */
  void finish() throws IOException {
    row.finish();
    writer = null;
    row.write(pages, true);
  }

  /** Others may read it, as far as it is written. */
  public boolean readable() {
    return row.readable();
  }

  /**
   * Drops the block, if the caller is its writer. While processes map the file it stays, empty: who
   * writes the block anew writes what they see, and they see no byte of the old one.
   */
  void abort(BlockWrite by) throws IOException {
    changeLocked(
        held -> {
          checkWriter(by);
          if (mappings == 0) {
            doomLocked();
            return;
          }
          aborted = true;
          writer = null;
          row.open(held, 0);
          cut(0);
          row.write(held, false);
          account();
        });
  }

  /** A writer is connected. */
  boolean hasWriter() {
    return locked(() -> writer != null);
  }

  /** The writer is gone; another may go on. */
  void leave(BlockWrite by) {
    runLocked(() -> writer = writer == by ? null : writer);
  }

  // --- what the masters say of it ---

  /**
   * The UFS has it: it becomes a cached block. A write that goes on is left alone; one that was
   * left unfinished is dropped, since nobody vouches for what lies between its pages.
   */
  void unpin() throws IOException {
    changeLocked(
        held -> {
          if (writer != null) {
            return;
          }
          if (row.state() == BlockState.PINNED) {
            become(BlockState.CACHED);
          } else if (row.state() != BlockState.CACHED && !aborted) {
            doomLocked();
          }
        });
  }

  /** The UFS does not have it after all. */
  void pin() throws IOException {
    changeLocked(
        held -> {
          if (row.state() == BlockState.CACHED) {
            dir().makeUnevictable(this);
            become(BlockState.PINNED);
          }
        });
  }

  /** A policy keeps it, or no longer does; as it was where the directory cannot keep more. */
  void keep(boolean wanted) throws IOException {
    changeLocked(
        held -> {
          if (doomed || row.kept() == wanted) {
            return;
          }
          if (wanted && !dir().canKeep(row.bytes())) {
            dir().refusedToKeep();
            return;
          }
          row.setKept(wanted);
          if (wanted) {
            dir().makeUnevictable(this);
          }
          become(row.state());
        });
  }

  /**
   * The file was committed with this replica, or without it. A write that goes on is left alone.
   */
  void committed(boolean named) throws IOException {
    lock.lock();
    try {
      if (writer != null || !row.changesWhenCommitted(named)) {
        return;
      }
      become(named ? BlockState.PINNED : BlockState.STALE);
    } finally {
      lock.unlock();
    }
    store.published(this);
  }

  private void become(BlockState next) throws IOException {
    if (doomed) {
      return;
    }
    try {
      row.setState(next);
      row.write(pages, row.counted());
      account();
    } catch (IOException e) {
      throw store.failed(this, e);
    }
  }

  // --- the row ---

  private void account() {
    if (doomed) {
      return;
    }
    row.account(pages);
    if (row.evictable()) {
      dir().makeEvictable(this, row.bytes());
    }
  }

  private void checkLive() throws CurvineException {
    if (doomed) {
      throw new CurvineException(ErrorCode.BLOCK_NOT_FOUND, "block " + key + " was dropped");
    }
  }

  private void checkWriter(BlockWrite by) throws CurvineException {
    checkLive();
    if (writer != by) {
      throw new CurvineException(
          ErrorCode.LEASE_LOST, "block " + key + " is not open for this writer");
    }
  }

  private void changeLocked(BlockChange change) throws IOException {
    lock.lock();
    try {
      change.make(pages);
    } catch (IOException e) {
      throw store.failed(this, e);
    } finally {
      lock.unlock();
    }
  }

  private void runLocked(Runnable action) {
    lock.lock();
    try {
      action.run();
    } finally {
      lock.unlock();
    }
  }

  private <T> T locked(Supplier<T> look) {
    lock.lock();
    try {
      return look.get();
    } finally {
      lock.unlock();
    }
  }
}
