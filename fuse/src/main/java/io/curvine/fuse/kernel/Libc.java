/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import java.nio.ByteBuffer;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import jnr.ffi.types.intptr_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/**
 * The C library's calls that the mount needs, by address: the buffers are direct and live as long
 * as their threads. Thread-safe; the error number is the calling thread's own.
 */
final class Libc {
  static final int O_RDWR = 2;
  static final int O_CLOEXEC = 02000000;
  static final int MNT_DETACH = 2;
  static final long MS_RDONLY = 1;
  static final long MS_NOSUID = 2;
  static final long MS_NODEV = 4;

  /** _IOR(229, 0, uint32_t): binds a new descriptor to the connection of another. */
  static final long FUSE_DEV_IOC_CLONE = 0x8004E500L;

  private static final Calls CALLS = LibraryLoader.create(Calls.class).failImmediately().load("c");
  private static final Runtime RUNTIME = Runtime.getRuntime(CALLS);

  /** As jnr-ffi binds them; public because it generates an implementation elsewhere. */
  public interface Calls {
    int open(String path, int flags);

    int close(int descriptor);

    @ssize_t
    long read(int descriptor, @intptr_t long into, @size_t long bytes);

    @ssize_t
    long write(int descriptor, @intptr_t long from, @size_t long bytes);

    int ioctl(int descriptor, @intptr_t long request, @intptr_t long argument);

    int mount(String source, String target, String type, @intptr_t long flags, String data);

    int umount2(String target, int flags);

    int access(String path, int mode);

    String strerror(int error);
  }

  private Libc() {}

  static Calls calls() {
    return CALLS;
  }

  /** Of this thread's last call. */
  static int lastError() {
    return RUNTIME.getLastError();
  }

  /** For people: what an error number means. */
  static String describe(int error) {
    return CALLS.strerror(error) + " (errno " + error + ")";
  }

  /** Where a direct buffer's byte 0 lies. */
  static long addressOf(ByteBuffer direct) {
    return Pointer.wrap(RUNTIME, direct).address();
  }
}
