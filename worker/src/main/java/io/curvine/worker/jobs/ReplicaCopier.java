/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;

import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.CopyOrder;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.BlockWrite;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Copies blocks that the UFS does not have from other workers, so fast at most as it may. Each page
 * is checked as it arrives; a block that is not whole does not stay. Thread-safe.
 */
final class ReplicaCopier {
  private final FileContent content;
  private final BlockStore store;
  private final Throttle rate;
  private final Consumer<BlockKey> named;

  /**
   * @param named hears of blocks that are to stay, before they are here
   */
  ReplicaCopier(FileContent content, BlockStore store, Throttle rate, Consumer<BlockKey> named) {
    this.content = content;
    this.store = store;
    this.rate = rate;
    this.named = named;
  }

  /**
   * Afterwards the block is here, durable, and stays.
   *
   * @throws IOException where it cannot be had whole, or is here already, which the masters then
   *     did not know
   */
  void copy(CopyOrder order) throws IOException {
    BlockKey key = BlockKey.of(order.getBlock());
    Optional<BlockState> here = store.stateOf(key);
    if (here.isPresent() && here.get() != BlockState.STALE) {
      throw new IOException("block " + key + " is here already, " + here.get());
    }
    store.drop(key); // it is not counted on
    named.accept(key);
    try (BlockWrite write = store.openForWrite(key, 0, WriteAck.PAGE_CACHE)) {
      try {
        fill(write, key, order);
      } catch (IOException | RuntimeException e) {
        write.abort();
        throw e;
      }
    }
  }

  /** Not through the block that is being made: that has nothing to read yet. */
  private void fill(BlockWrite write, BlockKey key, CopyOrder order) throws IOException {
    int end = order.getLengthBytes();
    BlockRequestExtra extra = BlockRequestExtra.newBuilder().setValidBytes(end).build();
    for (int offset = 0; offset < end; offset += PAGE_SIZE_BYTES) {
      int length = Math.min(PAGE_SIZE_BYTES, end - offset);
      rate.await(length);
      ByteBuffer page =
          ByteBuffer.wrap(content.fromOthers(key, offset, length, order.getSourcesList(), extra));
      write.write(page, ChunkSums.of(offset, page));
    }
    write.commit(end, true);
  }

  /** The replica is not counted on. */
  void drop(BlockKey key) {
    store.drop(key);
  }
}
