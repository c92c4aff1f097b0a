/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.master.state.view.StateView;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockVerdict;
import io.curvine.protocol.proto.CheckBlocksReply;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.Policy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a worker is to do with each of its blocks, by one state. For one thread. */
final class BlockChecks {
  private final StateView state;
  private final SoftState workers;
  private final Layouts layouts;
  private final Map<Long, Policy> policies = new HashMap<>();

  BlockChecks(StateView state, SoftState workers) {
    this.state = state;
    this.workers = workers;
    this.layouts = new Layouts(state, workers);
  }

  /**
   * The verdicts and pins, in the order asked.
   *
   * @param worker who has the blocks; 0: not known
   */
  CheckBlocksReply.Builder check(List<BlockId> blocks, int worker) {
    CheckBlocksReply.Builder reply = CheckBlocksReply.newBuilder();
    boolean any = state.policies().any();
    for (BlockId block : blocks) {
      BlockVerdict verdict = layouts.verdict(block, worker);
      if (!any) {
        reply.addVerdicts(verdict);
        continue;
      }
      Policy policy = policies.computeIfAbsent(block.getInode(), this::policy);
      reply.addVerdicts(verdict == BlockVerdict.KEEP ? cached(block, worker, policy) : verdict);
      reply.addPinned(policy.getPinned());
    }
    return reply;
  }

  private Policy policy(long inode) {
    Inode file = state.namespace().find(inode);
    return file == null ? Policy.getDefaultInstance() : state.policies().effective(file);
  }

  /** Of a block that the UFS has: by how many others have it. */
  private BlockVerdict cached(BlockId block, int worker, Policy policy) {
    int min = CachePolicies.minReplicas(policy);
    int max = CachePolicies.maxReplicas(policy);
    if (worker == 0 || (min == 1 && max == CachePolicies.NO_LIMIT)) {
      return BlockVerdict.KEEP;
    }
    List<BlockLocation> holders = workers.holders(block, Place.getDefaultInstance());
    boolean others =
        workers.readers(block, Place.getDefaultInstance(), min).size() > holders.size();
    if (holders.size() < min && others) {
      return BlockVerdict.FEW;
    }
    // Nobody's place counts, so all who ask at the same time are told of the same order.
    boolean stays = holders.stream().limit(max).anyMatch(holder -> holder.getWorkerId() == worker);
    return stays || holders.size() <= max ? BlockVerdict.KEEP : BlockVerdict.SURPLUS;
  }
}
