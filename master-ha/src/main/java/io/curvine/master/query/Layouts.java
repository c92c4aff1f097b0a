/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.PresentObject;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.BlockVerdict;
import io.curvine.protocol.proto.CachePolicy;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.UfsSource;
import java.util.List;
import java.util.Map;

/** Which blocks a file is made of, and who can give them. */
final class Layouts {
  private final StateView state;
  private final SoftState workers;

  Layouts(StateView state, SoftState workers) {
    this.state = state;
    this.workers = workers;
  }

  /** The blocks that {@code [offset, offset + length)} touches; length 0: to the end. */
  FileLayout of(Inode file, long offset, long length, Place client) {
    FileLayout.Builder layout = FileLayout.newBuilder().setInode(file);
    Policy policy = state.policies().effective(file);
    addSource(file, policy, layout);
    long end = end(file, offset, length);
    if (offset >= end) {
      return layout.build();
    }
    Place place = workers.locate(client);
    int blockSize = file.getBlockSizeBytes();
    int first = (int) (offset / blockSize);
    int last = (int) ((end - 1) / blockSize);
    Map<Integer, BlockRecord> records =
        file.getHasBlockRecords()
            ? state.namespace().blocks(file.getId(), first, last + 1)
            : Map.of();
    Readers readers = new Readers(workers, place, policy);
    for (int index = first; index <= last; index++) {
      layout.addBlocks(block(file, index, records.get(index), layout.hasUfs(), readers));
    }
    return layout.build();
  }

  /** How many blocks that are. */
  static long blocks(Inode file, long offset, long length) {
    long end = end(file, offset, length);
    return offset >= end
        ? 0
        : (end - 1) / file.getBlockSizeBytes() - offset / file.getBlockSizeBytes() + 1;
  }

  private static long end(Inode file, long offset, long length) {
    long left = file.getLengthBytes() - offset;
    return length == 0 || length > left ? file.getLengthBytes() : offset + length;
  }

  private void addSource(Inode file, Policy policy, FileLayout.Builder layout) {
    Mount mount = state.mounts().find(file.getMountId());
    if (mount != null && file.hasUfs()) {
      ByteString path = PresentObject.path(file, mount, state);
      UfsSource.Builder source =
          UfsSource.newBuilder()
              .setMountId(mount.getId())
              .setPath(path)
              .setVersion(file.getUfs().getVersion())
              .setLengthBytes(file.getUfs().getLengthBytes());
      CachePolicy cache = CachePolicies.of(policy);
      if (!cache.equals(CachePolicy.getDefaultInstance())) {
        source.setCache(cache);
      }
      layout.setUfs(source);
    }
  }

  private BlockLayout block(
      Inode file, int index, BlockRecord record, boolean hasSource, Readers readers) {
    long version = record == null ? file.getBaseVersion() : record.getVersion();
    int valid = record == null ? baseLength(file, index) : record.getLengthBytes();
    BlockLayout.Builder block =
        BlockLayout.newBuilder().setIndex(index).setVersion(version).setValidBytes(valid);
    if (valid == 0) {
      return block.build();
    }
    boolean fillable = hasSource && version <= file.getExportedVersion();
    BlockId id =
        BlockId.newBuilder().setInode(file.getId()).setVersion(version).setIndex(index).build();
    List<BlockLocation> holders = fillable ? readers.ofCached(id) : readers.holders(id);
    if (record != null && version > file.getExportedVersion()) {
      // A replica that was replaced while the block was written may be out there under the name.
      holders =
          holders.stream()
              .filter(h -> record.getWorkerIdsList().contains(h.getWorkerId()))
              .toList();
    }
    block.setFillable(fillable).addAllLocations(holders);
    if (fillable && holders.isEmpty()) {
      block.addAllLocations(readers.fillers(id));
    }
    return block.build();
  }

  /** Valid bytes of a block that the base content names. */
  private static int baseLength(Inode file, int index) {
    long start = (long) index * file.getBlockSizeBytes();
    return (int) Math.max(0, Math.min(file.getBlockSizeBytes(), file.getBaseLengthBytes() - start));
  }

  /**
   * Whether the namespace still names a block, and whether the UFS has it.
   *
   * @param worker who has the block: where only workers have it, those that it was not written to
   *     are not counted on; 0: not known
   */
  BlockVerdict verdict(BlockId id, int worker) {
    Inode file = state.namespace().find(id.getInode());
    if (file == null) {
      return BlockVerdict.DROP;
    }
    if (file.hasLease() && file.getLease().getWriteVersion() == id.getVersion()) {
      return BlockVerdict.KEEP_PINNED;
    }
    BlockRecord record = state.namespace().block(file.getId(), id.getIndex());
    boolean named =
        record == null
            ? id.getVersion() == file.getBaseVersion() && baseLength(file, id.getIndex()) > 0
            : id.getVersion() == record.getVersion();
    if (!named) {
      return BlockVerdict.DROP;
    }
    if (id.getVersion() <= file.getExportedVersion() && file.hasUfs()) {
      return BlockVerdict.KEEP;
    }
    boolean leftBehind =
        worker != 0 && record != null && !record.getWorkerIdsList().contains(worker);
    return leftBehind && isAtNamed(id, record) ? BlockVerdict.DROP : BlockVerdict.KEEP_PINNED;
  }

  /** Otherwise the last who has it may be one that nobody counts on. */
  private boolean isAtNamed(BlockId id, BlockRecord record) {
    return workers.holders(id, Place.getDefaultInstance()).stream()
        .anyMatch(holder -> record.getWorkerIdsList().contains(holder.getWorkerId()));
  }
}
