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
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blocks of a worker, over several directories. Thread-safe.
 *
 * <p>Cached blocks go, least recently used first, when a directory passes its high watermark;
 * blocks in use, being written or not yet in the UFS stay. A directory whose files fail is taken
 * out with all its blocks, and the others go on.
 */
public final class BlockStore implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BlockStore.class);

  /** Idle blocks keep their descriptors up to this many. */
  private static final int OPEN_FILES_MAX = 8192;

  private final StoreSettings settings;
  private final List<TierDir> dirs = new ArrayList<>();
  private final Map<BlockKey, Block> blocks = new ConcurrentHashMap<>();
  private final Map<Long, Set<BlockKey>> byInode = new ConcurrentHashMap<>();
  private final AtomicInteger openFiles = new AtomicInteger();
  private final AtomicLong corruptPages = new AtomicLong();
  private volatile StoreListener listener = StoreListener.NONE;

  private BlockStore(StoreSettings settings) {
    this.settings = settings;
  }

  /**
   * Opens the directories and recovers their blocks; one that cannot be opened is left out.
   *
   * @throws IOException where none can be opened
   * @throws IllegalStateException where another worker uses one of them
   */
  public static BlockStore open(StoreSettings settings) throws IOException {
    BlockStore store = new BlockStore(settings);
    for (DirSpec spec : settings.dirs()) {
      TierDir dir = new TierDir(spec, settings);
      store.dirs.add(dir);
      try {
        dir.open();
        Recovery.recover(dir, store);
      } catch (IOException e) {
        store.takeOut(dir, e);
      }
    }
    if (store.dirs.stream().allMatch(TierDir::failed)) {
      throw new IOException("no cache directory can be used", store.dirs.get(0).failure());
    }
    return store;
  }

  /** Who hears of blocks from now on. */
  public void listen(StoreListener hears) {
    listener = hears;
  }

  // --- finding ---

  /** The block with a reference for the caller, if it is here. */
  public Optional<Block> acquire(BlockKey key) throws IOException {
    Block block = blocks.get(key);
    if (block == null || !block.retain()) {
      return Optional.empty();
    }
    block.dir().touch(key);
    return Optional.of(block);
  }

  /** The block with a reference for the caller, made empty where it is not here. */
  public Block acquireForFill(BlockKey key) throws IOException {
    while (true) {
      Optional<Block> found = acquire(key);
      if (found.isPresent()) {
        return found.get();
      }
      Block made = make(key, BlockState.CACHED);
      if (made != null) {
        listener.added(key);
        return made;
      }
    }
  }

  /**
   * The block with a reference for the caller, who is its writer now; what it holds past {@code
   * length} is dropped.
   *
   * @throws CurvineException BLOCK_NOT_FOUND where it holds less than {@code length}; NO_SPACE
   */
  public Block openForWrite(BlockKey key, Object writer, long length) throws IOException {
    while (true) {
      Optional<Block> found = acquire(key);
      Block block = found.isPresent() ? found.get() : make(key, BlockState.WRITING);
      if (block != null) {
        try {
          block.beginWrite(writer, length);
          return block;
        } catch (IOException e) {
          block.release();
          if (found.isEmpty()) {
            block.doom();
          }
          throw e;
        }
      }
    }
  }

  /** Makes a block, retained; null where another thread was first. */
  private Block make(BlockKey key, BlockState state) throws IOException {
    TierDir dir = state == BlockState.WRITING ? chooseForWrite() : choose(d -> true);
    Block block = new Block(key, dir, this, new Pages(), new MetaFile.Header(key, state, 0, 0));
    synchronized (this) {
      if (blocks.containsKey(key)) {
        return null;
      }
      block.create();
      keep(block);
    }
    return block.retain() ? block : null;
  }

  /** What clients write goes to a disk where there is one: memory does not outlive the machine. */
  private TierDir chooseForWrite() throws CurvineException {
    boolean disk = dirs.stream().anyMatch(d -> !d.failed() && d.kind() != TierKind.MEM);
    return choose(d -> !disk || d.kind() != TierKind.MEM);
  }

  private TierDir choose(Predicate<TierDir> fit) throws CurvineException {
    List<TierDir> candidates = dirs.stream().filter(d -> !d.failed()).filter(fit).toList();
    for (TierDir dir : candidates) {
      if (dir.roomBytes() > 0) {
        return candidates.stream()
            .filter(d -> d.kind() == dir.kind())
            .max(Comparator.comparingLong(TierDir::roomBytes))
            .orElse(dir);
      }
    }
    return candidates.stream()
        .max(Comparator.comparingLong(TierDir::evictableBytes))
        .orElseThrow(() -> new CurvineException(ErrorCode.NO_SPACE, "no cache directory is left"));
  }

  /** Puts a block into the tables. */
  void keep(Block block) {
    blocks.put(block.key(), block);
    byInode
        .computeIfAbsent(block.key().inode(), i -> ConcurrentHashMap.newKeySet())
        .add(block.key());
    block.dir().countBlocks(1);
  }

  /** All blocks, in no order. */
  public List<BlockKey> keys() {
    return List.copyOf(blocks.keySet());
  }

  /** The blocks that others may read: not those still in their writer's hands. */
  public List<BlockKey> readableKeys() {
    return blocks.values().stream().filter(b -> readable(b.state())).map(Block::key).toList();
  }

  /** The blocks of a file, in no order. */
  public List<BlockKey> keysOf(long inode) {
    return List.copyOf(byInode.getOrDefault(inode, Set.of()));
  }

  // --- what the masters say ---

  /** Drops a block whatever its state; readers that hold it may read on. */
  public void drop(BlockKey key) {
    Block block = blocks.get(key);
    if (block != null) {
      block.doom();
    }
  }

  /** Drops a block that the UFS has; false where it is here and must stay. */
  public boolean dropIfCached(BlockKey key) {
    Block block = blocks.get(key);
    return block == null || block.dropIfCached();
  }

  /** The UFS has the block: it can be evicted from now on. */
  public void unpin(BlockKey key) throws IOException {
    Block block = blocks.get(key);
    if (block != null) {
      block.unpin();
    }
  }

  /** The UFS does not have the block: it stays. */
  public void pin(BlockKey key) throws IOException {
    Block block = blocks.get(key);
    if (block != null) {
      block.pin();
    }
  }

  /** The file was committed with the replica here, or without it, which then is not served. */
  public void committed(BlockKey key, boolean named) throws IOException {
    Block block = blocks.get(key);
    if (block != null) {
      block.committed(named);
    }
  }

  /** The block was written here, and nobody has used it for this long; false where it is cached. */
  public boolean writtenAndIdle(BlockKey key, long nanos) {
    Block block = blocks.get(key);
    return block != null
        && block.state() != BlockState.CACHED
        && !block.hasWriter()
        && block.idleNanos() > nanos;
  }

  /** The state of a block that is here. */
  public Optional<BlockState> stateOf(BlockKey key) {
    return Optional.ofNullable(blocks.get(key)).map(Block::state);
  }

  // --- from blocks ---

  void forget(Block block) {
    if (blocks.remove(block.key(), block)) {
      byInode.computeIfPresent(
          block.key().inode(),
          (inode, keys) -> {
            keys.remove(block.key());
            return keys.isEmpty() ? null : keys;
          });
      block.dir().countBlocks(-1);
      listener.removed(block.key());
    }
    block.dir().makeUnevictable(block);
  }

  /** Its bytes may be read by others now, or no longer. */
  void published(Block block) {
    if (readable(block.state())) {
      listener.added(block.key());
    } else if (block.state() == BlockState.STALE) {
      listener.removed(block.key());
    }
  }

  private static boolean readable(BlockState state) {
    return state == BlockState.CACHED || state == BlockState.PINNED;
  }

  void corruptPage(Block block, int page) {
    corruptPages.incrementAndGet();
    LOG.warn("page {} of block {} in {} is corrupt", page, block.key(), block.dir().path());
  }

  /** What to throw for a failure of a block's files; the block or its directory may go. */
  IOException failed(Block block, IOException cause) {
    if (cause instanceof NoSuchFileException && Files.isDirectory(block.dir().blocksPath())) {
      LOG.warn("the files of block {} are gone: {}", block.key(), cause.toString());
      block.doom();
      return new CurvineException(
          ErrorCode.BLOCK_NOT_FOUND, "the files of block " + block.key() + " are gone", cause);
    }
    return failed(block.dir(), cause);
  }

  /** What to throw for a failure in a directory; unless it may pass, the directory is taken out. */
  IOException failed(TierDir dir, IOException cause) {
    if (cause instanceof CurvineException) {
      return cause;
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains("No space left") || message.contains("quota exceeded")) {
      return new CurvineException(ErrorCode.NO_SPACE, dir.path() + ": " + message, cause);
    }
    boolean passing =
        cause instanceof ClosedChannelException || message.contains("Too many open files");
    if (!passing) {
      takeOut(dir, cause);
    }
    return new CurvineException(
        ErrorCode.INTERNAL, "directory " + dir.path() + " failed: " + message, cause);
  }

  private void takeOut(TierDir dir, IOException cause) {
    if (dir.fail(cause)) {
      LOG.error("directory {} failed and is taken out", dir.path(), cause);
      blocks.values().stream().filter(b -> b.dir() == dir).forEach(this::forget);
    }
  }

  AtomicInteger openFiles() {
    return openFiles;
  }

  boolean tooManyOpenFiles() {
    return openFiles.get() > OPEN_FILES_MAX;
  }

  long nanoTime() {
    return settings.nanoTime().getAsLong();
  }

  long verifyIntervalNanos() {
    return settings.verifyInterval().toNanos();
  }

  // --- numbers ---

  /** Pages found corrupt since the start. */
  public long corruptPages() {
    return corruptPages.get();
  }

  /** The directories, those taken out with capacity 0. */
  public List<TierUsage> tiers() {
    return dirs.stream().map(TierDir::usage).toList();
  }

  /** Directories taken out. */
  public int failedDirs() {
    return (int) dirs.stream().filter(TierDir::failed).count();
  }

  /** Gives the directories up; blocks still held stay readable until they are released. */
  @Override
  public void close() throws IOException {
    blocks.values().forEach(Block::closeIfIdle);
    for (TierDir dir : dirs) {
      dir.close();
    }
  }
}
