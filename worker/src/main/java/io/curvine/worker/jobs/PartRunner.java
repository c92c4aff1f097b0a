/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.CachePolicy;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobPart;
import io.curvine.protocol.proto.TierKind;
import io.curvine.worker.fill.FillSource;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.store.Block;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does its share of a job on a tree: fills blocks, many at a time, or drops them. Goes on after a
 * failure with what is left. Thread-safe.
 */
final class PartRunner {
  private static final Logger LOG = LoggerFactory.getLogger(PartRunner.class);

  /** Blocks of one job that are being filled at a time. */
  private static final int FILLS_MAX = 16;

  private final BlockStore store;
  private final PageFiller filler;
  private final LongConsumer changed;

  /**
   * A runner.
   *
   * @param changed is told of files whose UFS object is not the one that the masters know
   */
  PartRunner(BlockStore store, PageFiller filler, LongConsumer changed) {
    this.store = store;
    this.filler = filler;
    this.changed = changed;
  }

  /** Drops what is cached here of the files; what the UFS does not have stays. */
  Outcome free(Job job) {
    for (JobPart part : job.getPartsList()) {
      for (BlockKey key : store.keysOf(part.getInode())) {
        boolean unused = store.dropIfCached(key);
      }
    }
    return Outcome.done();
  }

  /**
   * Has the blocks here, whole.
   *
   * @param layouts of the job's parts, or of its one file; one without an inode is gone
   */
  Outcome load(List<FileLayout> layouts, Job job) throws IOException {
    Load load = new Load(job.getTier());
    try {
      for (int i = 0; i < layouts.size(); i++) {
        boolean toItsEnd = job.getPartsCount() == 0 || job.getParts(i).getBlocks() == 0;
        load.add(layouts.get(i), toItsEnd);
      }
      load.drain(0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      load.abandon();
    }
    return load.outcome();
  }

  /** A part and what became of it. */
  private static final class Part {
    final FileLayout layout;
    final boolean countsFile;
    IOException failure;
    long bytes;

    Part(FileLayout layout, boolean countsFile) {
      this.layout = layout;
      this.countsFile = countsFile;
    }
  }

  /** A block that is being filled; held until then. */
  private record Fill(
      Part part,
      Block block,
      List<Integer> pages,
      FillSource source,
      CompletableFuture<Void> end) {}

  /** One job's work. For one thread. */
  private final class Load {
    private final TierKind tier;
    private final List<Part> parts = new ArrayList<>();
    private final Deque<Fill> fills = new ArrayDeque<>();

    Load(TierKind tier) {
      this.tier = tier;
    }

    void add(FileLayout layout, boolean countsFile) throws InterruptedException {
      Part part = new Part(layout, countsFile);
      parts.add(part);
      for (BlockLayout block : layout.getBlocksList()) {
        if (block.getFillable() && block.getValidBytes() > 0 && layout.hasUfs()) {
          drain(FILLS_MAX - 1);
          begin(part, block);
        }
      }
    }

    private void begin(Part part, BlockLayout layout) {
      try {
        FillSource source = FileContent.source(part.layout, layout);
        CachePolicy policy = source.policy();
        TierKind where = tier == TierKind.TIER_UNSPECIFIED ? policy.getTier() : tier;
        Block block =
            store.acquireForFill(FileContent.key(part.layout, layout), where, policy.getPinned());
        if (block.state() != BlockState.CACHED) { // it was written here
          block.close();
          return;
        }
        List<Integer> pages = missing(block, source);
        fills.add(new Fill(part, block, pages, source, filler.fill(block, pages, source)));
        part.bytes += layout.getValidBytes();
      } catch (IOException e) {
        failed(part, e);
      }
    }

    /** Waits until so many are being filled at most. */
    void drain(int left) throws InterruptedException {
      while (fills.size() > left) {
        Fill fill = fills.element();
        try {
          fill.end.get();
          if (!missing(fill.block, fill.source).isEmpty()) {
            throw new IOException(
                "block " + fill.block.key() + " is not whole after it was filled");
          }
        } catch (ExecutionException e) {
          failed(
              fill.part,
              e.getCause() instanceof IOException io ? io : new IOException(e.getCause()));
        } catch (IOException e) {
          failed(fill.part, e);
        }
        fills.remove();
        fill.block.close();
      }
    }

    /** Lets go of what was begun and is not waited for. */
    void abandon() {
      fills.forEach(fill -> fill.end.whenComplete((done, failure) -> fill.block.close()));
      fills.clear();
    }

    private void failed(Part part, IOException failure) {
      LOG.debug("cannot load inode {}", part.layout.getInode().getId(), failure);
      if (part.failure == null) {
        part.failure = failure;
        if (failure instanceof CurvineException known && isAnother(known.code())) {
          changed.accept(part.layout.getInode().getId());
        }
      }
    }

    Outcome outcome() {
      IOException first = null;
      long files = 0;
      long bytes = 0;
      for (Part part : parts) {
        if (part.failure == null) {
          files += part.countsFile ? 1 : 0;
          bytes += part.bytes;
        } else if (first == null || isFinal(first)) {
          first = part.failure;
        }
      }
      return first == null ? Outcome.done() : Outcome.of(first, files, bytes);
    }
  }

  /** Whether it fails again however often it is tried; another failure may pass. */
  private static boolean isFinal(IOException failure) {
    return !Outcome.of(failure).retry();
  }

  private static boolean isAnother(ErrorCode code) {
    return code == ErrorCode.UFS_CHANGED || code == ErrorCode.NOT_FOUND;
  }

  /** The pages up to the source's end that the block does not have. */
  private static List<Integer> missing(Block block, FillSource source) {
    List<Integer> missing = new ArrayList<>();
    for (int page = 0; (long) page * PAGE_SIZE_BYTES < source.limitBytes(); page++) {
      long left = source.limitBytes() - (long) page * PAGE_SIZE_BYTES;
      if (block.pageLength(page) < Math.min(PAGE_SIZE_BYTES, left)) {
        missing.add(page);
      }
    }
    return missing;
  }
}
