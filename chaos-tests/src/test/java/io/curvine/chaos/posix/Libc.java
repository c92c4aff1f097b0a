/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The C library as jnr-ffi binds it; {@link Posix} is what the tests use. Thread-safe. */
final class Libc {
  static final Calls CALLS = LibraryLoader.create(Calls.class).failImmediately().load("c");
  private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

  private Libc() {}

  /** Of this thread's last call. */
  static int lastError() {
    return RUNTIME.getLastError();
  }

  /** Public because jnr-ffi generates an implementation elsewhere. */
  public interface Calls {
    int open(String path, int flags, int mode);

    int close(int descriptor);

    int dup(int descriptor);

    @ssize_t
    long read(int descriptor, @Out byte[] into, @size_t long bytes);

    @ssize_t
    long write(int descriptor, @In byte[] from, @size_t long bytes);

    @ssize_t
    long pread(int descriptor, @Out byte[] into, @size_t long bytes, @off_t long position);

    @ssize_t
    long pwrite(int descriptor, @In byte[] from, @size_t long bytes, @off_t long position);

    @off_t
    long lseek(int descriptor, @off_t long offset, int whence);

    int truncate(String path, @off_t long length);

    int ftruncate(int descriptor, @off_t long length);

    int fallocate(int descriptor, int mode, @off_t long position, @off_t long length);

    @ssize_t
    long copy_file_range(
        int from,
        @In @Out long[] position,
        int to,
        @In @Out long[] at,
        @size_t long length,
        int flags);

    int fsync(int descriptor);

    int fdatasync(int descriptor);

    @ssize_t
    long getdents64(int descriptor, @Out byte[] into, @size_t long bytes);

    int mkdir(String path, int mode);

    int mknod(String path, int mode, long device);

    int rmdir(String path);

    int unlink(String path);

    int rename(String from, String to);

    int renameat2(int fromDirectory, String from, int toDirectory, String to, int flags);

    int linkat(int fromDirectory, String from, int toDirectory, String to, int flags);

    int symlink(String target, String path);

    @ssize_t
    long readlink(String path, @Out byte[] into, @size_t long bytes);

    int statx(int directory, String path, int flags, int mask, @Out byte[] into);

    int faccessat(int directory, String path, int mode, int flags);

    int chmod(String path, int mode);

    int fchmod(int descriptor, int mode);

    int fchownat(int directory, String path, int uid, int gid, int flags);

    int fchown(int descriptor, int uid, int gid);

    int utimensat(int directory, String path, @In long[] times, int flags);

    int futimens(int descriptor, @In long[] times);

    int lsetxattr(String path, String name, @In byte[] value, @size_t long bytes, int flags);

    int fsetxattr(int descriptor, String name, @In byte[] value, @size_t long bytes, int flags);

    @ssize_t
    long lgetxattr(String path, String name, @Out byte[] into, @size_t long bytes);

    @ssize_t
    long fgetxattr(int descriptor, String name, @Out byte[] into, @size_t long bytes);

    @ssize_t
    long llistxattr(String path, @Out byte[] into, @size_t long bytes);

    @ssize_t
    long flistxattr(int descriptor, @Out byte[] into, @size_t long bytes);

    int lremovexattr(String path, String name);

    int fremovexattr(int descriptor, String name);

    int setfsuid(int uid);

    int setfsgid(int gid);

    String strerrorname_np(int error);
  }
}
