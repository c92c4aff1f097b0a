/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * The blocks that one writer has written. Few of them are open at a time. For one thread at a time.
 *
 * <p>A block is written whole under the writer's version: where a part of an older one is
 * overwritten, its bytes are copied up first.
 */
final class WriterBlocks {
  private static final int OPEN_MAX = 4;
  private static final Duration FIRST_TARGETS_MAX = Duration.ofSeconds(5);

  private final WriteContext file;
  private final long blockSize;
  private final long window;

  private final long openedNanos = System.nanoTime();

  /** Where the first block goes, said when the file was opened; null: not known, or used. */
  private BlockTargets first;

  private final TreeMap<Integer, BlockWriter> blocks = new TreeMap<>();

  /** Open ones, the least recently written first. */
  private final List<BlockWriter> open = new ArrayList<>();

  /** Published bytes under other versions, at most; what was cut does not come back. */
  private long oldLength;

  /** Opened when first needed. */
  private FileContent old;

  WriterBlocks(WriteContext file, long blockSize, long publishedLength, BlockTargets first) {
    this.first = first;
    this.file = file;
    this.blockSize = blockSize;
    this.window = file.data().config().writeWindowBytes();
    this.oldLength = publishedLength;
  }

  /** Bytes within one page of the file. */
  void write(long position, ByteBuffer payload) throws IOException {
    int index = (int) (position / blockSize);
    long offset = position % blockSize;
    BlockWriter block = blocks.get(index);
    if (block == null) {
      block = new BlockWriter(file, index, window, index == 0 ? takeFirst() : null);
      blocks.put(index, block);
      awaitFinished();
      touch(block);
      copyUp(block, offset, payload.remaining());
    } else {
      touch(block);
    }
    block.write(offset, payload);
    keepToWindow();
    if (block.length() == blockSize && offset + payload.limit() == blockSize) {
      block.finish(file.fsync(), false);
    }
  }

  /** Once, and soon: later those workers may be gone, full or about to leave. */
  private BlockTargets takeFirst() {
    boolean soon = System.nanoTime() - openedNanos < FIRST_TARGETS_MAX.toNanos();
    BlockTargets taken = soon ? first : null;
    first = null;
    return taken;
  }

  /** At most one block is being finished beside the next: what it keeps counts for no window. */
  private void awaitFinished() throws IOException {
    List<BlockWriter> finishing = open.stream().filter(BlockWriter::sealing).toList();
    for (int i = 0; i < finishing.size() - 1; i++) {
      finishing.get(i).drain(0);
    }
  }

  private void touch(BlockWriter block) throws IOException {
    open.remove(block);
    open.removeIf(each -> !each.isOpen());
    while (open.size() >= OPEN_MAX) {
      BlockWriter oldest = open.remove(0);
      oldest.finish(file.fsync(), false);
      oldest.drain(0);
    }
    open.add(block);
  }

  /** The oldest answers are awaited first. */
  private void keepToWindow() throws IOException {
    long over = open.stream().mapToLong(BlockWriter::sentBytes).sum() - window;
    for (BlockWriter block : open) {
      if (over <= 0) {
        return;
      }
      long before = block.sentBytes();
      block.drain(Math.max(1, before - over)); // not for the end of a block: that goes on beside
      over -= before - block.sentBytes();
    }
  }

  private void copyUp(BlockWriter block, long offset, int bytes) throws IOException {
    long start = block.index() * blockSize;
    if (start >= oldLength) {
      return;
    }
    if (old == null) {
      old =
          FileContent.open(
              Refs.inode(file.inode()),
              file.namespace(),
              file.data(),
              file.data().config().reading());
    }
    long valid = Math.min(old.validBytes(start), oldLength - start);
    if (offset == 0 && bytes >= valid) {
      return;
    }
    for (long at = 0; at < valid; at += WriteBuffers.BYTES) {
      ByteBuffer page = file.buffers().take();
      page.limit((int) Math.min(WriteBuffers.BYTES, valid - at));
      int read = 1;
      while (page.hasRemaining() && read > 0) {
        read = old.fetch(start + at + page.position(), page);
      }
      if (page.hasRemaining()) {
        throw new CurvineException(
            ErrorCode.UFS_CHANGED,
            "inode " + file.inode() + " became shorter while it was written");
      }
      block.write(at, page.flip());
      block.drain(window - 1);
    }
  }

  /** Finishes what is not, all at once. */
  void finish(boolean durable, boolean stayOpen) throws IOException {
    List<BlockWriter> begun = new ArrayList<>();
    for (BlockWriter block : blocks.values()) {
      boolean asked = block.dirty() || block.isOpen() || durable;
      if (asked) {
        block.finish(durable, stayOpen);
        begun.add(block);
        if (begun.size() > OPEN_MAX) {
          begun.remove(0).drain(0);
        }
      }
    }
    for (BlockWriter block : begun) {
      block.drain(0);
    }
  }

  boolean anyDirty() {
    return blocks.values().stream().anyMatch(BlockWriter::dirty);
  }

  List<CommittedBlock> dirty() {
    return blocks.values().stream().filter(BlockWriter::dirty).map(BlockWriter::committed).toList();
  }

  void markPublished() {
    blocks.values().stream().filter(BlockWriter::dirty).forEach(BlockWriter::markPublished);
  }

  /** The file ends at a length now. */
  void cut(long length) throws IOException {
    int kept = (int) ((length + blockSize - 1) / blockSize);
    for (BlockWriter gone : blocks.tailMap(kept).values()) {
      open.remove(gone);
      gone.abort();
    }
    blocks.tailMap(kept).clear();
    BlockWriter last = length % blockSize == 0 ? null : blocks.get(kept - 1);
    if (last != null) {
      touch(last);
      last.cut(length % blockSize);
    }
    if (length < oldLength) {
      oldLength = length;
      old = null;
    }
  }

  /** Drops what readers have not been told of. */
  void abort() {
    for (BlockWriter block : blocks.values()) {
      if (block.dirty() && !block.published()) {
        block.abort();
      }
    }
  }

  void leave() {
    blocks.values().forEach(BlockWriter::leave);
    open.clear();
  }
}
