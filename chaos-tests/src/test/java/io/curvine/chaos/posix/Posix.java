/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;

/**
 * System calls as a program makes them: each gives what the kernel gave, or the negated error
 * number. Not final, so that a test can put a faulty file system in its place. Thread-safe.
 */
class Posix {
  static final int READ_ONLY = 0;
  static final int WRITE_ONLY = 1;
  static final int READ_WRITE = 2;
  static final int CREATE = 0100;
  static final int EXCLUSIVE = 0200;
  static final int TRUNCATE = 01000;
  static final int APPEND = 02000;
  static final int DIRECTORY = isArm() ? 040000 : 0200000;
  static final int NO_FOLLOW = isArm() ? 0100000 : 0400000;
  static final int CLOSE_ON_EXEC = 02000000;

  static final int SEEK_SET = 0;
  static final int SEEK_CURRENT = 1;
  static final int SEEK_END = 2;
  static final int SEEK_DATA = 3;
  static final int SEEK_HOLE = 4;
  static final int KEEP_SIZE = 1;
  static final int PUNCH_HOLE = 2;
  static final int ZERO_RANGE = 0x10;
  static final int ENXIO = 6;
  static final int RENAME_NO_REPLACE = 1;
  static final int RENAME_EXCHANGE = 2;

  private static final int WORKING_DIRECTORY = -100;
  private static final int LINK_NO_FOLLOW = 0x100;
  private static final int LINK_FOLLOW = 0x400;
  private static final int EFFECTIVE = 0x200;
  private static final int DIRENT_HEADER_BYTES = 19;
  private static final int LISTING_BYTES = 4_096;
  private static final int VALUE_MAX_BYTES = 64 << 10;

  private static boolean isArm() {
    return System.getProperty("os.arch").equals("aarch64");
  }

  /** A result that is no error, or the negated error number. */
  private static long result(long given) {
    return given >= 0 ? given : -Libc.lastError();
  }

  /** The name of a result's error, such as ENOENT. */
  static String errorName(long result) {
    String name = Libc.CALLS.strerrorname_np((int) -result);
    return name == null ? "errno " + -result : name;
  }

  long open(String path, int flags, int mode) {
    return result(Libc.CALLS.open(path, flags | CLOSE_ON_EXEC, mode));
  }

  long close(int descriptor) {
    return result(Libc.CALLS.close(descriptor));
  }

  long duplicate(int descriptor) {
    return result(Libc.CALLS.dup(descriptor));
  }

  long read(int descriptor, byte[] into) {
    return result(Libc.CALLS.read(descriptor, into, into.length));
  }

  long write(int descriptor, byte[] from) {
    return result(Libc.CALLS.write(descriptor, from, from.length));
  }

  long read(int descriptor, byte[] into, long position) {
    return result(Libc.CALLS.pread(descriptor, into, into.length, position));
  }

  long write(int descriptor, byte[] from, long position) {
    return result(Libc.CALLS.pwrite(descriptor, from, from.length, position));
  }

  long seek(int descriptor, long offset, int whence) {
    return result(Libc.CALLS.lseek(descriptor, offset, whence));
  }

  long truncate(String path, long length) {
    return result(Libc.CALLS.truncate(path, length));
  }

  long truncate(int descriptor, long length) {
    return result(Libc.CALLS.ftruncate(descriptor, length));
  }

  long sync(int descriptor, boolean dataOnly) {
    return result(dataOnly ? Libc.CALLS.fdatasync(descriptor) : Libc.CALLS.fsync(descriptor));
  }

  /** fallocate(2). */
  long allocate(int descriptor, int mode, long position, long length) {
    return result(Libc.CALLS.fallocate(descriptor, mode, position, length));
  }

  /** copy_file_range(2), from and to given places. */
  long copy(int from, long position, int to, long at, long length) {
    return result(
        Libc.CALLS.copy_file_range(from, new long[] {position}, to, new long[] {at}, length, 0));
  }

  long makeDirectory(String path, int mode) {
    return result(Libc.CALLS.mkdir(path, mode));
  }

  long makeNode(String path, int typeAndMode) {
    return result(Libc.CALLS.mknod(path, typeAndMode, 0));
  }

  long removeDirectory(String path) {
    return result(Libc.CALLS.rmdir(path));
  }

  long unlink(String path) {
    return result(Libc.CALLS.unlink(path));
  }

  /** rename(2), or renameat2(2) where flags are given. */
  long rename(String from, String to, int flags) {
    return result(
        flags == 0
            ? Libc.CALLS.rename(from, to)
            : Libc.CALLS.renameat2(WORKING_DIRECTORY, from, WORKING_DIRECTORY, to, flags));
  }

  long link(String from, String to, boolean follow) {
    int flags = follow ? LINK_FOLLOW : 0;
    return result(Libc.CALLS.linkat(WORKING_DIRECTORY, from, WORKING_DIRECTORY, to, flags));
  }

  long symlink(String target, String path) {
    return result(Libc.CALLS.symlink(target, path));
  }

  long readLink(String path, byte[] into) {
    return result(Libc.CALLS.readlink(path, into, into.length));
  }

