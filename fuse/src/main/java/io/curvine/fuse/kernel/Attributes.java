/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import io.curvine.fuse.FuseConfig;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import java.time.Duration;

/** Writes inodes as the kernel reads them: fuse_attr, fuse_attr_out, fuse_entry_out. Immutable. */
final class Attributes {
  static final int ENTRY_BYTES = 128;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long SECONDS_MAX = Long.MAX_VALUE / NANOS_PER_SECOND;
  private static final int SECTOR_BYTES = 512;

  /** Up to here a file is told to be whole. */
  private static final long WHOLE_MAX_BYTES = 1 << 20;

  /** What stat calls the preferred size of I/O; programs allocate buffers by it. */
  private static final int IO_BYTES = 128 << 10;

  private final Duration attrTimeout;
  private final Duration entryTimeout;
  private final Duration negativeTimeout;
  private final ToldLengths lengths;

  Attributes(FuseConfig config, ToldLengths lengths) {
    this.lengths = lengths;
    attrTimeout = config.attrTimeout();
    entryTimeout = config.entryTimeout();
    negativeTimeout = config.negativeTimeout();
  }

  boolean cachesAbsence() {
    return !negativeTimeout.isZero();
  }

  /** fuse_attr_out. */
  void attributes(Reply reply, Inode inode) {
    reply.u64(attrTimeout.getSeconds()).u32(attrTimeout.getNano()).u32(0);
    attr(reply, inode);
  }

  /** fuse_entry_out. */
  void entry(Reply reply, Inode inode) {
    header(reply, inode.getId(), entryTimeout);
    attr(reply, inode);
  }

  /** fuse_entry_out for a name that is not there. */
  void absence(Reply reply) {
    header(reply, 0, negativeTimeout);
    zeros(reply, ENTRY_BYTES - 40);
  }

  /** fuse_entry_out that tells the kernel to look the name up itself. */
  void unknown(Reply reply) {
    zeros(reply, ENTRY_BYTES);
  }

  private void header(Reply reply, long node, Duration timeout) {
    reply.u64(node).u64(0).u64(timeout.getSeconds()).u64(attrTimeout.getSeconds());
    reply.u32(timeout.getNano()).u32(attrTimeout.getNano());
  }

  private void attr(Reply reply, Inode inode) {
    long length = inode.getLengthBytes();
    lengths.told(inode.getId(), length);
    reply.u64(inode.getId()).u64(length).u64(sectors(inode));
    reply.u64(seconds(inode.getAtimeNanos()));
    reply.u64(seconds(inode.getMtimeNanos()));
    reply.u64(seconds(inode.getCtimeNanos()));
    reply.u32(nanos(inode.getAtimeNanos()));
    reply.u32(nanos(inode.getMtimeNanos()));
    reply.u32(nanos(inode.getCtimeNanos()));
    reply.u32(typeBits(inode) << 12 | inode.getMode());
    reply.u32(inode.getNlink()).u32(inode.getUid()).u32(inode.getGid());
    reply.u32(inode.getDevice()).u32(IO_BYTES).u32(0);
  }

  /**
   * What a file takes, as if it had no holes. Programs look for those only where it takes less than
   * its length, so that it does where there may be some to find: past what the UFS has, in a file
   * that nothing was written to, or that has more than one block. The others are copied faster.
   */
  static long sectors(Inode inode) {
    long length = inode.getLengthBytes();
    long all = (length + SECTOR_BYTES - 1) / SECTOR_BYTES;
    long whole = Math.max(WHOLE_MAX_BYTES, inode.getBaseLengthBytes());
    if (inode.getHasBlockRecords()) {
      whole = Math.max(whole, Integer.toUnsignedLong(inode.getBlockSizeBytes()));
    }
    boolean isWhole = length <= whole;
    return isWhole || inode.getType() != InodeType.FILE ? all : all - 2;
  }

  private static void zeros(Reply reply, int bytes) {
    for (int i = 0; i < bytes; i += Long.BYTES) {
      reply.u64(0);
    }
  }

  private static long seconds(long nanos) {
    return Math.floorDiv(nanos, NANOS_PER_SECOND);
  }

  private static int nanos(long nanos) {
    return (int) Math.floorMod(nanos, NANOS_PER_SECOND);
  }

  /** Nanoseconds since the epoch; a time that they cannot hold becomes the nearest they can. */
  static long time(long seconds, int nanos) {
    if (Math.abs(seconds) >= SECONDS_MAX) {
      return seconds < 0 ? -SECONDS_MAX * NANOS_PER_SECOND : SECONDS_MAX * NANOS_PER_SECOND;
    }
    return seconds * NANOS_PER_SECOND + nanos;
  }

  /** S_IFMT shifted down, which is also the type of a directory entry. */
  static int typeBits(Inode inode) {
    return inode.getType() == InodeType.SPECIAL
        ? inode.getSpecialType() >>> 12
        : typeBits(inode.getType());
  }

  private static int typeBits(InodeType type) {
    return switch (type) {
      case DIRECTORY -> 4;
      case FILE -> 8;
      case SYMLINK -> 10;
      case SPECIAL, INODE_TYPE_UNSPECIFIED, UNRECOGNIZED -> 0;
    };
  }
}
