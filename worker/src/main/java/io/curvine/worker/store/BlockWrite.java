/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.ChunkSums;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The writing of one block, by the one who may: from {@link BlockStore#openForWrite} until it is
 * closed, or another takes the block over. Holds a reference to the block. Thread-safe.
 */
public final class BlockWrite implements AutoCloseable {
  private final BlockStore store;
  private final Block block;

  BlockWrite(BlockStore store, Block block) {
    this.store = store;
    this.block = block;
  }

  public Block block() {
    return block;
  }

  /**
   * Writes bytes anywhere in the block.
   *
   * @param content from its position to its limit
   * @param sums of these bytes, at the place where they go
   * @throws CurvineException LEASE_LOST where another writes the block now; NO_SPACE
   */
  public void write(ByteBuffer content, ChunkSums sums) throws IOException {
    int length = content.remaining();
    block.change(this, length, sums.offset() + length, pages -> pages.write(content, sums));
  }

  /**
   * Takes over bytes that the writer has put into the block's file itself. They are vouched for
   * from now on with its checksums, which nobody compares with them before they are read.
   *
   * @param sums of bytes that begin where a chunk does, and after all that the block has
   * @throws CurvineException INVALID_ARGUMENT where they do not, or are not in the file; LEASE_LOST
   *     where another writes the block now; NO_SPACE
   */
  public void takeOver(ChunkSums sums) throws IOException {
    int length = sums.length();
    block.change(this, length, sums.offset() + length, pages -> pages.takeOver(sums));
  }

  /**
   * All that was written, up to a length at least, is readable with its checksums, and durable.
   *
   * @param length valid bytes
   */
  public void sync(long length) throws IOException {
    block.change(
        this,
        grown(Math.max(length, block.validLength())),
        length,
        pages -> {
          pages.seal(Math.max(length, block.validLength()));
          block.force();
        });
    store.published(block);
  }

  /**
   * The block is finished: it ends at {@code length}, and stays until the UFS has it.
   *
   * @param fsync it is durable afterwards
   */
  public void commit(long length, boolean fsync) throws IOException {
    block.change(
        this,
        grown(length),
        length,
        pages -> {
          block.cut(length);
          pages.seal(length);
          block.finish();
          if (fsync) {
            block.force();
          }
        });
    store.published(block);
  }

  /** What sealing adds: gaps between what was written count as zeros from then on. */
  private long grown(long length) {
    return Math.max(0, length - block.bytes());
  }

  /** Drops the block. */
  public void abort() throws IOException {
    block.abort(this);
    store.published(block); // where it stays, nobody reads it here any more
  }

  /** Ends the writing; what was written stays, and another may go on. */
  @Override
  public void close() {
    block.leave(this);
    block.release();
  }
}
