/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.UfsSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bytes of a file as its layout tells them, fetched from workers. Keeps the layout, and fetches
 * it anew where the workers that it names fail. Thread-safe.
 */
final class FileContent {
  /** Bytes whose layout the first look asks for; the block size is not known then. */
  private static final long FIRST_LAYOUT_BYTES = 64L * Limits.BLOCK_SIZE_DEFAULT_BYTES;

  private static final int LAYOUT_BLOCKS = 64;
  private static final ByteBuffer ZEROS =
      ByteBuffer.allocateDirect(Limits.PAGE_SIZE_BYTES).asReadOnlyBuffer();

  private final Namespace namespace;
  private final DataPlane data;
  private final BlockReads reads;
  private final Object fetchLock = new Object();
  private volatile View view;

  private FileContent(Namespace namespace, DataPlane data, FileLayout layout) {
    this.namespace = namespace;
    this.data = data;
    this.reads = new BlockReads(data);
    this.view = new View(layout);
  }

  /** One version of the content. */
  private static final class View {
    private final Inode inode;
    private final Map<Integer, BlockLayout> blocks = new ConcurrentHashMap<>();
    private volatile UfsSource ufs;

    /** How often the layout was fetched: tells whether another thread did so since. */
    private final AtomicInteger looks = new AtomicInteger();

    View(FileLayout layout) {
      this.inode = layout.getInode();
      take(layout);
    }

    void take(FileLayout layout) {
      ufs = layout.hasUfs() ? layout.getUfs() : null;
      layout.getBlocksList().forEach(block -> blocks.put(block.getIndex(), block));
      looks.incrementAndGet();
    }

    long blockSize() {
      return Integer.toUnsignedLong(inode.getBlockSizeBytes());
    }
  }

  static FileContent open(EntryRef at, Namespace namespace, DataPlane data) throws IOException {
    FileLayout layout = namespace.layout(at, 0, FIRST_LAYOUT_BYTES);
    if (layout.getInode().getType() == InodeType.DIRECTORY) {
      throw new CurvineException(ErrorCode.IS_A_DIRECTORY, "a directory cannot be read as a file");
    }
    if (layout.getInode().getBlockSizeBytes() == 0 && layout.getInode().getLengthBytes() > 0) {
      throw new CurvineException(
          ErrorCode.INTERNAL, "inode " + layout.getInode().getId() + " has no block size");
    }
    return new FileContent(namespace, data, layout);
  }

  Inode inode() {
    return view.inode;
  }

  long length() {
    return view.inode.getLengthBytes();
  }

  long version() {
    return view.inode.getVersion();
  }

  /** Of the block at a position that is in the file: what is past them is zeros. */
  long validBytes(long position) throws IOException {
    return Integer.toUnsignedLong(block(view, position).getValidBytes());
  }

  /**
   * Fills the buffer from a position on, as far as the file and the page of that position reach.
   *
   * @return bytes given; 0 at or past the end
   */
  int fetch(long position, ByteBuffer into) throws IOException {
    long deadline = System.nanoTime() + data.config().requestTimeout().toNanos();
    Backoff backoff = new Backoff();
    for (int round = 1; true; round++) {
      View now = view;
      int looks = now.looks.get();
      if (position >= now.inode.getLengthBytes()) {
        return 0;
      }
      int start = into.position();
      boolean ufsChanged = false;
      try {
        return fetch(now, position, into);
      } catch (CurvineException e) {
        if (round >= roundsMax(e.code()) || System.nanoTime() - deadline > 0) {
          throw e;
        }
        ufsChanged = e.code() == ErrorCode.UFS_CHANGED;
      } catch (IOException e) {
        if (data.pauses().isClosed() || System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
      into.position(start);
      if (round > 1) {
        data.pauses().await(backoff.nextNanos());
      }
      look(now, looks, position, ufsChanged);
    }
  }

  /** How often it is worth while to look for other workers. */
  private static int roundsMax(ErrorCode code) {
    return switch (code) {
      case UFS_DENIED, INVALID_ARGUMENT, UNSUPPORTED -> 1;
      case UFS_UNREACHABLE, UFS_ERROR, INTERNAL -> 2;
      case CORRUPT, UFS_CHANGED -> 6;
      // A new leader may not have heard yet what the workers hold.
      case BLOCK_NOT_FOUND -> 16;
      default -> Integer.MAX_VALUE;
    };
  }

  private int fetch(View now, long position, ByteBuffer into) throws IOException {
    long inPage = Limits.PAGE_SIZE_BYTES - position % Limits.PAGE_SIZE_BYTES;
    long inFile = now.inode.getLengthBytes() - position;
    int length = (int) Math.min(into.remaining(), Math.min(inPage, inFile));
    BlockLayout block = block(now, position);
    long blockStart = block.getIndex() * now.blockSize();
    long offset = position - blockStart;
    int valid = (int) Math.max(0, Math.min(length, block.getValidBytes() - offset));
    int limit = into.limit();
    try {
      if (valid > 0) {
        into.limit(into.position() + valid);
        reads.read(
            new BlockReads.Source(now.inode.getId(), block, now.ufs, blockStart), offset, into);
        into.limit(limit);
      }
      into.put(ZEROS.duplicate().limit(length - valid));
    } finally {
      into.limit(limit);
    }
    return length;
  }

  private BlockLayout block(View now, long position) throws IOException {
    int index = (int) (position / now.blockSize());
    int looks = now.looks.get();
    BlockLayout block = now.blocks.get(index);
    if (block == null) {
      look(now, looks, position, false);
      block = view.blocks.get(index);
    }
    if (block == null) {
      throw new CurvineException(
          ErrorCode.NOT_READY,
          "the masters named no block " + index + " of inode " + now.inode.getId());
    }
    return block;
  }

  /** Fetches the layout from a position on, unless another thread has done so since. */
  private void look(View old, int looks, long position, boolean ufsChanged) throws IOException {
    int index = (int) (position / old.blockSize());
    synchronized (fetchLock) {
      if (view != old || old.looks.get() != looks) {
        return;
      }
      FileLayout layout =
          namespace.layout(
              Refs.inode(old.inode.getId()),
              index * old.blockSize(),
              LAYOUT_BLOCKS * old.blockSize(),
              ufsChanged);
      if (layout.getInode().getVersion() == old.inode.getVersion()) {
        old.take(layout);
      } else {
        view = new View(layout);
      }
    }
  }
}
