/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

/**
 * What has happened to bytes when a writer is told that they are written: on every replica, and of
 * a file that was closed or flushed. The flags of OPEN_WRITE carry it.
 */
public enum WriteAck {
  /**
   * They are in memory: in a MEM directory where the worker has one with room. They outlive
   * processes, not the machine.
   */
  MEMORY,
  /**
   * They are in a file, on a disk where the worker has one. They outlive processes; after the end
   * of the machine there is what its kernel had written by then. A sync makes them durable.
   */
  PAGE_CACHE,
  /** They are on a disk, forced. They outlive the machine. */
  FSYNC;

  /** Of OPEN_WRITE. */
  public int flags() {
    return switch (this) {
      case MEMORY -> BlockHeader.FLAG_MEMORY;
      case PAGE_CACHE -> 0;
      case FSYNC -> BlockHeader.FLAG_FSYNC;
    };
  }

  /** What the flags of an OPEN_WRITE ask for; the stronger where they ask for both. */
  public static WriteAck ofFlags(int flags) {
    if ((flags & BlockHeader.FLAG_FSYNC) != 0) {
      return FSYNC;
    }
    return (flags & BlockHeader.FLAG_MEMORY) != 0 ? MEMORY : PAGE_CACHE;
  }
}
