/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TierUsage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One cache directory: its room, and the order in which its blocks were used. Thread-safe; its
 * monitor is never held while a block is locked or a file touched.
 */
final class TierDir {
  private static final int FAN_OUT = 256;

  private final DirSpec spec;
  private final StoreSettings settings;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong pinned = new AtomicLong();
  private final AtomicInteger blocks = new AtomicInteger();
  private final Map<BlockKey, Block> evictable = new LinkedHashMap<>(64, 0.75f, true);
  private volatile IOException failure;
  private FileChannel lockFile;

  TierDir(DirSpec spec, StoreSettings settings) {
    this.spec = spec;
    this.settings = settings;
  }

  /** Makes the directory and takes it for this process. */
  void open() throws IOException {
    if (!Files.isDirectory(blocksPath())) {
      makeFolders();
    }
    lockFile =
        FileChannel.open(
            spec.path().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = lockFile.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      lockFile.close();
      throw new IllegalStateException("directory " + spec.path() + " is used by another worker");
    }
  }

  /** All folders at first, so that a file's own folder is all that has to be forced for it. */
  private void makeFolders() throws IOException {
    Files.createDirectories(blocksPath());
    for (int bucket = 0; bucket < FAN_OUT; bucket++) {
      Files.createDirectories(folder(bucket));
    }
    try (FileChannel parent = FileChannel.open(blocksPath(), StandardOpenOption.READ)) {
      parent.force(true);
    }
  }

  private Path folder(int bucket) {
    return blocksPath().resolve(String.format("%02x", bucket));
  }

  void close() throws IOException {
    if (lockFile != null) {
      lockFile.close();
    }
  }

  Path blocksPath() {
    return spec.path().resolve("blocks");
  }

  Path dataPath(BlockKey key) {
    return folder(key).resolve(key.fileName() + ".blk");
  }

  Path metaPath(BlockKey key) {
    return folder(key).resolve(key.fileName() + ".meta");
  }

  Path folder(BlockKey key) {
    return folder(Math.floorMod(Long.hashCode(key.inode()), FAN_OUT));
  }

  TierKind kind() {
    return spec.kind();
  }

  Path path() {
    return spec.path();
  }

  boolean failed() {
    return failure != null;
  }

  IOException failure() {
    return failure;
  }

  /** Takes the directory out; true for the first failure. */
  synchronized boolean fail(IOException cause) {
    boolean first = failure == null;
    if (first) {
      failure = cause;
    }
    return first;
  }

  /** Room below the high watermark. */
  long roomBytes() {
    return high() - used.get();
  }

  /** What could be evicted at most. */
  long evictableBytes() {
    return used.get() - pinned.get();
  }

  /**
   * Takes room, evicting where the directory fills up.
   *
   * @throws CurvineException NO_SPACE where not enough can be evicted
   */
  void reserve(long bytes) throws CurvineException {
    long after = used.addAndGet(bytes);
    if (after > high()) {
      evict(after - low());
    }
    if (used.get() > spec.capacityBytes()) {
      used.addAndGet(-bytes);
      throw new CurvineException(
          ErrorCode.NO_SPACE,
          "directory "
              + spec.path()
              + " is full and nothing more can be evicted: "
              + pinned.get()
              + " of "
              + spec.capacityBytes()
              + " bytes are not in the UFS yet");
    }
  }

  void unreserve(long bytes) {
    used.addAndGet(-bytes);
  }

  /** What a block takes has changed. */
  void account(long usedBytes, long pinnedBytes) {
    used.addAndGet(usedBytes);
    pinned.addAndGet(pinnedBytes);
  }

  void countBlocks(int change) {
    blocks.addAndGet(change);
  }

  synchronized void makeEvictable(Block block) {
    evictable.put(block.key(), block);
  }

  synchronized void makeUnevictable(Block block) {
    evictable.remove(block.key(), block);
  }

  synchronized void touch(BlockKey key) {
    evictable.get(key);
  }

  private void evict(long wantedBytes) {
    long wanted = wantedBytes;
    for (Block block : eldest()) {
      if (wanted <= 0) {
        return;
      }
      wanted -= block.evictIfIdle();
    }
  }

  private synchronized List<Block> eldest() {
    return new ArrayList<>(evictable.values());
  }

  private long high() {
    return spec.capacityBytes() / 100 * settings.highWatermarkPercent();
  }

  private long low() {
    return spec.capacityBytes() / 100 * settings.lowWatermarkPercent();
  }

  TierUsage usage() {
    return TierUsage.newBuilder()
        .setKind(spec.kind())
        .setCapacityBytes(failed() ? 0 : spec.capacityBytes())
        .setUsedBytes(Math.max(0, used.get()))
        .setPinnedBytes(Math.max(0, pinned.get()))
        .setBlocks(Math.max(0, blocks.get()))
        .setDirectory(spec.path().toString())
        .build();
  }
}
