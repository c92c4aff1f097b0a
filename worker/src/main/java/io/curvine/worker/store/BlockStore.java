/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.block.BlockFileFormat.page;
import static io.curvine.protocol.block.BlockFileFormat.start;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.worker.store.BlockTable.Row;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
  private static final int OPEN_FILES_MAX = 2048;

  /** Uses after which a block may move to a faster tier. */
  private static final int HOT_USES = 2;

  /**
   * Requests for a block within so long of each other are one use: a scan asks for it a thousand
   * times, once each piece.
   */
  static final long VISIT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private static final Duration SCRUB_ROUND_MIN = Duration.ofHours(1);

  private final StoreSettings settings;
  private final List<TierDir> dirs;
  private final Tiers tiers;
  private final TierMoves moves;
  private final Map<BlockKey, Block> blocks = new ConcurrentHashMap<>();
  private final InodeIndex byInode = new InodeIndex();
  private final FrequencySketch heat = new FrequencySketch();
  private final HotBlocks hot;
  private final AtomicInteger openFiles = new AtomicInteger();
  private final AtomicLong corruptPages = new AtomicLong();
  private final List<Thread> upkeep = new CopyOnWriteArrayList<>();
  private final CountDownLatch ending = new CountDownLatch(1);
  private volatile StoreListener listener = StoreListener.NONE;

  private BlockStore(StoreSettings settings) {
    this.settings = settings;
    this.hot = new HotBlocks(settings.hotBlockReads(), settings.nanoTime());
    this.moves = new TierMoves(this, new Throttle(settings.moveBytesPerSecond()));
    this.dirs =
        settings.dirs().stream()
            .map(spec -> new TierDir(spec, settings, heat, moves::full))
            .toList();
    this.tiers = new Tiers(dirs);
  }

  /**
   * Opens the directories and recovers their blocks; one that cannot be opened is left out.
   *
   * @throws IOException where none can be opened
   * @throws IllegalStateException where another worker uses one of them
   */
  public static BlockStore open(StoreSettings settings) throws IOException {
    BlockStore store = new BlockStore(settings);
    for (TierDir dir : store.dirs) {
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

  /** Begins what goes on beside: files that are no block's go, blocks move, and are scrubbed. */
  public synchronized void startUpkeep() {
    upkeep.add(new Thread(this::tidyAndMove, "store-moves"));
    if (settings.scrubBytesPerSecond() > 0) {
      Throttle throttle = new Throttle(settings.scrubBytesPerSecond());
      upkeep.add(new Thread(new Scrubber(this, throttle, SCRUB_ROUND_MIN), "store-scrub"));
    }
    for (Thread thread : upkeep) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  /** Waits for so long, or until the store closes; gives whether it does. */
  boolean awaitEnd(long nanos) {
    try {
      return ending.await(nanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends what goes on beside when the store closes. */
  void checkOpen() throws InterruptedIOException {
    if (ending.getCount() == 0) {
      throw new InterruptedIOException("the store closes");
    }
  }

  /** Not side by side: a copy on its way to another directory is no block's yet. */
  private void tidyAndMove() {
    for (TierDir dir : dirs) {
      try {
        if (!dir.failed()) {
          Leftovers.remove(dir, this);
        }
      } catch (InterruptedIOException e) {
        LOG.debug("no more tidying: {}", e.toString());
        return;
      } catch (IOException | DirectoryIteratorException e) {
        LOG.warn("files that are no block's stay in {}: {}", dir.path(), e.toString());
      }
    }
    moves.run();
  }

  /** Who hears of blocks from now on. */
  public void listen(StoreListener hears) {
    listener = hears;
  }

  // --- finding ---

  /** The block with a reference for the caller, if it is here. */
  public Optional<Block> acquire(BlockKey key) throws IOException {
    Block block = blocks.get(key);
    return block != null && block.retain() ? used(block) : Optional.empty();
  }

  /** The same, only if its file is open already. */
  public Optional<Block> acquireIfOpen(BlockKey key) {
    Block block = blocks.get(key);
    return block != null && block.retainIfOpen() ? used(block) : Optional.empty();
  }

  /** The same, without counting it as a use. */
  public Optional<Block> acquireUnseen(BlockKey key) throws IOException {
    Block block = blocks.get(key);
    return block != null && block.retain() ? Optional.of(block) : Optional.empty();
  }

  private Optional<Block> used(Block block) {
    if (block.beginsVisit()) {
      BlockKey key = block.key();
      heat.add(key);
      block.dir().touch(block);
      if (tiers.faster(block.dir()).isPresent() && heat.frequency(key) >= HOT_USES) {
        moves.hot(key);
      }
    }
    return Optional.of(block);
  }

  /** The block, without a reference, if it is here. */
  Optional<Block> find(BlockKey key) {
    return Optional.ofNullable(blocks.get(key));
  }

  /** Removes a file of a directory, unless it is that of a block there. */
  synchronized boolean removeIfNobodys(TierDir dir, Path file) throws IOException {
    BlockKey key = TierDir.keyOf(file);
    Block block = key == null ? null : blocks.get(key);
    boolean needed = block != null && block.dir() == dir;
    if (needed || dir.failed()) { // a directory that failed has no blocks, and keeps their files
      return false;
    }
    return Files.deleteIfExists(file);
  }

  /** Those that many read just now. */
  public HotBlocks hot() {
    return hot;
  }

  /** How often it was used lately, about. */
  int heat(BlockKey key) {
    return heat.frequency(key);
  }

  List<TierDir> dirs() {
    return dirs;
  }

  Tiers where() {
    return tiers;
  }

  TierMoves moves() {
    return moves;
  }

  /** The block with a reference for the caller, made empty where it is not here. */
  public Block acquireForFill(BlockKey key) throws IOException {
    return acquireForFill(key, TierKind.TIER_UNSPECIFIED, false);
  }

  /**
   * As {@link #acquireForFill(BlockKey)}; one that is made goes to the tier if that has room.
   *
   * @param preferred unspecified: whichever
   * @param kept by a policy, as in {@link #keep}
   */
  public Block acquireForFill(BlockKey key, TierKind preferred, boolean kept) throws IOException {
    while (true) {
      Optional<Block> found = acquire(key);
      Block block =
          found.isPresent()
              ? found.get()
              : make(key, BlockState.CACHED, tiers.forFill(preferred, kept));
      if (block != null) {
        if (found.isEmpty()) {
          listener.added(key);
        }
        if (kept) {
          keepHeld(block);
        }
        return block;
      }
    }
  }

  private void keepHeld(Block block) throws IOException {
    try {
      keep(block.key(), true);
    } catch (IOException e) {
      block.release();
      throw e;
    }
  }

  /**
   * The writing of a block, by the caller alone from now on; what it holds past {@code length} is
   * dropped.
   *
   * @param ack where a new block goes
   * @throws CurvineException BLOCK_NOT_FOUND where it holds less than {@code length}; NO_SPACE
   */
  public BlockWrite openForWrite(BlockKey key, long length, WriteAck ack) throws IOException {
    while (true) {
      Optional<Block> found = acquire(key);
      Block block =
          found.isPresent() ? found.get() : make(key, BlockState.WRITING, tiers.forWrite(ack));
      if (block != null) {
        try {
          BlockWrite write = block.beginWrite(length);
          if (found.isPresent()) {
            published(block);
          }
          return write;
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
  private Block make(BlockKey key, BlockState state, TierDir dir) throws IOException {
    Block block;
    synchronized (this) {
      if (blocks.containsKey(key)) {
        return null;
      }
      block = new Block(this, dir, dir.takeRow(), Row.empty(key, state));
      try {
        block.create();
      } catch (IOException e) {
        block.doom();
        throw e;
      }
      keep(block);
    }
    return block.retain() ? block : null;
  }

  /** Puts a block into the tables. */
  void keep(Block block) {
    blocks.put(block.key(), block);
    byInode.add(block);
    heat.ensure(blocks.size());
    block.dir().countBlocks(1);
  }

  /**
   * A copy takes the place of its block.
   *
   * @return false where the block is another one now, or is written or pinned: it stays
   */
  boolean replace(Block block, Block copy) throws IOException {
    synchronized (this) {
      if (blocks.get(block.key()) != block) {
        return false;
      }
      copy.copied(block.kept());
      swap(block, copy);
      if (!block.dropIfCached()) {
        swap(copy, block);
        return false;
      }
      return true;
    }
  }

  private void swap(Block out, Block in) {
    blocks.put(in.key(), in);
    byInode.remove(out);
    byInode.add(in);
    out.dir().countBlocks(-1);
    in.dir().countBlocks(1);
  }

  /** All blocks, in no order. */
  public List<BlockKey> keys() {
    return List.copyOf(blocks.keySet());
  }

  /** The blocks that are finished: not those still in their writer's hands. */
  public List<BlockKey> sealedKeys() {
    return blocks.values().stream().filter(b -> b.state().sealed()).map(Block::key).toList();
  }

  /** The blocks that others may read, as far as they are written. */
  public List<BlockKey> readableKeys() {
    return blocks.values().stream().filter(Block::readable).map(Block::key).toList();
  }

  /**
   * What others may read of a block is durable afterwards; not where the UFS has it, and it may be
   * lost.
   *
   * @throws CurvineException BLOCK_NOT_FOUND where others may not read it here
   */
  public void force(BlockKey key) throws IOException {
    Block block =
        acquireUnseen(key)
            .orElseThrow(
                () ->
                    new CurvineException(
                        ErrorCode.BLOCK_NOT_FOUND, "block " + key + " is not here"));
    try (block) {
      block.forceReadable();
    }
  }

  /** The blocks of a file, in no order. */
  public List<BlockKey> keysOf(long inode) {
    return byInode.keysOf(inode);
  }

  // --- what the masters say ---

  /** Drops a block whatever its state; readers that hold it may read on. */
  public void drop(BlockKey key) {
    Block block = blocks.get(key);
    if (block != null) {
      block.doom();
    }
  }

  /**
   * Nobody names the block any more: it may be read on, and is evicted before all that is named.
   *
   * @return false where it is not here, or has gone at once because others may not read it
   */
  public boolean letGo(BlockKey key) throws IOException {
    Block block = blocks.get(key);
    if (block == null) {
      return false;
    }
    if (!block.state().sealed()) {
      block.doom();
      return false;
    }
    block.unpin();
    keep(key, false);
    block.dir().evictFirst(block);
    return true;
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

  /** The UFS does not have the block: it stays. Not while a copy takes its place. */
  public synchronized void pin(BlockKey key) throws IOException {
    Block block = blocks.get(key);
    if (block != null) {
      block.pin();
    }
  }

  /**
   * A policy keeps what is cached of the block, or no longer does. It is not kept where the
   * directory keeps as much already as it may. Not while a copy takes its place.
   */
  public void keep(BlockKey key, boolean wanted) throws IOException {
    Block seen = blocks.get(key);
    if (seen == null || seen.kept() == wanted) {
      return; // nearly always, and without waiting for others
    }
    synchronized (this) {
      Block block = blocks.get(key);
      if (block != null) {
        block.keep(wanted);
      }
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
      byInode.remove(block);
      block.dir().countBlocks(-1);
      listener.removed(block.key());
    }
    block.dir().makeUnevictable(block);
  }

  /** Its bytes may be read by others now, or no longer. */
  void published(Block block) {
    if (blocks.get(block.key()) != block) {
      return;
    }
    if (block.readable()) {
      listener.added(block.key());
    }
    if (!block.readable() || !blocks.containsKey(block.key())) { // it may have gone meanwhile
      listener.removed(block.key());
    }
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
      if (dir.ranOut()) {
        LOG.warn("the disk of directory {} is full before the directory is", dir.path());
      }
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

  /**
   * Reads a range of a block, whose sending has failed, to see whether its file is to blame: its
   * directory is taken out then.
   */
  public void lookAgain(BlockKey key, long offset, int length) {
    try {
      Block block = acquireUnseen(key).orElse(null);
      if (block == null) {
        return;
      }
      try (block) {
        for (int page = page(offset); start(page) < offset + length; page++) {
          block.check(page);
        }
      }
    } catch (IOException e) {
      LOG.warn("block {} could not be sent: {}", key, e.getMessage());
    }
  }

  // --- numbers ---

  /** Pages found corrupt since the start. */
  public long corruptPages() {
    return corruptPages.get();
  }

  /** How often a block was not kept though a policy said so: too much is. */
  public long keepRefusals() {
    return dirs.stream().mapToLong(TierDir::keepRefusals).sum();
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
    endUpkeep();
    blocks.values().forEach(Block::closeIfIdle);
    for (TierDir dir : dirs) {
      dir.close();
    }
  }

  /** Not by interrupts: these close the files that are in use. */
  private void endUpkeep() {
    ending.countDown();
    moves.wake();
    try {
      for (Thread thread : upkeep) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
