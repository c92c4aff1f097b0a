/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockPlaced;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.FileCommitted;
import io.curvine.protocol.proto.FileContentChanged;
import io.curvine.protocol.proto.FileTruncated;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.LeaseReleased;
import io.curvine.protocol.proto.LeaseWanted;
import io.curvine.protocol.proto.WriteLease;
import io.curvine.protocol.proto.WriteOpened;

/** Events of files' content. */
final class FileAppliers {
  private FileAppliers() {}

  static void writeOpened(WriteOpened event, MutableState state, long now) {
    Inode inode = state.view().namespace().require(event.getInode());
    if (inode.hasLease()) {
      throw new IllegalStateException("inode " + inode.getId() + " is leased already");
    }
    if (event.getTruncated()) {
      state.namespace().dropBlocksFrom(inode, 0);
      Inode before = inode;
      inode =
          before.toBuilder()
              .setVersion(event.getVersion())
              .setBaseVersion(event.getVersion())
              .setBaseLengthBytes(0)
              .setLengthBytes(0)
              .setMtimeNanos(now)
              .setCtimeNanos(now)
              .build();
      state.namespace().resize(before, inode);
    }
    state
        .namespace()
        .lease(
            inode,
            WriteLease.newBuilder()
                .setSessionId(event.getSessionId())
                .setWriteVersion(event.getWriteVersion())
                .build());
  }

  static void committed(FileCommitted event, MutableState state, long now) {
    Inode inode = state.view().namespace().require(event.getInode());
    if (inode.getLease().getWriteVersion() != event.getWriteVersion()) {
      throw new IllegalStateException(
          "inode " + inode.getId() + " is not written under " + event.getWriteVersion());
    }
    for (CommittedBlock block : event.getBlocksList()) {
      state
          .namespace()
          .putBlock(
              inode.getId(),
              block.getIndex(),
              BlockRecord.newBuilder()
                  .setVersion(event.getWriteVersion())
                  .setLengthBytes(block.getLengthBytes())
                  .addAllWorkerIds(block.getWorkerIdsList())
                  .build());
    }
    Inode written =
        inode.toBuilder()
            .setVersion(event.getVersion())
            .setLengthBytes(event.getLengthBytes())
            .setMtimeNanos(event.getMtimeNanos())
            .setCtimeNanos(event.hasCtimeNanos() ? event.getCtimeNanos() : now)
            .setHasBlockRecords(inode.getHasBlockRecords() || event.getBlocksCount() > 0)
            .build();
    state.namespace().resize(inode, written);
    if (event.getClosed()) {
      state.namespace().release(written);
    }
  }

  static void released(LeaseReleased event, MutableState state) {
    state.namespace().release(state.view().namespace().require(event.getInode()));
  }

  static void wanted(LeaseWanted event, MutableState state, long now) {
    Inode inode = state.view().namespace().require(event.getInode());
    if (!inode.hasLease()) {
      throw new IllegalStateException("inode " + inode.getId() + " is not leased");
    }
    state.namespace().lease(inode, inode.getLease().toBuilder().setWantedNanos(now).build());
  }

  static void truncated(FileTruncated event, MutableState state, long now) {
    Inode inode = state.view().namespace().require(event.getInode());
    long length = event.getLengthBytes();
    if (length < inode.getLengthBytes()) {
      cutBlocks(inode, length, state);
    }
    state
        .namespace()
        .resize(
            inode,
            inode.toBuilder()
                .setVersion(event.getVersion())
                .setLengthBytes(length)
                .setBaseLengthBytes(Math.min(inode.getBaseLengthBytes(), length))
                .setMtimeNanos(now)
                .setCtimeNanos(now)
                .build());
  }

  private static void cutBlocks(Inode inode, long length, MutableState state) {
    int blockSize = inode.getBlockSizeBytes();
    int last = (int) (length / blockSize);
    int left = (int) (length % blockSize);
    BlockRecord cut = state.view().namespace().block(inode.getId(), last);
    state.namespace().dropBlocksFrom(inode, left == 0 ? last : last + 1);
    if (left > 0 && cut != null && cut.getLengthBytes() > left) {
      state.namespace().putBlock(inode.getId(), last, cut.toBuilder().setLengthBytes(left).build());
    }
  }

  /** Where a block is says nothing of the file: its times and its version stay. */
  static void placed(BlockPlaced event, MutableState state) {
    BlockId id = event.getBlock();
    BlockRecord record = state.view().namespace().block(id.getInode(), id.getIndex());
    if (record == null || record.getVersion() != id.getVersion()) {
      throw new IllegalStateException("no such block: " + id);
    }
    state
        .namespace()
        .putBlock(
            id.getInode(),
            id.getIndex(),
            record.toBuilder().clearWorkerIds().addAllWorkerIds(event.getWorkerIdsList()).build());
  }

  static void replaced(FileContentChanged event, MutableState state, long now) {
    Inode inode = state.view().namespace().require(event.getInode());
    state.namespace().dropBlocksFrom(inode, 0);
    state
        .namespace()
        .resize(
            inode,
            inode.toBuilder()
                .setVersion(event.getVersion())
                .setBaseVersion(event.getVersion())
                .setBaseLengthBytes(event.getUfs().getLengthBytes())
                .setLengthBytes(event.getUfs().getLengthBytes())
                .setExportedVersion(event.getVersion())
                .setUfs(event.getUfs())
                .setMtimeNanos(event.getUfs().getMtimeNanos())
                .setCtimeNanos(now)
                .build());
  }
}
