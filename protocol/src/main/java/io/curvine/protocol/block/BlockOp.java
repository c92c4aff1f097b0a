/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

/**
 * Operations of the data protocol. Numbered for ever.
 *
 * <p>Requests may be pipelined. What writes one block is carried out in the order it was sent, and
 * answered in that order; replies to READ and READ_RANGES come in any order. Each reply repeats the
 * request's operation, id, block name and offset. An error reply to a write operation carries in
 * {@code length} the id of the worker that failed (0: the one that answers), so that the writer can
 * exclude it; its status is the ErrorCode and its payload the message.
 *
 * <p>A block that is being written outlives its connection, and COMMIT: until its lease is gone it
 * may be gone on with by OPEN_WRITE. A READ of it gives what was written so far, and zeros between.
 */
public enum BlockOp {
  /**
   * {@code length} bytes of a block at {@code offset}, within its valid bytes; filled from the UFS
   * source in the extra part where they are missing. The reply's payload is all of them, in one
   * frame, with its CRC32C. Where that does not match, the client asks again with FLAG_CHECK.
   */
  READ(1),
  /**
   * Begin (or go on) writing a block here and on the pipeline in the extra part; answered when all
   * replicas are open. What the block holds past {@code length} is dropped and reads as zero, so 0
   * begins anew. On the same or a new connection; also after a COMMIT.
   */
  OPEN_WRITE(2),
  /**
   * Payload at any offset of a block being written; its CRC32C is in the header. Answered when all
   * replicas took it (not yet durable).
   */
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
  PING(8),
  /**
   * Answered with what a client on the worker's host can use ({@code LocalAccess} in the payload).
   */
  LOCAL(9),
  /**
   * Lets a client on the worker's host read a block's file itself ({@code LocalBlock} in the
   * reply's payload). The block is not evicted until RELEASE, or the end of the connection.
   */
  GRANT(10),
  /** Ends a grant of this connection. */
  RELEASE(11),
  /**
   * Asks how much longer the grants of this connection hold, and which of them are over ({@code
   * LocalGrants} in the reply's payload).
   */
  RENEW(12),
  /**
   * The ranges of a block that the extra part names, 1 to {@link
   * io.curvine.protocol.Limits#READ_RANGES_MAX} of them and {@code length} bytes together; all else
   * as with READ. The reply's payload is one after the other, as they were named, with one CRC32C.
   */
  READ_RANGES(13),
  /**
   * What others may read of a block is durable here when it is answered, whoever wrote it; a block
   * that the UFS has may be lost, and is answered with OK. BLOCK_NOT_FOUND where others may not
   * read it.
   */
  FORCE(14);

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
