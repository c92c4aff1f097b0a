/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where the blocks of a file are. */
final class Replicas {
  private Replicas() {}

  static List<BlockLayout> blocks(CurvineClient client, String path) throws IOException {
    return client.namespace().layout(Refs.path(path), 0, 0).getBlocksList();
  }

  /** Every block has two replicas, none of them at workers of a set. */
  static boolean twoOfEach(CurvineClient client, String path, Set<Integer> without)
      throws IOException {
    for (BlockLayout block : blocks(client, path)) {
      Set<Integer> at = holders(block);
      if (at.size() != 2 || at.stream().anyMatch(without::contains)) {
        return false;
      }
    }
    return true;
  }

  /** The workers that hold some block of the file. */
  static Set<Integer> holders(CurvineClient client, String path) throws IOException {
    Set<Integer> all = new TreeSet<>();
    blocks(client, path).forEach(block -> all.addAll(holders(block)));
    return all;
  }

  static Set<Integer> holders(BlockLayout block) {
    return block.getLocationsList().stream()
        .filter(BlockLocation::getHolds)
        .map(BlockLocation::getWorkerId)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
