/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnection;
import io.curvine.client.block.LocalBlocks;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.Crc32c;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.proto.BlockRequestExtra;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One request of a writer, kept until nobody can ask for it again. Immutable; the payload belongs
 * to it.
 *
 * @param offset of the payload in the block
 * @param length of the header: valid bytes (OPEN_WRITE, SYNC, COMMIT)
 */
record WriteFrame(BlockOp op, int flags, long offset, long length, ByteBuffer payload) {
  private static final int COST_MIN_BYTES = 16 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  static WriteFrame data(long offset, ByteBuffer payload) {
    return new WriteFrame(BlockOp.WRITE, 0, offset, payload.remaining(), payload);
  }

  /**
   * Opens a block.
   *
   * @param asksForFile the answer says which file it is, where that may be written to
   */
  static WriteFrame open(long length, WriteAck ack, boolean asksForFile) {
    int flags = ack.flags() | (asksForFile ? BlockHeader.FLAG_IN_FILE : 0);
    return new WriteFrame(BlockOp.OPEN_WRITE, flags, 0, length, NOTHING);
  }

  static WriteFrame sync(long length) {
    return new WriteFrame(BlockOp.SYNC, BlockHeader.FLAG_FSYNC, 0, length, NOTHING);
  }

  static WriteFrame commit(long length, boolean fsync) {
    return new WriteFrame(BlockOp.COMMIT, fsync ? BlockHeader.FLAG_FSYNC : 0, 0, length, NOTHING);
  }

  static WriteFrame abort() {
    return new WriteFrame(BlockOp.ABORT, 0, 0, 0, NOTHING);
  }

  /**
   * What it takes of the window, and of what is kept. A short one counts for more than its bytes:
   * its answer takes room too, and nobody reads answers while requests are being sent.
   */
  int cost() {
    return op == BlockOp.WRITE ? Math.max(COST_MIN_BYTES, payload.remaining()) : 0;
  }

  long end() {
    return offset + payload.remaining();
  }

  /** Its answer says which file the block is, where this process may write to it. */
  boolean asksForFile() {
    return (flags & BlockHeader.FLAG_IN_FILE) != 0;
  }

  boolean durable() {
    return (flags & BlockHeader.FLAG_FSYNC) != 0;
  }

  /** Sends it; the answer is awaited by the caller. */
  void send(BlockConnection connection, LocalBlocks.Name block, BlockRequestExtra extra)
      throws IOException {
    send(connection, block, flags, extra, payload);
  }

  /** Sends no more of the payload than its checksums: the bytes are in the block's file. */
  void sendSums(BlockConnection connection, LocalBlocks.Name block) throws IOException {
    ByteBuffer sums = ChunkSums.of(offset, payload).toBuffer();
    send(connection, block, flags | BlockHeader.FLAG_IN_FILE, null, sums);
  }

  private void send(
      BlockConnection connection,
      LocalBlocks.Name block,
      int flagsToSend,
      BlockRequestExtra extra,
      ByteBuffer body)
      throws IOException {
    BlockHeader header =
        new BlockHeader(
            op,
            0,
            flagsToSend,
            connection.nextRequestId(),
            block.inode(),
            block.version(),
            block.index(),
            op == BlockOp.WRITE ? Crc32c.of(body) : 0,
            offset,
            length,
            0,
            body.remaining());
    connection.send(header, extra, body);
  }
}
