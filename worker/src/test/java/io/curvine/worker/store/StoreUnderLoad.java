/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.TierKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process that fills, writes, reads, drops, evicts and moves blocks until it is killed, and notes
 * in a file what it may be held to: {@code W inode length} after a durable commit, {@code U inode}
 * before a block may go.
 */
final class StoreUnderLoad {
  static final int CACHED_BLOCKS = 40;
  static final int PAGES = 3;
  static final long WRITTEN_FROM = 1_000;
  private static final long MIB = 1 << 20;
  private static final int PINNED_MAX = 6;

  /** A request counts as a use each time: the clock runs fast. */
  private static final AtomicLong CLOCK = new AtomicLong();

  private final BlockStore store;
  private final FileChannel notes;
  private final SplittableRandom random;
  private final AtomicLong nextInode;

  private StoreUnderLoad(
      BlockStore store, FileChannel notes, SplittableRandom random, AtomicLong nextInode) {
    this.store = store;
    this.notes = notes;
    this.random = random;
    this.nextInode = nextInode;
  }

  /** The directories: a small fast one, and a slow one that fills up too. */
  static List<DirSpec> dirs(Path root) {
    return List.of(
        new DirSpec(TierKind.MEM, root.resolve("mem"), 16 * MIB),
        new DirSpec(TierKind.SSD, root.resolve("ssd"), 48 * MIB));
  }

  static StoreSettings settings(Path root) {
    return new StoreSettings(
        dirs(root),
        95,
        85,
        80,
        Eviction.W_TINYLFU,
        0,
        0,
        0,
        () -> CLOCK.addAndGet(TimeUnit.SECONDS.toNanos(1)));
  }

  static BlockKey cached(int number) {
    return new BlockKey(number, 1, 0);
  }

  static BlockKey written(long inode) {
    return new BlockKey(inode, 1, 0);
  }

  /** What a block holds, and always has held. */
  static ByteBuffer content(BlockKey key, long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      long word = (key.inode() * 0x9E3779B97F4A7C15L) ^ ((offset + i) >>> 3) * 0xC2B2AE3D27D4EB4FL;
      bytes.put(i, (byte) (word >>> (8 * ((offset + i) & 7))));
    }
    return bytes;
  }

  /** {@code root notes seed firstInode}. */
  public static void main(String[] args) throws IOException {
    BlockStore store = BlockStore.open(settings(Path.of(args[0])));
    store.startUpkeep();
    SplittableRandom random = new SplittableRandom(Long.parseLong(args[2]));
    AtomicLong nextInode = new AtomicLong(Long.parseLong(args[3]));
    FileChannel notes =
        FileChannel.open(
            Path.of(args[1]),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND);
    System.out.println("running");
    for (int i = 0; i < 3; i++) {
      StoreUnderLoad load = new StoreUnderLoad(store, notes, random.split(), nextInode);
      new Thread(load::run).start();
    }
  }

  private void run() {
    Deque<Long> pinned = new ArrayDeque<>();
    try {
      while (true) {
        step(pinned);
      }
    } catch (IOException | RuntimeException e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(3);
    }
  }

  private void step(Deque<Long> pinned) throws IOException {
    try {
      switch (random.nextInt(6)) {
        case 0, 1 -> fill(cached(random.nextInt(CACHED_BLOCKS)));
        case 2 -> write(pinned);
        case 3 -> store.dropIfCached(cached(random.nextInt(CACHED_BLOCKS)));
        default -> read(cached(random.nextInt(random.nextBoolean() ? 5 : CACHED_BLOCKS)));
      }
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.NO_SPACE) {
        throw e;
      }
      letGo(pinned, 0);
    }
  }

  private void fill(BlockKey key) throws IOException {
    try (Block block = store.acquireForFill(key)) {
      int page = random.nextInt(PAGES);
      block.putPage(page, content(key, (long) page * PAGE_SIZE_BYTES, PAGE_SIZE_BYTES));
    }
  }

  private void read(BlockKey key) throws IOException {
    Optional<Block> held = store.acquire(key);
    if (held.isPresent()) {
      try (Block block = held.get()) {
        block.check(random.nextInt(PAGES));
      }
    }
  }

  private void write(Deque<Long> pinned) throws IOException {
    long inode = nextInode.incrementAndGet();
    BlockKey key = written(inode);
    int length = random.nextInt(1, 2 * PAGE_SIZE_BYTES);
    try (BlockWrite write = store.openForWrite(key, 0, WriteAck.PAGE_CACHE)) {
      int at = 0;
      while (at < length) {
        int piece = Math.min(length - at, random.nextInt(1, 600_000));
        ByteBuffer bytes = content(key, at, piece);
        write.write(bytes, ChunkSums.of(at, bytes));
        at += piece;
      }
      write.commit(length, true);
    } catch (CurvineException e) {
      store.drop(key);
      throw e;
    }
    note("W " + inode + " " + length + "\n");
    pinned.addLast(inode);
    letGo(pinned, PINNED_MAX);
  }

  private void letGo(Deque<Long> pinned, int most) throws IOException {
    while (pinned.size() > most) {
      long inode = pinned.removeFirst();
      note("U " + inode + "\n");
      if (random.nextBoolean()) {
        store.unpin(written(inode));
      } else {
        store.drop(written(inode));
      }
    }
  }

  private void note(String line) throws IOException {
    notes.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
  }
}
