/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.io.InterruptedIOException;

/** Linux error numbers, and how failures become one. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int EIO = 5;
  public static final int ENXIO = 6;
  public static final int E2BIG = 7;
  public static final int EBADF = 9;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EXDEV = 18;
  public static final int ENODEV = 19;
  public static final int ENOTDIR = 20;
  public static final int EISDIR = 21;
  public static final int EINVAL = 22;
  public static final int EFBIG = 27;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int EMLINK = 31;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int ENOSYS = 38;
  public static final int ENOTEMPTY = 39;
  public static final int ELOOP = 40;
  public static final int ENODATA = 61;
  public static final int EOPNOTSUPP = 95;
  public static final int ENOTCONN = 107;
  public static final int ESTALE = 116;
  public static final int EDQUOT = 122;

  private Errno() {}

  /** What a caller of the kernel gets to see for a failure; EIO where nothing fits better. */
  public static int of(IOException failure) {
    if (failure instanceof ErrnoException e) {
      return e.errno();
    }
    if (failure instanceof CurvineException e) {
      return of(e.code());
    }
    return failure instanceof InterruptedIOException ? EINTR : EIO;
  }

  /** A plain table: one line a code. */
  static int of(ErrorCode code) {
    return switch (code) {
      case INVALID_ARGUMENT -> EINVAL;
      case NOT_FOUND -> ENOENT;
      case ALREADY_EXISTS -> EEXIST;
      case NOT_A_DIRECTORY -> ENOTDIR;
      case IS_A_DIRECTORY -> EISDIR;
      case NOT_EMPTY -> ENOTEMPTY;
      case NAME_TOO_LONG -> ENAMETOOLONG;
      case PERMISSION_DENIED, UFS_DENIED -> EACCES;
      case READ_ONLY -> EROFS;
      case CROSS_MOUNT -> EXDEV;
      case FILE_BUSY, MOUNT_CONFLICT, BUSY -> EBUSY;
      case TOO_MANY_LINKS -> EMLINK;
      case TOO_MANY_SYMLINKS -> ELOOP;
      case NO_SUCH_ATTRIBUTE -> ENODATA;
      case NO_SPACE -> ENOSPC;
      case QUOTA_EXCEEDED -> EDQUOT;
      case UNSUPPORTED -> EOPNOTSUPP;
      case UFS_CHANGED, UFS_CONFLICT -> ESTALE;
      case OK,
          LEASE_LOST,
          SESSION_EXPIRED,
          UFS_UNREACHABLE,
          UFS_ERROR,
          NOT_LEADER,
          NOT_READY,
          UNKNOWN_OUTCOME,
          OFFSET_OUT_OF_RANGE,
          BLOCK_NOT_FOUND,
          CORRUPT,
          FENCED,
          INTERNAL,
          UNRECOGNIZED ->
          EIO;
    };
  }
}
