/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.StatFs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * fallocate(2), the holes that lseek(2) finds, and copy_file_range(2), of open files.
 *
 * <p>Thread-safe; no call holds a file's lock for all of its work. Who calls keeps others from
 * changing the file meanwhile, as a kernel does by its lock of the inode. Failures are {@link
 * IOException}s whose number {@link Errno#of} tells.
 */
public final class Space {
  /** Modes of fallocate(2). */
  public static final int KEEP_SIZE = 1;

  public static final int PUNCH_HOLE = 2;
  public static final int ZERO_RANGE = 0x10;

  private static final long ROOT = 1;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(1 << 20).asReadOnlyBuffer();

  private final Vfs vfs;
  private final Handles<FileHandle> handles;
  private final Backend backend;

  Space(Vfs vfs, Handles<FileHandle> handles, Backend backend) {
    this.vfs = vfs;
    this.handles = handles;
    this.backend = backend;
  }

  /** A range of a file in bytes. */
  private record Range(long from, long to) {}

  /**
   * Has a range be zeros, or the file be as long as that. No room is kept for it: what is there now
   * another may have taken by the time it is written to.
   *
   * @param mode 0, {@link #KEEP_SIZE}, {@link #ZERO_RANGE}, both, or {@link #PUNCH_HOLE} and {@link
   *     #KEEP_SIZE}; all else is EOPNOTSUPP
   * @param dropSetId clear the set-user-id and set-group-id bits
   */
  public void allocate(long handle, int mode, long position, long length, boolean dropSetId)
      throws IOException {
    FileHandle open = writing(handle);
    check(mode, position, length);
    try {
      allocate(open, mode, new Range(position, position + length), dropSetId);
    } catch (CurvineException e) {
      throw Vfs.stale(e, open.file.inode());
    }
  }

  private static void check(int mode, long position, long length) throws ErrnoException {
    if (position < 0 || length <= 0) {
      throw new ErrnoException(Errno.EINVAL, "no range: " + length + " bytes at " + position);
    }
    if (position > Long.MAX_VALUE - length) {
      throw new ErrnoException(Errno.EFBIG, length + " bytes at " + position + " end nowhere");
    }
    boolean known = (mode & ~(KEEP_SIZE | ZERO_RANGE)) == 0 || mode == (PUNCH_HOLE | KEEP_SIZE);
    if (!known) {
      throw new ErrnoException(Errno.EOPNOTSUPP, "fallocate of mode " + mode);
    }
  }

  private void allocate(FileHandle open, int mode, Range range, boolean dropSetId)
      throws IOException {
    OpenFile file = open.file;
    // First: another mount may have written what it has not published, and gives way then.
    file.hold(open, dropSetId);
    long length = vfs.attributes(open.caller, file.inode()).getLengthBytes();
    if ((mode & PUNCH_HOLE) == 0) {
      checkRoom(file, range.to - Math.max(length, range.from));
    }
    boolean changed = false;
    if ((mode & (PUNCH_HOLE | ZERO_RANGE)) != 0) {
      changed = zero(open, new Range(range.from, Math.min(range.to, length)));
    }
    if ((mode & KEEP_SIZE) == 0 && range.to > length) {
      file.extend(open, range.to);
      changed = true;
    }
    if (!changed) { // the times move all the same
      SetAttributes now = SetAttributes.newBuilder().setMtimeNanos(Clock.nowNanos()).build();
      var unused = file.setAttributes(Caller.ROOT, now);
    }
  }

  /**
   * Refuses what there can be no room for. Of a cluster that is full of what it can fetch again,
   * statfs(2) knows no room either, yet there is: so only a quota's free room counts.
   */
  private void checkRoom(OpenFile file, long bytes) throws IOException {
    if (bytes <= 0 || file.isOrphan()) {
      return;
    }
    StatFs room = backend.statFs(file.inode());
    if (bytes <= room.getCapacityBytes() - room.getUsedBytes()) {
      return;
    }
    boolean never = bytes > room.getCapacityBytes();
    if (never || backend.statFs(ROOT).getCapacityBytes() != room.getCapacityBytes()) {
      throw new ErrnoException(
          Errno.ENOSPC, "there is no room for " + bytes + " bytes of inode " + file.inode());
    }
  }

  /** Writes zeros where there are data; gives whether there were any. */
  private static boolean zero(FileHandle open, Range range) throws IOException {
    boolean any = false;
    try {
      for (Range each : data(open, range)) {
        for (long at = each.from; at < each.to; at += ZEROS.capacity()) {
          int bytes = (int) Math.min(ZEROS.capacity(), each.to - at);
          open.file.write(open, at, ZEROS.slice(0, bytes), false, false);
          any = true;
        }
      }
    } catch (IOException e) {
      open.file.dropPages();
      throw e;
    }
    return any;
  }

  /** All of them before the first write: each look after a write would publish it. */
  private static List<Range> data(FileHandle open, Range range) throws IOException {
    List<Range> found = new ArrayList<>();
    long at = range.from;
    while (at < range.to) {
      long from = open.file.data(open, at);
      if (from < 0 || from >= range.to) {
        break;
      }
      long to = open.file.hole(open, from);
      at = to < 0 ? range.to : Math.min(to, range.to);
      found.add(new Range(from, at));
    }
    return found;
  }

  /**
   * Where, from a position on, data begin, or a hole or the end.
   *
   * @param hole which of them
   * @throws IOException ENXIO where there is none
   */
  public long seek(long handle, long position, boolean hole) throws IOException {
    FileHandle open = handles.get(handle);
    try {
      long found = find(open, position, hole);
      if (found < 0 && isBefore(position, open)) {
        open.file.changedByOthers(); // the handle's reader is of a shorter content
        found = find(open, position, hole);
      }
      if (found < 0) {
        throw new ErrnoException(Errno.ENXIO, "there is none from " + position + " on");
      }
      return found;
    } catch (CurvineException e) {
      throw Vfs.stale(e, open.file.inode());
    }
  }

  private static long find(FileHandle open, long position, boolean hole) throws IOException {
    if (position < 0) {
      return -1;
    }
    return hole ? open.file.hole(open, position) : open.file.data(open, position);
  }

  /** It is before the end of the file, as programs see that. */
  private boolean isBefore(long position, FileHandle open) throws IOException {
    return position >= 0
        && position < vfs.attributes(open.caller, open.file.inode()).getLengthBytes();
  }

  /** Where a copy begins. */
  public record Place(long handle, long position) {}

  /**
   * Copies bytes from one open file to another, or within one. A failure after some bytes shows in
   * the next call.
   *
   * @param length at most so many
   * @param buffer what they go through; its content is lost
   * @param dropSetId clear the set-user-id and set-group-id bits of the target
   * @return bytes copied; fewer than asked for where the source ends, or one failed
   */
  public long copy(Place from, Place to, long length, ByteBuffer buffer, boolean dropSetId)
      throws IOException {
    FileHandle source = handles.get(from.handle);
    FileHandle target = writing(to.handle);
    checkCopy(from.position, to.position, length);
    boolean within = source.file == target.file;
    if (within && Math.abs(from.position - to.position) < length) {
      throw new ErrnoException(Errno.EINVAL, "the ranges overlap");
    }
    long copied = 0;
    try (Content content = content(source, within)) {
      while (copied < length) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), length - copied));
        if (content.read(from.position + copied, buffer) <= 0) {
          break;
        }
        int read = buffer.flip().limit();
        target.file.write(target, to.position + copied, buffer, false, dropSetId);
        copied += read;
      }
    } catch (IOException e) {
      if (copied == 0) {
        throw e instanceof CurvineException known ? Vfs.stale(known, target.file.inode()) : e;
      }
    }
    return copied;
  }

  private static void checkCopy(long from, long to, long length) throws ErrnoException {
    if (from < 0 || to < 0 || length < 0) {
      throw new ErrnoException(Errno.EINVAL, "no range of " + length + " bytes");
    }
    if (Math.max(from, to) > Long.MAX_VALUE - length) {
      throw new ErrnoException(Errno.EFBIG, length + " bytes end nowhere");
    }
  }

  /** What is copied. */
  private interface Content extends AutoCloseable {
    int read(long position, ByteBuffer into) throws IOException;

    @Override
    default void close() throws IOException {}
  }

  /** Within a file, what is published at first: each read of the handle would publish a write. */
  private Content content(FileHandle source, boolean within) throws IOException {
    OpenFile file = source.file;
    if (!within || file.isOrphan()) {
      return (position, into) -> readToEnd(source, position, into);
    }
    var unused = file.read(source, 0, ByteBuffer.allocate(0));
    BackendReader published = backend.openForRead(source.caller, file.inode());
    return new Content() {
      @Override
      public int read(long position, ByteBuffer into) throws IOException {
        return published.read(position, into);
      }

      @Override
      public void close() throws IOException {
        published.close();
      }
    };
  }

  /** The handle's reader may be of a shorter content than programs know of. */
  private int readToEnd(FileHandle source, long position, ByteBuffer into) throws IOException {
    int wanted = into.remaining();
    int read = source.file.read(source, position, into);
    if (read < wanted && isBefore(position + read, source)) {
      source.file.changedByOthers();
      into.position(into.limit() - wanted);
      read = source.file.read(source, position, into);
    }
    return read;
  }

  private FileHandle writing(long handle) throws ErrnoException {
    FileHandle open = handles.get(handle);
    if (!open.writes) {
      throw new ErrnoException(Errno.EBADF, "handle " + handle + " is not open for writing");
    }
    return open;
  }
}
