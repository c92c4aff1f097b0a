/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.workers;

import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.AllocateBlock;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.FirstBlock;
import io.curvine.protocol.proto.Place;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Chooses the workers that a block is written to. The same block is offered the same workers as
 * long as they live and have room. Thread-safe.
 */
public final class Placement {
  private final WorkerRegistry registry;

  public Placement(WorkerRegistry registry) {
    this.registry = registry;
  }

  /**
   * The command with all workers that could take the block that it asks for, best first: one on the
   * client's host, else in its rack, then by hash and free space, those in racks without a replica
   * before others, and then those on hosts without one. What the caller had chosen is dropped.
   * Other commands stay as they are.
   */
  public Command fill(Command command) {
    if (command.hasAllocateBlock()) {
      return command.toBuilder().setAllocateBlock(fill(command.getAllocateBlock())).build();
    }
    if (command.getCreateFile().hasFirstBlock()) {
      Command.Builder filled = command.toBuilder();
      // The file has no number yet by which to spread; its command has one.
      long hash = Mix.block(command.getSessionId(), command.getSeq(), 0);
      FirstBlock.Builder first = filled.getCreateFileBuilder().getFirstBlockBuilder();
      first.clearChosenWorkerIds().addAllChosenWorkerIds(choose(hash, Set.of(), first.getClient()));
      return filled.build();
    }
    return command;
  }

  private AllocateBlock fill(AllocateBlock command) {
    long hash = Mix.block(command.getInode(), command.getWriteVersion(), command.getIndex());
    Set<Integer> excluded = Set.copyOf(command.getExcludedWorkerIdsList());
    return command.toBuilder()
        .clearChosenWorkerIds()
        .addAllChosenWorkerIds(choose(hash, excluded, command.getClient()))
        .build();
  }

  private List<Integer> choose(long hash, Set<Integer> excluded, Place client) {
    Place place = registry.locate(client);
    List<LiveWorker> ranked =
        registry
            .staying()
            .filter(worker -> worker.writableBytes() > 0 && !excluded.contains(worker.id()))
            .sorted(
                WorkerRegistry.nearest(place)
                    .thenComparingDouble(
                        worker -> Mix.distance(hash, worker.id(), worker.writableBytes())))
            .toList();
    return spread(ranked).stream().limit(Limits.REPLICAS_MAX).toList();
  }

  /** One of each rack, one of each host that is left, and the rest; each in the order given. */
  private static List<Integer> spread(List<LiveWorker> ranked) {
    Set<String> racks = new HashSet<>();
    Set<String> hosts = new HashSet<>();
    List<Integer> chosen = new ArrayList<>();
    List<LiveWorker> left = new ArrayList<>();
    for (LiveWorker worker : ranked) {
      if (racks.add(worker.rack())) {
        hosts.add(worker.host());
        chosen.add(worker.id());
      } else {
        left.add(worker);
      }
    }
    List<Integer> others = new ArrayList<>();
    for (LiveWorker worker : left) {
      (hosts.add(worker.host()) ? chosen : others).add(worker.id());
    }
    chosen.addAll(others);
    return chosen;
  }
}
