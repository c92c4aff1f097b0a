/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.block;

import java.nio.ByteBuffer;

/**
 * The fixed header of the data protocol: 64 bytes, big-endian, then {@code extraBytes} of protobuf
 * ({@code BlockRequestExtra}), then {@code payloadBytes} of raw payload. Requests and replies share
 * the layout:
 *
 * <pre>
 *  0 magic u16 (0xC57E)   2 protocol version u8 (1)   3 op u8
 *  4 status u16 (ErrorCode number, 0 in requests)     6 flags u16
 *  8 request id i64       16 inode u64                24 file version u64
 * 32 block index u32      36 crc32c of the payload u32
 * 40 offset in block u64  48 length u64
 * 56 extra bytes u32      60 payload bytes u32
 * </pre>
 *
 * In a reply of an error the payload is the message in UTF-8. Immutable.
 */
public record BlockHeader(
    BlockOp op,
    int status,
    int flags,
    long requestId,
    long inode,
    long version,
    int index,
    int crc32c,
    long offset,
    long length,
    int extraBytes,
    int payloadBytes) {
  public static final int BYTES = 64;
  public static final short MAGIC = (short) 0xC57E;
  public static final byte PROTOCOL_VERSION = 1;

  /** COMMIT, SYNC: fsync before the answer. OPEN_WRITE: only where that makes it durable. */
  public static final int FLAG_FSYNC = 1;

  /** Reply to READ: the bytes came from the cache, not from a fill. */
  public static final int FLAG_CACHED = 2;

  /** OPEN_WRITE: this is a replica of the pipeline, not its head. */
  public static final int FLAG_REPLICA = 4;

  /** READ: what came before did not match its checksum; compare it at the worker first. */
  public static final int FLAG_CHECK = 8;

  /**
   * READ, READ_RANGES: what is missing is fetched from the UFS for this reply and not kept, and
   * what is there is given without counting as used.
   */
  public static final int FLAG_NO_CACHE = 16;

  /** OPEN_WRITE: memory will do; see {@link WriteAck}. */
  public static final int FLAG_MEMORY = 32;

  /**
   * OPEN_WRITE: the client would write to the block's file itself; where it may, the answer's
   * payload says which file ({@code LocalBlock}). WRITE: it has; {@code length} bytes at {@code
   * offset} are in the file, and the payload are the checksums of their chunks ({@link ChunkSums}).
   */
  public static final int FLAG_IN_FILE = 64;

  /** A request without a payload, and so far without an extra part. */
  public static BlockHeader request(
      BlockOp op,
      int flags,
      long requestId,
      long inode,
      long version,
      int index,
      long offset,
      long length) {
    return new BlockHeader(op, 0, flags, requestId, inode, version, index, 0, offset, length, 0, 0);
  }

  /** Writes the header at the buffer's position, which moves by {@link #BYTES}. */
  public void writeTo(ByteBuffer buffer) {
    buffer.putShort(MAGIC).put(PROTOCOL_VERSION).put(op.code());
    buffer.putShort((short) status).putShort((short) flags);
    buffer.putLong(requestId).putLong(inode).putLong(version);
    buffer.putInt(index).putInt(crc32c);
    buffer.putLong(offset).putLong(length);
    buffer.putInt(extraBytes).putInt(payloadBytes);
  }

  /**
   * Reads a header at the buffer's position, which moves by {@link #BYTES}.
   *
   * @throws IllegalArgumentException where it is not a header of this protocol; the connection is
   *     then useless
   */
  public static BlockHeader readFrom(ByteBuffer buffer) {
    short magic = buffer.getShort();
    byte protocolVersion = buffer.get();
    BlockOp op = BlockOp.ofCode(buffer.get());
    if (magic != MAGIC || protocolVersion != PROTOCOL_VERSION || op == null) {
      throw new IllegalArgumentException(
          String.format(
              "not a frame of the data protocol: magic %04x, version %d, op %s",
              magic, protocolVersion, op));
    }
    BlockHeader header =
        new BlockHeader(
            op,
            Short.toUnsignedInt(buffer.getShort()),
            Short.toUnsignedInt(buffer.getShort()),
            buffer.getLong(),
            buffer.getLong(),
            buffer.getLong(),
            buffer.getInt(),
            buffer.getInt(),
            buffer.getLong(),
            buffer.getLong(),
            buffer.getInt(),
            buffer.getInt());
    header.checkSizes();
    return header;
  }

  private void checkSizes() {
    if (extraBytes < 0
        || extraBytes > MAX_EXTRA_BYTES
        || payloadBytes < 0
        || payloadBytes > MAX_PAYLOAD_BYTES) {
      throw new IllegalArgumentException(
          "frame of " + extraBytes + " + " + payloadBytes + " bytes is over the limit");
    }
  }

  public static final int MAX_EXTRA_BYTES = 64 * 1024;
  public static final int MAX_PAYLOAD_BYTES =
      io.curvine.protocol.Limits.BLOCK_FRAME_PAYLOAD_MAX_BYTES;
}
