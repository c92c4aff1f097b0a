/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;

/** What the mount and the kernel agree on in FUSE_INIT. */
final class Negotiation {
  /** Largest WRITE and READ: {@link #MAX_PAGES} pages of 4 KiB. */
  static final int MAX_WRITE_BYTES = 1 << 20;

  private static final int MAJOR = 7;
  private static final int MINOR_MIN = 31;

  /** The newest version whose structures were checked against this code. */
  private static final int MINOR_MAX = 39;

  private static final int MAX_PAGES = 256;
  private static final int MAX_BACKGROUND = 64;
  private static final int CONGESTION = 48;

  private static final int ASYNC_READ = 1;
  private static final int ATOMIC_O_TRUNC = 1 << 3;
  private static final int BIG_WRITES = 1 << 5;
  private static final int AUTO_INVAL_DATA = 1 << 12;
  private static final int DO_READDIRPLUS = 1 << 13;
  private static final int READDIRPLUS_AUTO = 1 << 14;
  private static final int ASYNC_DIO = 1 << 15;
  private static final int PARALLEL_DIROPS = 1 << 18;
  private static final int MAX_PAGES_GIVEN = 1 << 22;
  private static final int CACHE_SYMLINKS = 1 << 23;

  /** The bits are cleared here, so a write needs no look at security.capability first. */
  private static final int HANDLE_KILLPRIV_V2 = 1 << 28;

  private static final int WANTED =
      ASYNC_READ
          | ATOMIC_O_TRUNC
          | BIG_WRITES
          | AUTO_INVAL_DATA
          | DO_READDIRPLUS
          | READDIRPLUS_AUTO
          | ASYNC_DIO
          | PARALLEL_DIROPS
          | MAX_PAGES_GIVEN
          | CACHE_SYMLINKS
          | HANDLE_KILLPRIV_V2;

  private Negotiation() {}

  /** Answers the kernel's fuse_init_in with fuse_init_out. */
  static void answer(Request request, Reply reply, long maxReadaheadBytes) throws CurvineException {
    int major = request.u32();
    int minor = request.u32();
    if (major != MAJOR || minor < MINOR_MIN) {
      throw new CurvineException(
          ErrorCode.UNSUPPORTED,
          "the kernel's FUSE version is " + major + "." + minor + "; needed: 7.31 (Linux 5.4)");
    }
    long readahead = Math.min(Integer.toUnsignedLong(request.u32()), maxReadaheadBytes);
    int flags = request.u32() & WANTED;
    reply.u32(MAJOR).u32(Math.min(minor, MINOR_MAX)).u32((int) readahead).u32(flags);
    reply.body().putShort((short) MAX_BACKGROUND).putShort((short) CONGESTION);
    reply.u32(MAX_WRITE_BYTES).u32(1);
    reply.body().putShort((short) MAX_PAGES).putShort((short) 0);
    reply.u32(0).u32(0).u64(0).u64(0).u64(0);
  }
}
