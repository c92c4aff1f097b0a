/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.worker.fill.FillSource;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.net.PeerReader;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.PageCheck;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Reads the content of a file by its layout: from the blocks here, from other workers, or from the
 * UFS where that has it; what no block holds is zeros. Thread-safe.
 */
public final class FileContent {
  private final BlockStore store;
  private final PageFiller filler;
  private final PeerReader peers;

  public FileContent(BlockStore store, PageFiller filler, PeerReader peers) {
    this.store = store;
    this.filler = filler;
    this.peers = peers;
  }

  /** The name of a block of the file. */
  static BlockKey key(FileLayout layout, BlockLayout block) {
    return new BlockKey(layout.getInode().getId(), block.getVersion(), block.getIndex());
  }

  /** Where the UFS has a block of the file. */
  static FillSource source(FileLayout layout, BlockLayout block) {
    long offset = (long) block.getIndex() * layout.getInode().getBlockSizeBytes();
    return FillSource.of(layout.getUfs(), offset, block.getValidBytes());
  }

  /**
   * Reads up to the end of a page of a block, within its valid bytes.
   *
   * @throws CurvineException BLOCK_NOT_FOUND or CORRUPT where no holder gave it
   */
  byte[] page(FileLayout layout, BlockLayout block, long offset) throws IOException {
    long pageEnd = (offset / PAGE_SIZE_BYTES + 1) * PAGE_SIZE_BYTES;
    int length = (int) (Math.min(pageEnd, block.getValidBytes()) - offset);
    BlockKey key = key(layout, block);
    IOException failure =
        new CurvineException(
            ErrorCode.BLOCK_NOT_FOUND, "block " + key + " is on no worker that is known");
    try {
      Optional<byte[]> here = local(key, offset, length);
      if (here.isPresent()) {
        return here.get();
      }
    } catch (IOException e) {
      failure = e;
    }
    boolean fillable = block.getFillable() && layout.hasUfs();
    List<BlockLocation> holders =
        block.getLocationsList().stream().filter(BlockLocation::getHolds).toList();
    if (!holders.isEmpty()) {
      try {
        return fromOthers(key, offset, length, holders, extra(layout, block));
      } catch (IOException e) {
        failure = e;
      }
    }
    if (fillable) {
      return filler.read(source(layout, block), offset, length);
    }
    throw failure;
  }

  /**
   * Reads a part of a block from the first of these workers that gives it.
   *
   * @throws IOException what the last of them said
   */
  byte[] fromOthers(
      BlockKey key, long offset, int length, List<BlockLocation> holders, BlockRequestExtra extra)
      throws IOException {
    IOException failure = new CurvineException(ErrorCode.BLOCK_NOT_FOUND, "nobody has " + key);
    for (BlockLocation location : holders) {
      try {
        HostPort worker =
            new HostPort(location.getAddress().getHost(), location.getAddress().getDataPort());
        return peers.read(worker, key, offset, length, extra);
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  /** Has a worker begin to fetch a block, by a read of its first byte. */
  void begin(BlockLocation location, FileLayout layout, BlockLayout block) throws IOException {
    byte[] unused = fromOthers(key(layout, block), 0, 1, List.of(location), extra(layout, block));
  }

  private Optional<byte[]> local(BlockKey key, long offset, int length) throws IOException {
    Optional<Block> held = store.acquire(key);
    if (held.isEmpty()) {
      return Optional.empty();
    }
    try (Block block = held.get()) {
      int page = (int) (offset / PAGE_SIZE_BYTES);
      long needed = offset + length - (long) page * PAGE_SIZE_BYTES;
      boolean good =
          block.readable()
              && ((block.state() == BlockState.WRITING && block.validLength() >= offset + length)
                  || (block.pageLength(page) >= needed && block.check(page) == PageCheck.GOOD));
      if (!good) {
        return Optional.empty();
      }
      byte[] bytes = new byte[length];
      block.read(ByteBuffer.wrap(bytes), offset);
      return Optional.of(bytes);
    }
  }

  private static BlockRequestExtra extra(FileLayout layout, BlockLayout block) {
    BlockRequestExtra.Builder extra =
        BlockRequestExtra.newBuilder()
            .setValidBytes(block.getValidBytes())
            .setBlockOffsetInFile((long) block.getIndex() * layout.getInode().getBlockSizeBytes());
    if (block.getFillable() && layout.hasUfs()) {
      extra.setUfs(layout.getUfs());
    }
    return extra.build();
  }
}
