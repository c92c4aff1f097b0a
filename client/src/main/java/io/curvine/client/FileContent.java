/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.net.HostPort;
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
  private final ReadOptions options;
  private final BlockReads reads;
  private final Object fetchLock = new Object();
  private volatile View view;

  private FileContent(Namespace namespace, DataPlane data, ReadOptions options, FileLayout layout) {
    this.namespace = namespace;
    this.data = data;
    this.options = options;
    this.reads = new BlockReads(data);
    this.view = new View(layout, options);
  }

  /** One version of the content. */
  private static final class View {
    private final Inode inode;
    private final ReadOptions options;
    private final Map<Integer, BlockReads.Source> blocks = new ConcurrentHashMap<>();

    /** How often the layout was fetched: tells whether another thread did so since. */
    private final AtomicInteger looks = new AtomicInteger();

    View(FileLayout layout, ReadOptions options) {
      this.inode = layout.getInode();
      this.options = options;
      take(layout);
    }

    void take(FileLayout layout) {
      UfsSource ufs = layout.hasUfs() ? layout.getUfs() : null;
      for (BlockLayout block : layout.getBlocksList()) {
        long start = block.getIndex() * blockSize();
        blocks.put(
            block.getIndex(),
            new BlockReads.Source(layout.getInode().getId(), block, ufs, start, options.cache()));
      }
      looks.incrementAndGet();
    }

    long blockSize() {
      return Integer.toUnsignedLong(inode.getBlockSizeBytes());
    }
  }

  static FileContent open(EntryRef at, Namespace namespace, DataPlane data, ReadOptions options)
      throws IOException {
    FileLayout layout = namespace.layout(at, 0, FIRST_LAYOUT_BYTES);
    if (layout.getInode().getType() == InodeType.DIRECTORY) {
      throw new CurvineException(ErrorCode.IS_A_DIRECTORY, "a directory cannot be read as a file");
    }
    if (layout.getInode().getBlockSizeBytes() == 0 && layout.getInode().getLengthBytes() > 0) {
      throw new CurvineException(
          ErrorCode.INTERNAL, "inode " + layout.getInode().getId() + " has no block size");
    }
    return new FileContent(namespace, data, options, layout);
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
    return Integer.toUnsignedLong(block(view, position).block().getValidBytes());
  }

  long blockSize() {
    return view.blockSize();
  }

  /** The block of a position was looked up, and is read from its file. */
  boolean local(long position) {
    View now = view;
    BlockReads.Source block = now.blocks.get((int) (position / now.blockSize()));
    return block != null && reads.local(block);
  }

  /**
   * Where bytes of the file are.
   *
   * @param offset in the block
   * @param length of them; 0: no worker need be asked ahead: they are zeros, or read from files
   * @param worker to ask first
   */
  record Spot(BlockReads.Source source, long offset, int length, HostPort worker) {
    private static final Spot NONE = new Spot(null, 0, 0, null);
  }

  /** Where the bytes from a position on are, up to a number of them and within one block. */
  Spot spot(long position, int wanted) throws IOException {
    View now = view;
    long inFile = now.inode.getLengthBytes() - position;
    if (inFile <= 0) {
      return Spot.NONE;
    }
    BlockReads.Source source = block(now, position);
    long offset = position - source.offsetInFile();
    long valid = Integer.toUnsignedLong(source.block().getValidBytes()) - offset;
    int length = (int) Math.min(wanted, Math.min(inFile, valid));
    return length <= 0 || reads.local(source)
        ? Spot.NONE
        : reads
            .worker(source.block())
            .map(worker -> new Spot(source, offset, length, worker))
            .orElse(Spot.NONE);
  }

  /**
   * Fills the buffer from a position on, as far as the file and the block of that position reach,
   * and one answer of a worker.
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
  private int roundsMax(ErrorCode code) {
    if (namespace.isPast() && (code == ErrorCode.NOT_FOUND || code == ErrorCode.BLOCK_NOT_FOUND)) {
      return 2; // What is gone of an older version does not come back.
    }
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
    BlockReads.Source source = block(now, position);
    long offset = position - source.offsetInFile();
    long inBlock = Math.min(now.blockSize() - offset, Limits.BLOCK_FRAME_PAYLOAD_MAX_BYTES);
    long inFile = now.inode.getLengthBytes() - position;
    int length = (int) Math.min(into.remaining(), Math.min(inBlock, inFile));
    long validBytes = Integer.toUnsignedLong(source.block().getValidBytes());
    int valid = (int) Math.max(0, Math.min(length, validBytes - offset));
    int limit = into.limit();
    try {
      if (valid > 0) {
        into.limit(into.position() + valid);
        reads.read(source, offset, into);
        into.limit(limit);
      }
      putZeros(into, length - valid);
    } finally {
      into.limit(limit);
    }
    return length;
  }

  private static void putZeros(ByteBuffer into, int count) {
    int left = count;
    while (left > 0) {
      int now = Math.min(left, ZEROS.capacity());
      into.put(ZEROS.duplicate().limit(now));
      left -= now;
    }
  }

  private BlockReads.Source block(View now, long position) throws IOException {
    int index = (int) (position / now.blockSize());
    int looks = now.looks.get();
    BlockReads.Source block = now.blocks.get(index);
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
        view = new View(layout, options);
      }
    }
  }
}