  long attributes(String path, boolean follow, byte[] into) {
    int flags = follow ? 0 : LINK_NO_FOLLOW;
    return result(Libc.CALLS.statx(WORKING_DIRECTORY, path, flags, Attributes.STATX_WANTED, into));
  }

  long attributes(int descriptor, byte[] into) {
    return result(
        Libc.CALLS.statx(
            descriptor, "", Attributes.STATX_EMPTY_PATH, Attributes.STATX_WANTED, into));
  }

  /** By the rights of the user that the thread stands for, not of the process. */
  long access(String path, int mode) {
    return result(Libc.CALLS.faccessat(WORKING_DIRECTORY, path, mode, EFFECTIVE));
  }

  long changeMode(String path, int mode) {
    return result(Libc.CALLS.chmod(path, mode));
  }

  long changeMode(int descriptor, int mode) {
    return result(Libc.CALLS.fchmod(descriptor, mode));
  }

  long changeOwner(String path, int uid, int gid, boolean follow) {
    int flags = follow ? 0 : LINK_NO_FOLLOW;
    return result(Libc.CALLS.fchownat(WORKING_DIRECTORY, path, uid, gid, flags));
  }

  long changeOwner(int descriptor, int uid, int gid) {
    return result(Libc.CALLS.fchown(descriptor, uid, gid));
  }

  /** The times as two {@code struct timespec}: seconds and nanoseconds of atime, then of mtime. */
  long setTimes(String path, long[] times, boolean follow) {
    int flags = follow ? 0 : LINK_NO_FOLLOW;
    return result(Libc.CALLS.utimensat(WORKING_DIRECTORY, path, times, flags));
  }

  long setTimes(int descriptor, long[] times) {
    return result(Libc.CALLS.futimens(descriptor, times));
  }

  long setXattr(String path, String name, byte[] value, int flags) {
    return result(Libc.CALLS.lsetxattr(path, name, value, value.length, flags));
  }

  long setXattr(int descriptor, String name, byte[] value, int flags) {
    return result(Libc.CALLS.fsetxattr(descriptor, name, value, value.length, flags));
  }

  long getXattr(String path, String name, byte[] into) {
    return result(Libc.CALLS.lgetxattr(path, name, into, into.length));
  }

  long getXattr(int descriptor, String name, byte[] into) {
    return result(Libc.CALLS.fgetxattr(descriptor, name, into, into.length));
  }

  long listXattrs(String path, byte[] into) {
    return result(Libc.CALLS.llistxattr(path, into, into.length));
  }

  long listXattrs(int descriptor, byte[] into) {
    return result(Libc.CALLS.flistxattr(descriptor, into, into.length));
  }

  long removeXattr(String path, String name) {
    return result(Libc.CALLS.lremovexattr(path, name));
  }

  long removeXattr(int descriptor, String name) {
    return result(Libc.CALLS.fremovexattr(descriptor, name));
  }

  /** The calling thread's rights to files from now on are the user's. */
  static void standFor(User user) {
    // The group first: giving up root takes the right to change it. The results are the old ids.
    var unusedGid = Libc.CALLS.setfsgid(user.gid);
    var unusedUid = Libc.CALLS.setfsuid(user.uid);
  }

  /**
   * What an open directory lists from its beginning, each as TYPE:NAME; a name that comes twice is
   * marked. It is at its beginning again afterwards.
   *
   * @return 0 or the negated error number
   */
  long list(int descriptor, Set<String> names) {
    long sought = seek(descriptor, 0, SEEK_SET);
    if (sought < 0) {
      return sought;
    }
    byte[] page = new byte[LISTING_BYTES];
    long bytes = result(Libc.CALLS.getdents64(descriptor, page, page.length));
    while (bytes > 0) {
      addEntries(page, (int) bytes, names);
      bytes = result(Libc.CALLS.getdents64(descriptor, page, page.length));
    }
    return bytes < 0 ? bytes : seek(descriptor, 0, SEEK_SET);
  }

  /** struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name. */
  private static void addEntries(byte[] page, int bytes, Set<String> names) {
    int at = 0;
    while (at < bytes) {
      int end = at + DIRENT_HEADER_BYTES;
      while (page[end] != 0) {
        end++;
      }
      String name =
          page[at + DIRENT_HEADER_BYTES - 1]
              + ":"
              + new String(
                  page,
                  at + DIRENT_HEADER_BYTES,
                  end - at - DIRENT_HEADER_BYTES,
                  StandardCharsets.UTF_8);
      if (!names.add(name)) {
        names.add(name + " once more");
      }
      at += Byte.toUnsignedInt(page[at + 16]) | Byte.toUnsignedInt(page[at + 17]) << 8;
    }
  }

  /** The names of a listing of xattrs, in their order. */
  static Set<String> names(byte[] listing, long bytes) {
    String all = new String(listing, 0, (int) bytes, StandardCharsets.UTF_8);
    return new TreeSet<>(Arrays.asList(all.split("\0")));
  }

  /** Room for any value or listing of xattrs. */
  static byte[] room() {
    return new byte[VALUE_MAX_BYTES];
  }
}
