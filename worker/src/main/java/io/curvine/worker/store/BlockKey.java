/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.proto.BlockId;

/** The name of a block: block {@code index} of what the inode held at {@code version}. */
public record BlockKey(long inode, long version, int index) implements Comparable<BlockKey> {
  /** From its form on the wire. */
  public static BlockKey of(BlockId id) {
    return new BlockKey(id.getInode(), id.getVersion(), id.getIndex());
  }

  /** Its form on the wire. */
  public BlockId toProto() {
    return BlockId.newBuilder().setInode(inode).setVersion(version).setIndex(index).build();
  }

  /** A part of file names; {@link #ofFileName} reads it. */
  String fileName() {
    return BlockFileFormat.name(inode, version, index);
  }

  /** Reads {@link #fileName}; null where it is none. */
  static BlockKey ofFileName(String name) {
    String[] parts = name.split("-", -1);
    if (parts.length != 3) {
      return null;
    }
    try {
      return new BlockKey(
          Long.parseUnsignedLong(parts[0], 16),
          Long.parseUnsignedLong(parts[1], 16),
          Integer.parseInt(parts[2]));
    } catch (NumberFormatException e) {
      return null;
    }
  }

  @Override
  public int compareTo(BlockKey other) {
    int order = Long.compareUnsigned(inode, other.inode);
    order = order != 0 ? order : Long.compareUnsigned(version, other.version);
    return order != 0 ? order : Integer.compare(index, other.index);
  }

  @Override
  public String toString() {
    return inode + "@" + version + "#" + index;
  }
}
