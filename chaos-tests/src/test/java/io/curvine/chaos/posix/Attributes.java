/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/**
 * What statx(2) tells, whose layout is the same on every architecture. Of no interest and left out:
 * blocks, block size, device, atime.
 *
 * @param mode type and permissions
 */
record Attributes(
    long inode,
    int mode,
    int links,
    int uid,
    int gid,
    long lengthBytes,
    Instant born,
    Instant changed,
    Instant modified) {
  static final int STATX_BYTES = 256;

  /** STATX_BASIC_STATS and STATX_BTIME. */
  static final int STATX_WANTED = 0xfff;

  /** AT_EMPTY_PATH. */
  static final int STATX_EMPTY_PATH = 0x1000;

  private static final int LINKS = 16;
  private static final int UID = 20;
  private static final int GID = 24;
  private static final int MODE = 28;
  private static final int INODE = 32;
  private static final int LENGTH = 40;
  private static final int BIRTH_TIME = 80;
  private static final int CHANGE_TIME = 96;
  private static final int MODIFICATION_TIME = 112;
  private static final int TYPE_MASK = 0170000;
  private static final int TYPE_DIRECTORY = 0040000;
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_SYMLINK = 0120000;

  static Attributes of(byte[] statx) {
    ByteBuffer from = ByteBuffer.wrap(statx).order(ByteOrder.nativeOrder());
    return new Attributes(
        from.getLong(INODE),
        Short.toUnsignedInt(from.getShort(MODE)),
        from.getInt(LINKS),
        from.getInt(UID),
        from.getInt(GID),
        from.getLong(LENGTH),
        time(from, BIRTH_TIME),
        time(from, CHANGE_TIME),
        time(from, MODIFICATION_TIME));
  }

  private static Instant time(ByteBuffer from, int at) {
    return Instant.ofEpochSecond(from.getLong(at), from.getInt(at + Long.BYTES));
  }

  boolean isDirectory() {
    return (mode & TYPE_MASK) == TYPE_DIRECTORY;
  }

  boolean isFile() {
    return (mode & TYPE_MASK) == TYPE_FILE;
  }

  boolean isSymlink() {
    return (mode & TYPE_MASK) == TYPE_SYMLINK;
  }

  /** All but the times, as it is compared; how long a directory is means nothing. */
  String withoutTimes() {
    return String.format(
        "mode %o links %d owner %d:%d%s",
        mode, links, uid, gid, isDirectory() ? "" : " length " + lengthBytes);
  }
}
