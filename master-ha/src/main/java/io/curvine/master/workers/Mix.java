/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.workers;

import io.curvine.protocol.proto.BlockId;

/** Hashes that spread well and are the same in every run. */
final class Mix {
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private Mix() {}

  /** The finaliser of SplitMix64. */
  static long mix(long value) {
    long z = value + GOLDEN;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static long block(long inode, long version, int index) {
    return mix(mix(mix(inode) ^ version) ^ index);
  }

  static long block(BlockId id) {
    return block(id.getInode(), id.getVersion(), id.getIndex());
  }

  /**
   * How much a block wants to be at a worker: an exponential variate over the weight, so that the
   * worker with the least gets the block with a probability in proportion to its weight, and keeps
   * it when others come and go (weighted rendezvous hashing).
   */
  static double distance(long blockHash, int workerId, long weight) {
    double uniform = ((mix(blockHash ^ mix(workerId)) >>> 11) + 1) * 0x1.0p-53;
    return -Math.log(uniform) / (double) weight;
  }
}
