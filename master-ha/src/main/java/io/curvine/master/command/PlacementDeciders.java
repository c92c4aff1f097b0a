/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockPlaced;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.PlaceBlock;
import java.util.ArrayList;
import java.util.List;

/** Which workers are counted on for a block that the UFS does not have, after it was written. */
final class PlacementDeciders {
  private PlacementDeciders() {}

  /** Asked twice, it is done once. */
  static void place(PlaceBlock command, Context context) throws Refused {
    BlockId id = command.getBlock();
    BlockRecord record = named(id, context);
    int added = command.getAddedWorkerId();
    if (added != 0) {
      requireCopy(command, record, context);
    }
    List<Integer> workers = new ArrayList<>(record.getWorkerIdsList());
    boolean removes = command.getRemovedWorkerIdsCount() > 0;
    if (removes && !workers.equals(command.getExpectedWorkerIdsList())) {
      throw new Refused(ErrorCode.FILE_BUSY, text(id) + " is at " + workers + " by now");
    }
    workers.removeAll(command.getRemovedWorkerIdsList());
    if (added != 0 && !workers.contains(added)) {
      workers.add(added);
    }
    if (workers.isEmpty()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "no worker would be left for " + text(id) + "; it is at " + record.getWorkerIdsList());
    }
    if (!workers.equals(record.getWorkerIdsList())) {
      context.emit(
          Event.newBuilder()
              .setBlockPlaced(BlockPlaced.newBuilder().setBlock(id).addAllWorkerIds(workers)));
    }
  }

  /** The record of a block that nobody writes and the UFS does not have. */
  private static BlockRecord named(BlockId id, Context context) throws Refused {
    Inode file = context.namespace().find(id.getInode());
    BlockRecord record =
        file == null ? null : context.namespace().block(id.getInode(), id.getIndex());
    if (record == null || record.getVersion() != id.getVersion()) {
      throw new Refused(ErrorCode.NOT_FOUND, "nothing names " + text(id) + " any more");
    }
    if (file.hasLease() && file.getLease().getWriteVersion() == id.getVersion()) {
      throw new Refused(ErrorCode.FILE_BUSY, text(id) + " is being written");
    }
    if (id.getVersion() <= file.getExportedVersion()) {
      throw new Refused(ErrorCode.NOT_FOUND, "the UFS has " + text(id) + " by now");
    }
    return record;
  }

  private static void requireCopy(PlaceBlock command, BlockRecord record, Context context)
      throws Refused {
    if (context.workers().find(command.getAddedWorkerId()) == null) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, "there is no worker " + command.getAddedWorkerId());
    }
    if (command.getLengthBytes() < record.getLengthBytes()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "the copy of "
              + text(command.getBlock())
              + " has "
              + command.getLengthBytes()
              + " bytes; allowed: from "
              + record.getLengthBytes());
    }
  }

  private static String text(BlockId id) {
    return "block " + id.getIndex() + " of inode " + id.getInode() + " at " + id.getVersion();
  }
}
