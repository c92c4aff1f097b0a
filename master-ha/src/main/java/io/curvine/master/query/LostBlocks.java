/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.master.check.Findings;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.store.FrozenState;
import io.curvine.master.tool.Text;
import io.curvine.protocol.io.Pace;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.StateFinding;
import io.curvine.protocol.proto.WorkerRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Blocks of files that the UFS does not have and no live worker holds: nobody can read them. A
 * block that was written since the workers reported looks so too, so each is to be looked at twice.
 * Thread-safe.
 */
public final class LostBlocks {
  /** So many inodes, or blocks of a file, are looked at between two waits. */
  private static final int PIECE = 1_000;

  /** What a block's search counts for in the rate of reading. */
  private static final int BLOCK_BYTES = 128;

  private final SoftState workers;
  private final IntPredicate hasReported;

  /**
   * @param hasReported whether it is known what a worker holds
   */
  public LostBlocks(SoftState workers, IntPredicate hasReported) {
    this.workers = workers;
    this.hasReported = hasReported;
  }

  /** Why it cannot be told which blocks are lost; empty where it can. */
  public Optional<String> obstacle(FrozenState state) {
    List<String> silent = new ArrayList<>();
    for (WorkerRecord worker : state.view().workers().all()) {
      if (!hasReported.test(worker.getId())) {
        silent.add(
            worker.getId()
                + " at "
                + worker.getAddress().getHost()
                + ":"
                + worker.getAddress().getDataPort());
      }
    }
    return silent.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "blocks against workers: which blocks these workers hold has not been reported: "
                + String.join(", ", silent));
  }

  /** Finds all of them. The names of the state have to be in order. */
  public void find(FrozenState state, Pace pace, Consumer<StateFinding> found) throws IOException {
    Key next = Keys.EMPTY;
    while (next != null) {
      List<Inode> files = new ArrayList<>();
      Key[] last = {null};
      int[] seen = {0};
      state
          .rows()
          .scan(
              ColumnFamily.INODES,
              next,
              null,
              (key, inode) -> {
                last[0] = key;
                if (NamespaceView.isFile(inode) && inode.getLengthBytes() > 0) {
                  files.add(inode);
                }
                return ++seen[0] < PIECE;
              });
      for (Inode file : files) {
        find(state, file, pace, found);
      }
      pace.await((long) seen[0] * BLOCK_BYTES);
      next = seen[0] < PIECE ? null : Keys.successor(last[0]);
    }
  }

  private void find(FrozenState state, Inode file, Pace pace, Consumer<StateFinding> found)
      throws IOException {
    // What was unmounted or deleted is on its way out, and has no path.
    if (state.view().isDetached(file.getParent())) {
      return;
    }
    long step = (long) PIECE * file.getBlockSizeBytes();
    for (long at = 0; at < file.getLengthBytes() && step > 0; at += step) {
      List<BlockLayout> blocks =
          new Layouts(state.view(), workers)
              .of(file, at, step, Place.getDefaultInstance())
              .getBlocksList();
      for (BlockLayout block : blocks) {
        if (isLost(block)) {
          found.accept(finding(state, file, block));
        }
      }
      pace.await((long) blocks.size() * BLOCK_BYTES);
    }
  }

  private static boolean isLost(BlockLayout block) {
    return block.getValidBytes() > 0 && !block.getFillable() && block.getLocationsCount() == 0;
  }

  private static StateFinding finding(FrozenState state, Inode file, BlockLayout block) {
    BlockRecord record = state.view().namespace().block(file.getId(), block.getIndex());
    String writers =
        record == null ? "" : "; it was written to workers " + record.getWorkerIdsList();
    return Findings.of(
            FindingKind.LOST_BLOCK,
            ColumnFamily.BLOCKS,
            Keys.of(file.getId(), block.getIndex()),
            file.getId(),
            "block "
                + block.getIndex()
                + " of "
                + block.getValidBytes()
                + " bytes is at no live worker, and the UFS does not have it"
                + writers,
            "")
        .setPath(Text.of(state.view().namespace().path(file)))
        .build();
  }

  /** Whether a block that was found is lost still. */
  public Optional<StateFinding> again(FrozenState state, StateFinding finding) {
    Key key = Key.of(finding.getKey().toByteArray());
    Inode file = state.view().namespace().find(finding.getInode());
    if (file == null || !NamespaceView.isFile(file) || state.view().isDetached(file.getParent())) {
      return Optional.empty();
    }
    long start = (long) key.intAt(Long.BYTES) * file.getBlockSizeBytes();
    return new Layouts(state.view(), workers)
        .of(file, start, 1, Place.getDefaultInstance()).getBlocksList().stream()
            .filter(LostBlocks::isLost)
            .map(block -> finding(state, file, block))
            .findFirst();
  }
}
