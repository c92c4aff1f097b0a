/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.Inode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Blocks that clients wrote and that the UFS does not have: what their workers lose is lost. */
public final class WrittenBlocks {
  private WrittenBlocks() {}

  /**
   * A block that only workers have.
   *
   * @param lengthBytes valid bytes
   * @param workers those that are counted on for it
   * @param replicas how many there should be
   * @param open it may be written still: its writer sees to its replicas
   */
  public record WrittenBlock(
      BlockId id, int lengthBytes, List<Integer> workers, int replicas, boolean open) {}

  /**
   * Some of them.
   *
   * @param more whether there are records after those that were looked at; they begin at {@code
   *     nextInode} and {@code nextIndex}
   */
  public record Piece(List<WrittenBlock> blocks, boolean more, long nextInode, int nextIndex) {}

  static Piece find(StateView state, long fromInode, int fromIndex, int lookedAtMax) {
    Search search = new Search(state, lookedAtMax);
    state.namespace().scanBlocks(fromInode, fromIndex, search::look);
    return new Piece(search.found, search.more, search.nextInode, search.nextIndex);
  }

  static Optional<WrittenBlock> find(StateView state, BlockId id) {
    BlockRecord record = state.namespace().block(id.getInode(), id.getIndex());
    Inode file = state.namespace().find(id.getInode());
    return record == null || file == null || record.getVersion() != id.getVersion()
        ? Optional.empty()
        : of(state, file, id.getIndex(), record);
  }

  private static Optional<WrittenBlock> of(
      StateView state, Inode file, int index, BlockRecord record) {
    boolean open = file.hasLease() && file.getLease().getWriteVersion() == record.getVersion();
    boolean only = record.getVersion() > file.getExportedVersion() && record.getLengthBytes() > 0;
    if (!only || state.isDetached(file.getParent())) {
      return Optional.empty();
    }
    BlockId id =
        BlockId.newBuilder()
            .setInode(file.getId())
            .setVersion(record.getVersion())
            .setIndex(index)
            .build();
    return Optional.of(
        new WrittenBlock(
            id,
            record.getLengthBytes(),
            record.getWorkerIdsList(),
            Math.max(1, file.getReplicas()),
            open));
  }

  /** One pass over neighbouring records; those of a file come together. */
  private static final class Search {
    private final StateView state;
    private final int max;
    private final List<WrittenBlock> found = new ArrayList<>();
    private int lookedAt;
    private Inode file;
    private boolean more;
    private long nextInode;
    private int nextIndex;

    Search(StateView state, int max) {
      this.state = state;
      this.max = max;
    }

    boolean look(long inode, int index, BlockRecord record) {
      if (lookedAt == max) {
        more = true;
        nextInode = inode;
        nextIndex = index;
        return false;
      }
      lookedAt++;
      if (file == null || file.getId() != inode) {
        file = state.namespace().find(inode);
      }
      if (file != null) {
        of(state, file, index, record).ifPresent(found::add);
      }
      return true;
    }
  }
}
