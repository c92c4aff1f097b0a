/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

/** Operations of the data protocol. Numbered for ever. */
public enum BlockOp {
  /** Bytes of a block; filled from the UFS source in the extra part where they are missing. */
  READ(1),
  /** Begin (or go on) writing a block here and on the pipeline in the extra part. */
  OPEN_WRITE(2),
  /** Payload at an offset of a block being written; its CRC32C is in the header. */
  WRITE(3),
  /**
   * Everything before it on this connection is durable (fsync) on all replicas; {@code length} is
   * the valid length.
   */
  SYNC(4),
  /** The block is finished at {@code length} valid bytes; with FLAG_FSYNC it is durable. */
  COMMIT(5),
  /** Drop the block that is being written. */
  ABORT(6),
  /** Drop a cached block (not one that the UFS does not have). */
  FREE(7),
  /** Answered with OK; for health and latency. */
  PING(8);

  private static final BlockOp[] BY_CODE = new BlockOp[16];

  static {
    for (BlockOp op : values()) {
      BY_CODE[op.code] = op;
    }
  }

  private final byte code;

  BlockOp(int code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  /** The operation of that code, or null where there is none. */
  public static BlockOp ofCode(byte code) {
    return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
