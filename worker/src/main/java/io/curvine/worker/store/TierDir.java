/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockFileFormat;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.worker.store.BlockTable.Row;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * One cache directory: its room, and the order in which its blocks were used. Thread-safe; its
 * monitor is never held while a block is locked or a file touched.
 */
final class TierDir {
  private static final int FAN_OUT = 256;
  private static final String COPY_SUFFIX = ".copy";

  private final DirSpec spec;
  private final StoreSettings settings;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong pinned = new AtomicLong();

  /** Of the pinned. */
  private final AtomicLong stale = new AtomicLong();

  /** Of the others: that policies keep. */
  private final AtomicLong kept = new AtomicLong();

  private final AtomicLong keepRefusals = new AtomicLong();
  private final AtomicInteger blocks = new AtomicInteger();
  private final Consumer<TierDir> whenFull;
  private final EvictionPolicy evictable;

  /** That nobody names any more: they go before all others. */
  private final Set<BlockKey> unnamed = ConcurrentHashMap.newKeySet();

  private volatile IOException failure;

  /** What it takes: its configured capacity, or less where the disk turned out to be smaller. */
  private volatile long capacityBytes;

  private FileChannel lockFile;
  private BlockTable table;

  /**
   * @param whenFull is told when the directory is above its high watermark
   */
  TierDir(DirSpec spec, StoreSettings settings, FrequencySketch heat, Consumer<TierDir> whenFull) {
    this.whenFull = whenFull;
    this.spec = spec;
    this.settings = settings;
    this.capacityBytes = spec.capacityBytes();
    this.evictable = settings.eviction().policy(spec.capacityBytes(), heat);
  }

  /** Makes the directory and takes it for this process. */
  void open() throws IOException {
    makeFolders();
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
    Io.forceFolder(blocksPath());
  }

  /** Opens the table, and tells of each row. */
  void openTable(BiConsumer<Integer, Row> rows) throws IOException {
    table = BlockTable.open(spec.path().resolve("blocks.table"), rows);
    Io.forceFolder(spec.path());
  }

  /** A free row of the table. */
  int takeRow() {
    return table.take();
  }

  void writeRow(int row, Row content) throws IOException {
    table.write(row, content);
  }

  /** Rows that were written survive a power failure. */
  void forceTable() throws IOException {
    table.force();
  }

  /** Removes a block; its row goes first: a file without one is none. */
  void remove(int row, Path file) throws IOException {
    freeRow(row);
    Files.deleteIfExists(file);
  }

  /** There is no such block. */
  void freeRow(int row) throws IOException {
    table.free(row);
  }

  private Path folder(int bucket) {
    return blocksPath().resolve(String.format("%02x", bucket));
  }

  void close() throws IOException {
    if (table != null) {
      table.close();
    }
    if (lockFile != null) {
      lockFile.close();
    }
  }

  /** Where the files of blocks are. */
  List<Path> folders() {
    return IntStream.range(0, FAN_OUT).mapToObj(this::folder).toList();
  }

  Path blocksPath() {
    return spec.path().resolve("blocks");
  }

  /** Of a block that is being copied here; no other block has its name. */
  Path copyPath(BlockKey key) {
    return folder(key).resolve(key.fileName() + COPY_SUFFIX);
  }

  Path dataPath(BlockKey key) {
    return folder(key).resolve(key.fileName() + BlockFileFormat.SUFFIX);
  }

