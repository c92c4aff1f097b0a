/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.SetAttributes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one inode that this mount has open: the one writer that its writing handles share,
 * or the local file that replaced it when it was unlinked.
 *
 * <p>Thread-safe: reads share the lock, all else has it alone. What {@link #overlay} needs is
 * volatile, so that a stat never waits for a write.
 */
final class OpenFile {
  private static final Logger LOG = LoggerFactory.getLogger(OpenFile.class);
  private static final int SET_UID = 04000;
  private static final int SET_GID = 02000;
  private static final int GROUP_EXECUTE = 010;
  private static final long NO_WRITER = -1;

  /** Longer than those who wait for a file pause between two attempts. */
  private static final long OTHERS_TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** Owned by {@link OpenFiles}, changed only inside its map. */
  int pins;

  private final long inode;
  private final Backend backend;
  private final RecentChanges changes;
  private final KnownPages pages;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

  private int handles;
  private int writingHandles;
  private int unflushedHandles; // of the writing ones
  private BackendWriter writer;
  private int mode; // known while there is a writer
  private boolean gaveWay; // and no write came since
  private long gaveWayNanos;
  private long ownVersion; // of the content as the last writer of this mount has published it
  private boolean deleted;
  private boolean dirty; // written and not published
  private long generation; // of what is published: a reader of an older one is replaced
  private volatile boolean changedByOthers; // since the generation was counted
  private final AtomicLong readLength = new AtomicLong(); // the longest of what is published
  private volatile long writerLength = NO_WRITER;
  private volatile long writtenNanos; // time of the last write that is not published; 0: none
  private final AtomicLong unforced = new AtomicLong(1); // contents that may not be durable yet
  private final AtomicLong forced = new AtomicLong(); // of them, those that are
  private volatile Spool spool;
  private volatile Nameless orphan; // attributes once the last name is gone

  OpenFile(long inode, Backend backend, RecentChanges changes, KnownPages pages) {
    this.pages = pages;
    this.inode = inode;
    this.backend = backend;
    this.changes = changes;
  }

  long inode() {
    return inode;
  }

  /** A new handle; takes the file's write lease if it writes and no other client has it. */
  FileHandle open(Caller caller, int flags, boolean dropSetId) throws IOException {
    boolean truncate = (flags & FileHandle.TRUNCATE) != 0;
    if (truncate) {
      return whenFree(() -> openNow(caller, flags, dropSetId));
    }
    lock.writeLock().lock();
    try {
      return openNow(caller, flags, dropSetId);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * The kernel may keep the pages that it has of the file: they are of the content that is
   * published now, or written here. Where not, it drops them.
   *
   * @param handle just opened
   */
  boolean keepsPages(FileHandle handle) throws IOException {
    lock.readLock().lock();
    try {
      boolean keeps = pages.mayBeKept(inode) && arePagesRight(handle);
      if (!keeps) {
        pages.forget(inode);
        if (handles > 1) {
          changedByOthers = true; // who has it open does not put old pages beside new ones
        }
      }
      return keeps;
    } finally {
      lock.readLock().unlock();
    }
  }

  private boolean arePagesRight(FileHandle handle) throws IOException {
    if (handle.truncates || spool != null || changedByOthers) {
      return false;
    }
    if (writer != null && (dirty || !handle.reads)) {
      return pages.are(inode, ownVersion);
    }
    return handle.reads && pages.are(inode, handle.reader(backend, generation).version());
  }

  private FileHandle openNow(Caller caller, int flags, boolean dropSetId) throws IOException {
    if (deleted) {
      throw new ErrnoException(Errno.ENOENT, "inode " + inode + " was deleted");
    }
    FileHandle handle = new FileHandle(this, caller, flags);
    if (handle.truncates) {
      openWriter(caller, true);
    } else if (handle.writes) {
      openWriterIfFree(caller);
    }
    if (handle.truncates && dropSetId && writer != null) {
      dropSetId();
    }
    if (handle.truncates && !handle.writes && unflushedHandles == 0) {
      closeWriter(); // who only reads has nothing to give back later
    }
    count(handle);
    return handle;
  }

  /** The first handle of a file that was just made. A reader's gives the writer back at once. */
  FileHandle created(Caller caller, int flags, BackendWriter made) throws IOException {
    lock.writeLock().lock();
    try {
      FileHandle handle = new FileHandle(this, caller, flags);
      adopt(made);
      forced.set(unforced.get()); // there is nothing of it
      if (!handle.writes) {
        closeWriter();
      }
      count(handle);
      return handle;
    } finally {
      lock.writeLock().unlock();
    }
  }

  int read(FileHandle handle, long position, ByteBuffer into) throws IOException {
    return published(() -> readPublished(handle, position, into));
  }

  /** Looks at what is published, after what was written here is. */
  private <T> T published(Action<T> look) throws IOException {
    lock.readLock().lock();
    try {
      if (!dirty && !changedByOthers) {
        return look.run();
      }
    } finally {
      lock.readLock().unlock();
    }
    lock.writeLock().lock();
    try {
      if (changedByOthers) {
        changedByOthers = false;
        generation++;
      }
      publish();
      return look.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** As {@link BackendReader#data} says; what has no name any more is data to its end. */
  long data(FileHandle handle, long position) throws IOException {
    return published(
        () ->
            spool == null
                ? handle.reader(backend, generation).data(position)
                : position < spool.length() ? position : -1L);
  }

  /** As {@link BackendReader#hole} says. */
  long hole(FileHandle handle, long position) throws IOException {
    return published(
        () ->
            spool == null
                ? handle.reader(backend, generation).hole(position)
                : position < spool.length() ? spool.length() : -1L);
  }

  private int readPublished(FileHandle handle, long position, ByteBuffer into) throws IOException {
    if (spool != null) {
      return spool.read(position, into);
    }
    BackendReader reader = handle.reader(backend, generation);
    if (reader.length() > readLength.get()) {
      readLength.accumulateAndGet(reader.length(), Math::max);
    }
    pages.note(inode, reader.version());
    int read = reader.read(position, into);
    pages.note(inode, reader.version()); // it may have gone on to a newer one
    return Math.max(0, read);
  }

  /**
   * What is published is another content by now: reads that begin from now on are of that.
   *
   * @return length of what was read until now; 0: nothing was
   */
  long changedByOthers() {
    long before = readLength.getAndSet(0);
    unforced.incrementAndGet();
    changedByOthers = true;
    return before;
  }

  /**
   * Writes all of the buffer.
   *
   * @param append at the end as it is now, wherever the kernel believes it to be
   * @param dropSetId clear the set-user-id and set-group-id bits first
   */
  void write(FileHandle handle, long position, ByteBuffer from, boolean append, boolean dropSetId)
      throws IOException {
    whenFree(
        () -> {
          writeNow(handle, position, from, append, dropSetId);
          return null;
        });
  }

  private void writeNow(
      FileHandle handle, long position, ByteBuffer from, boolean append, boolean dropSetId)
      throws IOException {
    if (spool != null) {
      spool.write(append ? spool.length() : position, from);
      orphan.written(dropSetId);
      return;
    }
    takeWriter(handle, dropSetId);
    written();
    pages.note(inode, ownVersion);
    if (append && position != writer.length()) {
      pages.mix(inode); // the kernel has put it elsewhere
    }
    writer.write(append ? writer.length() : position, from);
    writerLength = writer.length();
  }

  /** close(2) of one descriptor: what went wrong with the writes is its error. */
  void flush(FileHandle handle) throws IOException {
    if (!handle.writes) {
      return;
    }
    lock.writeLock().lock();
    try {
      if (!handle.flushed) {
        handle.flushed = true;
        unflushedHandles--;
      }
      if (unflushedHandles == 0) {
        closeWriter();
      } else {
        publish();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** All that was written is durable, by whatever handle, and by others who have closed it. */
  void sync() throws IOException {
    long seen;
    lock.writeLock().lock();
    try {
      if (spool != null) {
        return; // nobody finds it again
      }
      if (writer != null) {
        writer.sync();
        published(writer);
      }
      seen = unforced.get();
    } finally {
      lock.writeLock().unlock();
    }
    if (forced.get() < seen) {
      backend.sync(inode); // readers and writers go on meanwhile
      forced.accumulateAndGet(seen, Math::max);
    }
  }

  /**
   * Another client wants to write the file: it gets it, with what was written here. The next write
   * takes it back. Where what was written cannot be published now, the file stays here.
   */
  void giveWay() {
    lock.writeLock().lock();
    try {
      if (writer != null) {
        publish();
        gaveWay = true;
        gaveWayNanos = System.nanoTime();
        closeWriter();
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("inode {} is not given to another client as it should: {}", inode, e.toString());
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Others have the time to take a file that was given to them. */
  private boolean isTurnOfOthers() {
    gaveWay &= System.nanoTime() - gaveWayNanos < OTHERS_TURN_NANOS;
    return gaveWay && writer == null && spool == null;
  }

  /** What is done with the lock; by {@link #whenFree}, refused with FILE_BUSY before all else. */
  private interface Action<T> {
    T run() throws IOException;
  }

  /** Does it; whoever else has the file is asked to give way, and awaited without the lock. */
  private <T> T whenFree(Action<T> action) throws IOException {
    long since = System.nanoTime();
    while (true) {
      lock.writeLock().lock();
      try {
        if (!isTurnOfOthers()) {
          return action.run();
        }
      } catch (CurvineException e) {
        if (e.code() != ErrorCode.FILE_BUSY) {
          throw e;
        }
      } finally {
        lock.writeLock().unlock();
      }
      backend.awaitWriter(inode, since);
    }
  }

  /** The last close of a handle. Nobody hears of its failure, so it is logged by the caller. */
  void release(FileHandle handle) throws IOException {
    lock.writeLock().lock();
    try {
      handles--;
      if (handle.writes) {
        writingHandles--;
        unflushedHandles -= handle.flushed ? 0 : 1;
        if (writingHandles == 0) {
          closeWriter();
        }
      }
      if (handles == 0 && spool != null) {
        spool.close();
      }
    } finally {
      lock.writeLock().unlock();
      handle.closeReader();
    }
  }

  /** Gives the lease and the local copy back when the mount ends with the file still open. */
  void finish() throws IOException {
    lock.writeLock().lock();
    try {
      closeWriter();
      if (spool != null) {
        spool.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  void truncate(Caller caller, long lengthBytes) throws IOException {
    whenFree(
        () -> {
          truncateNow(caller, lengthBytes);
          return null;
        });
  }

  /** Takes the file, so that its length and its content stay as they are until it is given away. */
  void hold(FileHandle handle, boolean dropSetId) throws IOException {
    whenFree(
        () -> {
          if (spool == null) {
            takeWriter(handle, dropSetId);
          } else if (dropSetId) {
            orphan.written(true);
          }
          return null;
        });
  }

  private void takeWriter(FileHandle handle, boolean dropSetId) throws IOException {
    openWriter(handle.caller, false);
    if (dropSetId) {
      dropSetId();
    }
    if (handle.flushed) {
      handle.flushed = false;
      unflushedHandles++;
    }
  }

  /** Has the file be as long as that at least; it is never cut, whatever others have written. */
  void extend(FileHandle handle, long lengthBytes) throws IOException {
    whenFree(
        () -> {
          openWriter(handle.caller, false);
          long length = spool == null ? writer.length() : spool.length();
          if (length < lengthBytes) {
            truncateNow(handle.caller, lengthBytes);
          }
          return null;
        });
  }

  /** In a call that failed a part may have been done, which the kernel does not know. */
  void dropPages() {
    pages.mix(inode);
  }

  private void truncateNow(Caller caller, long lengthBytes) throws IOException {
    if (spool != null) {
      spool.truncate(lengthBytes);
      orphan.written(false); // the bits go by a change of the mode
    } else if (writer != null) {
      written();
      writer.truncate(lengthBytes);
      writerLength = writer.length();
      wroteVersion(writer.inode().getVersion());
    } else {
      backend.truncate(caller, inode, lengthBytes);
      generation++;
      changes.mark(inode);
    }
  }

  /** Mode, owner and times; nothing is sent for a file without a name. */
  Inode setAttributes(Caller caller, SetAttributes change) throws IOException {
    lock.writeLock().lock();
    try {
      if (orphan != null) {
        return overlay(orphan.change(change));
      }
      if (change.hasMtimeNanos()) {
        publish();
      }
      Inode set = backend.setAttributes(caller, inode, change);
      changes.mark(inode);
      mode = set.getMode();
      return overlay(set);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Takes the last name away by the given call. If handles are open they go on in a local copy,
   * which is made first: afterwards nobody may have the content any more.
   */
  void deleteBy(Inode target, Path spoolDirectory, Deletion call) throws IOException {
    lock.writeLock().lock();
    try {
      if (handles == 0 || target.getNlink() > 1) {
        call.run();
        deleted = target.getNlink() <= 1;
        return;
      }
      publishIfPossible();
      Nameless left = Nameless.copyOf(backend.attributes(Caller.ROOT, inode), backend);
      Spool copy;
      try (BackendReader content = backend.openForRead(Caller.ROOT, inode)) {
        copy = Spool.copyOf(content, spoolDirectory);
      }
      try {
        call.run();
      } catch (IOException | RuntimeException e) {
        copy.close();
        throw e;
      }
      orphan = left.lostName();
      spool = copy;
      abandonWriter();
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** The deleting call to the backend. */
  @FunctionalInterface
  interface Deletion {
    void run() throws IOException;
  }

  /** True once the last name is gone while handles are open. */
  boolean isOrphan() {
    return orphan != null;
  }

  Inode orphan() throws IOException {
    return overlay(orphan.inode());
  }

  /** What is kept here once the last name is gone; null: there is one. */
  Nameless nameless() {
    return orphan;
  }

  /** The inode as callers of this mount have to see it: with what is not published yet. */
  Inode overlay(Inode published) throws IOException {
    Nameless nameless = orphan;
    Spool local = spool;
    if (nameless != null && local != null) {
      return nameless.inode().toBuilder().setLengthBytes(local.length()).build();
    }
    long length = writerLength;
    if (length == NO_WRITER) {
      return published;
    }
    Inode.Builder seen = published.toBuilder().setLengthBytes(length);
    long written = writtenNanos;
    if (written != 0) {
      long changed = Math.max(published.getCtimeNanos(), written);
      seen.setMtimeNanos(written).setCtimeNanos(changed);
    }
    return seen.build();
  }

  private void count(FileHandle handle) {
    handles++;
    if (handle.writes) {
      writingHandles++;
      unflushedHandles++;
    }
  }

  private void openWriter(Caller caller, boolean truncate) throws IOException {
    if (spool != null || writer != null) {
      if (truncate) {
        truncateNow(caller, 0);
      }
      return;
    }
    adopt(backend.openForWrite(caller, inode, truncate));
    if (truncate) {
      forced.set(unforced.get());
      generation++;
      changes.mark(inode);
    }
  }

  /** Where another client has the file, the first write asks for it. */
  private void openWriterIfFree(Caller caller) throws IOException {
    if (spool != null || writer != null || isTurnOfOthers()) {
      return;
    }
    try {
      adopt(backend.openForWrite(caller, inode, false));
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.FILE_BUSY) {
        throw e;
      }
    }
  }

  private void adopt(BackendWriter opened) {
    writer = opened;
    writerLength = opened.length();
    mode = opened.inode().getMode();
    if (opened.inode().getVersion() != ownVersion) {
      unforced.incrementAndGet(); // others have written meanwhile
      generation++;
    }
    ownVersion = opened.inode().getVersion();
  }

  /** The content is another version's since this mount wrote it. */
  private void wroteVersion(long version) {
    pages.become(inode, ownVersion, version);
    ownVersion = version;
  }

  private void written() {
    dirty = true;
    writtenNanos = Clock.nowOrLater(writtenNanos);
    writer.modified(writtenNanos);
  }

  private void publish() throws IOException {
    if (writer != null && dirty) {
      writer.flush();
      published(writer);
    }
  }

  /** A file whose writer failed can still be deleted. */
  private void publishIfPossible() {
    try {
      publish();
    } catch (IOException e) {
      LOG.warn("inode {} is deleted without its last writes: {}", inode, e.toString());
    }
  }

  private void published(BackendWriter by) {
    wroteVersion(by.inode().getVersion());
    dirty = false;
    generation++;
    writtenNanos = 0;
    changes.mark(inode);
  }

  private void closeWriter() throws IOException {
    if (writer == null) {
      return;
    }
    BackendWriter closing = writer;
    try {
      closing.close();
    } catch (IOException | RuntimeException e) {
      pages.mix(inode); // what was written is lost, and the kernel has it
      giveBack(closing);
      throw e;
    } finally {
      writer = null;
      unforced.incrementAndGet();
      published(closing);
      writerLength = NO_WRITER;
    }
  }

  private void abandonWriter() {
    if (writer == null) {
      return;
    }
    BackendWriter leaving = writer;
    writer = null;
    dirty = false;
    writerLength = NO_WRITER;
    giveBack(leaving);
  }

  private void giveBack(BackendWriter leaving) {
    try {
      leaving.abort();
    } catch (IOException e) {
      boolean gone =
          e instanceof CurvineException c
              && (c.code() == ErrorCode.NOT_FOUND || c.code() == ErrorCode.LEASE_LOST);
      if (!gone) {
        LOG.warn("write lease of inode {} was not given back: {}", inode, e.toString());
      }
    }
  }

  private void dropSetId() throws IOException {
    int dropped = withoutSetId(mode);
    if (dropped != mode) {
      SetAttributes change = SetAttributes.newBuilder().setMode(dropped).build();
      mode = backend.setAttributes(Caller.ROOT, inode, change).getMode();
      changes.mark(inode);
    }
  }

  /** As Linux clears them: set-group-id without group execute means locking and stays. */
  static int withoutSetId(int mode) {
    int kept = mode & ~SET_UID;
    return (kept & GROUP_EXECUTE) != 0 ? kept & ~SET_GID : kept;
  }
}
