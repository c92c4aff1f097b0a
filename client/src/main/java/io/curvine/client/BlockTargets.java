/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnections;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AllocateBlock;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** The workers that one block is written to, in the order of the pipeline. Immutable. */
record BlockTargets(List<BlockTarget> workers) {
  /** Asks the masters for workers without those that failed. */
  static BlockTargets allocate(WriteContext file, int index, Set<Integer> excluded)
      throws IOException {
    CommandResult result =
        file.namespace()
            .command(
                Command.newBuilder()
                    .setAllocateBlock(
                        AllocateBlock.newBuilder()
                            .setInode(file.inode())
                            .setWriteVersion(file.version())
                            .setIndex(index)
                            .addAllExcludedWorkerIds(excluded)
                            .setClient(file.namespace().place())));
    if (result.getTargetsCount() == 0) {
      throw new CurvineException(ErrorCode.NO_SPACE, "no worker can take block " + index);
    }
    return new BlockTargets(result.getTargetsList());
  }

  /** Where the first block of a file goes; null where the answer to its opening does not say. */
  static BlockTargets of(CommandResult opened) {
    return opened.getTargetsCount() == 0 ? null : new BlockTargets(opened.getTargetsList());
  }

  HostPort head() {
    return BlockConnections.dataPort(workers.get(0).getAddress());
  }

  /** There is one worker, and so one replica. */
  boolean single() {
    return workers.size() == 1;
  }

  int headId() {
    return workers.get(0).getWorkerId();
  }

  List<Integer> ids() {
    return workers.stream().map(BlockTarget::getWorkerId).toList();
  }

  /** What OPEN_WRITE tells the head of the others. */
  BlockRequestExtra pipeline() {
    return BlockRequestExtra.newBuilder()
        .addAllPipeline(workers.subList(1, workers.size()))
        .setPageSizeBytes(Limits.PAGE_SIZE_BYTES)
        .build();
  }

  /** The block for a reader of what was written so far; who failed comes last. */
  BlockLayout readable(WriteContext file, int index, long length, int failedWorkerId) {
    BlockLayout.Builder layout =
        BlockLayout.newBuilder()
            .setIndex(index)
            .setVersion(file.version())
            .setValidBytes((int) length);
    workers.stream()
        .sorted(
            (a, b) ->
                Boolean.compare(
                    a.getWorkerId() == failedWorkerId, b.getWorkerId() == failedWorkerId))
        .forEach(
            target ->
                layout.addLocations(
                    BlockLocation.newBuilder()
                        .setWorkerId(target.getWorkerId())
                        .setAddress(target.getAddress())
                        .setHolds(true)));
    return layout.build();
  }
}