  /** The block whose file that is called; null: it is none. */
  static BlockKey keyOf(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(BlockFileFormat.SUFFIX)
        ? BlockKey.ofFileName(name.substring(0, name.length() - BlockFileFormat.SUFFIX.length()))
        : null;
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

  /**
   * The disk has no room though there should be some: it takes no more than it has now, and makes
   * room below that.
   *
   * @return true for the first time since it took what is configured
   */
  boolean ranOut() {
    boolean first = capacityBytes == spec.capacityBytes();
    take(used.get());
    whenFull.accept(this);
    return first;
  }

  /** After it ran out: what the disk has room for by now, up to what is configured. */
  private void lookForRoom() {
    if (capacityBytes == spec.capacityBytes()) {
      return;
    }
    take(used.get() + spec.path().toFile().getUsableSpace());
  }

  /** Never nothing, which is what a directory takes that has failed. */
  private void take(long bytes) {
    capacityBytes = Math.max(1, Math.min(spec.capacityBytes(), bytes));
  }

  /** Room below the high watermark. */
  long roomBytes() {
    return high() - used.get();
  }

  /** What is above the low watermark. */
  long overLowBytes() {
    return used.get() - low();
  }

  /** What could be evicted at most. */
  long evictableBytes() {
    return used.get() - pinned.get() - kept.get();
  }

  /** So many bytes more can be kept here because policies say so. */
  boolean canKeep(long bytes) {
    return kept.get() + bytes <= keptMax();
  }

  /** More is kept than it may. */
  boolean keepsTooMuch() {
    return kept.get() > keptMax();
  }

  /** So much that the rest can always be evicted down to the low watermark. */
  private long keptMax() {
    int percent = Math.min(settings.pinMaxPercent(), settings.lowWatermarkPercent());
    return capacityBytes / 100 * percent;
  }

  /** A block is not kept though a policy says so. */
  void refusedToKeep() {
    keepRefusals.incrementAndGet();
  }

  /** How often that was so. */
  long keepRefusals() {
    return keepRefusals.get();
  }

  /**
   * Takes room. Above the high watermark others make more; a directory that is full evicts here.
   *
   * @throws CurvineException NO_SPACE where not enough can be evicted
   */
  void reserve(long bytes) throws CurvineException {
    long after = used.addAndGet(bytes);
    if (after > high()) {
      whenFull.accept(this);
    }
    if (after > capacityBytes) {
      evict(used.get() - high()); // others who came at the same time may have done it
    }
    if (used.get() > capacityBytes) {
      used.addAndGet(-bytes);
      throw new CurvineException(
          ErrorCode.NO_SPACE,
          "directory "
              + spec.path()
              + " is full and nothing more can be evicted: "
              + pinned.get()
              + " of "
              + capacityBytes
              + " bytes are not in the UFS yet, and policies pin "
              + kept.get());
    }
  }

  void unreserve(long bytes) {
    used.addAndGet(-bytes);
  }

  /** What a block takes has changed. */
  void account(long usedBytes, long pinnedBytes, long staleBytes) {
    used.addAndGet(usedBytes);
    pinned.addAndGet(pinnedBytes);
    stale.addAndGet(staleBytes);
  }

  /** What a block takes that a policy keeps has changed. */
  void accountKept(long bytes) {
    kept.addAndGet(bytes);
  }

  void countBlocks(int change) {
    blocks.addAndGet(change);
  }

  synchronized void makeEvictable(Block block, long bytes) {
    evictable.put(block, bytes);
  }

  synchronized void makeUnevictable(Block block) {
    evictable.remove(block);
    unnamed.remove(block.key());
  }

  /** Nobody names it any more. */
  void evictFirst(Block block) {
    unnamed.add(block.key());
  }

  /** Whether nobody names it any more. */
  boolean goesFirst(Block block) {
    return unnamed.contains(block.key());
  }

  synchronized void touch(Block block) {
    evictable.touch(block);
  }

  private void evict(long wantedBytes) {
    long wanted = wantedBytes;
    for (Block block : victims()) {
      if (wanted <= 0) {
        return;
      }
      wanted -= block.evictIfIdle();
    }
  }

  /** Those that may go, in the order in which they should. */
  synchronized List<Block> victims() {
    List<Block> inOrder = evictable.inOrder();
    if (unnamed.isEmpty()) {
      return inOrder;
    }
    List<Block> first = new ArrayList<>(inOrder.stream().filter(this::goesFirst).toList());
    inOrder.stream().filter(block -> !goesFirst(block)).forEach(first::add);
    return first;
  }

  private long high() {
    return capacityBytes / 100 * settings.highWatermarkPercent();
  }

  private long low() {
    return capacityBytes / 100 * settings.lowWatermarkPercent();
  }

  /** What it takes and holds; nothing where it has failed. */
  TierUsage usage() {
    TierUsage.Builder usage =
        TierUsage.newBuilder().setKind(spec.kind()).setDirectory(spec.path().toString());
    if (failed()) {
      return usage.build(); // what it held counts no more: others may be asked to take as much
    }
    lookForRoom();
    return usage
        .setCapacityBytes(capacityBytes)
        .setUsedBytes(Math.max(0, used.get()))
        .setPinnedBytes(Math.max(0, pinned.get()))
        .setStaleBytes(Math.max(0, stale.get()))
        .setKeptBytes(Math.max(0, kept.get()))
        .setBlocks(Math.max(0, blocks.get()))
        .build();
  }
}
