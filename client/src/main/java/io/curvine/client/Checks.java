/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;

/** Refuses wrong arguments before anything is sent; each message says what is allowed. */
final class Checks {
  private static final int MODE_MAX = 07777;

  private Checks() {}

  static EntryRef entry(String what, EntryRef at) throws CurvineException {
    switch (at.getRefCase()) {
      case PATH -> path(what, at.getPath());
      case INODE -> inode(what, at.getInode());
      case CHILD -> {
        inode(what + "'s parent", at.getChild().getParent());
        name(what, at.getChild().getName());
      }
      case REF_NOT_SET ->
          throw invalid(what + " names nothing; allowed: a path, an inode or a name in an inode");
    }
    return at;
  }

  /** What makes a new name: a path other than the root, or a child. */
  static EntryRef newEntry(String what, EntryRef at) throws CurvineException {
    entry(what, at);
    if (at.getRefCase() == EntryRef.RefCase.INODE) {
      throw invalid(what + " is an inode number; allowed: a path, or a name in a directory");
    }
    return at;
  }

  static void path(String what, ByteString path) throws CurvineException {
    if (path.isEmpty() || path.byteAt(0) != '/') {
      throw invalid(
          what
              + " '"
              + path.toStringUtf8()
              + "' is not absolute; allowed: a path that begins"
              + " with '/'");
    }
    if (path.size() > Limits.PATH_MAX_BYTES) {
      throw tooLong(
          what + " has " + path.size() + " bytes; allowed: up to " + Limits.PATH_MAX_BYTES);
    }
    int start = 1;
    for (int i = 1; i <= path.size(); i++) {
      if (i == path.size() || path.byteAt(i) == '/') {
        if (i - start > Limits.NAME_MAX_BYTES) {
          throw tooLong(nameTooLong(what, i - start));
        }
        start = i + 1;
      } else if (path.byteAt(i) == 0) {
        throw invalid(what + " holds a NUL byte; allowed: any other");
      }
    }
  }

  static ByteString name(String what, ByteString name) throws CurvineException {
    if (name.size() > Limits.NAME_MAX_BYTES) {
      throw tooLong(nameTooLong(what, name.size()));
    }
    String text = name.toStringUtf8();
    if (name.isEmpty() || text.equals(".") || text.equals("..")) {
      throw invalid(what + " is '" + text + "'; allowed: a name of 1 to 255 bytes, not . or ..");
    }
    if (text.indexOf('/') >= 0 || text.indexOf('\0') >= 0) {
      throw invalid(what + " '" + text + "' holds '/' or NUL; allowed: any other byte");
    }
    return name;
  }

  static long inode(String what, long inode) throws CurvineException {
    if (inode <= 0) {
      throw invalid(what + " has inode " + inode + "; allowed: from 1");
    }
    return inode;
  }

  static int mode(int mode) throws CurvineException {
    if (mode < 0 || mode > MODE_MAX) {
      throw invalid("mode is 0" + Integer.toOctalString(mode) + "; allowed: 0 to 07777");
    }
    return mode;
  }

  static long blockSize(long bytes) throws CurvineException {
    if (bytes != 0
        && (bytes % Limits.PAGE_SIZE_BYTES != 0
            || bytes < Limits.BLOCK_SIZE_MIN_BYTES
            || bytes > Limits.BLOCK_SIZE_MAX_BYTES)) {
      throw invalid("block size is " + bytes + "; allowed: 0, or a multiple of 1 MiB up to 1 GiB");
    }
    return bytes;
  }

  static long range(String what, long value, long low, long high) throws CurvineException {
    if (value < low || value > high) {
      throw invalid(what + " is " + value + "; allowed: " + low + " to " + high);
    }
    return value;
  }

  /** Missing directories can be made on the way of a path only. */
  static void parents(EntryRef at, boolean parents) throws CurvineException {
    if (parents && at.getRefCase() != EntryRef.RefCase.PATH) {
      throw invalid("parents is set for a name in an inode; allowed: with a path");
    }
  }

  static void xattrName(ByteString name) throws CurvineException {
    if (name.isEmpty() || name.size() > Limits.XATTR_NAME_MAX_BYTES) {
      throw invalid(
          "attribute has a name of "
              + name.size()
              + " bytes; allowed: 1 to "
              + Limits.XATTR_NAME_MAX_BYTES);
    }
  }

  static CurvineException invalid(String message) {
    return new CurvineException(ErrorCode.INVALID_ARGUMENT, message);
  }

  private static CurvineException tooLong(String message) {
    return new CurvineException(ErrorCode.NAME_TOO_LONG, message);
  }

  private static String nameTooLong(String what, int bytes) {
    return what + " has a name of " + bytes + " bytes; allowed: up to " + Limits.NAME_MAX_BYTES;
  }
}
