/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.workers;

import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.AllocateBlock;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.FirstBlock;
import java.util.ArrayList;
import java.util.Comparator;
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
   * client's host, then by hash and free space, hosts without a replica before others. What the
   * caller had chosen is dropped. Other commands stay as they are.
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
      first
          .clearChosenWorkerIds()
          .addAllChosenWorkerIds(choose(hash, Set.of(), first.getClientHost()));
      return filled.build();
    }
    return command;
  }

  private AllocateBlock fill(AllocateBlock command) {
    long hash = Mix.block(command.getInode(), command.getWriteVersion(), command.getIndex());
    Set<Integer> excluded = Set.copyOf(command.getExcludedWorkerIdsList());
    return command.toBuilder()
        .clearChosenWorkerIds()
        .addAllChosenWorkerIds(choose(hash, excluded, command.getClientHost()))
        .build();
  }

  private List<Integer> choose(long hash, Set<Integer> excluded, String clientHost) {
    List<LiveWorker> ranked =
        registry
            .staying()
            .filter(worker -> worker.writableBytes() > 0 && !excluded.contains(worker.id()))
            .sorted(
                Comparator.comparing((LiveWorker worker) -> !worker.host().equals(clientHost))
                    .thenComparingDouble(
                        worker -> Mix.distance(hash, worker.id(), worker.writableBytes())))
            .toList();
    Set<String> hosts = new HashSet<>();
    List<Integer> firstOfHost = new ArrayList<>();
    List<Integer> others = new ArrayList<>();
    for (LiveWorker worker : ranked) {
      (hosts.add(worker.host()) ? firstOfHost : others).add(worker.id());
    }
    firstOfHost.addAll(others);
    return firstOfHost.stream().limit(Limits.REPLICAS_MAX).toList();
  }
}
