/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.journal.kafka.group.GroupJournal;
import io.curvine.master.leader.Reply;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommitGroupOffsets;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.DeleteGroup;
import io.curvine.protocol.proto.DeleteGroupOffsets;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import io.curvine.protocol.proto.SaveGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Consumer groups in the replicated state: changes are commands like any other, so they are on disk
 * at a majority before anybody is told. Thread-safe.
 */
final class JournaledGroups implements GroupJournal {
  private final Supplier<StateStore> state;
  private final Function<Command, CompletableFuture<Reply>> propose;
  private final Supplier<CompletableFuture<Void>> gate;

  /**
   * @param gate completes when this master was still the leader after it was asked
   */
  JournaledGroups(
      Supplier<StateStore> state,
      Function<Command, CompletableFuture<Reply>> propose,
      Supplier<CompletableFuture<Void>> gate) {
    this.state = state;
    this.propose = propose;
    this.gate = gate;
  }

  @Override
  public Kept load() {
    return state
        .get()
        .read(
            view -> {
              List<ConsumerGroup> groups = new ArrayList<>();
              Map<String, List<GroupOffset>> offsets = new HashMap<>();
              view.groups().scan(groups::add);
              view.groups()
                  .scanOffsets(
                      (group, offset) ->
                          offsets.computeIfAbsent(group, name -> new ArrayList<>()).add(offset));
              return new Kept(groups, offsets);
            });
  }

  @Override
  public CompletableFuture<Void> confirmLeading() {
    return gate.get();
  }

  @Override
  public CompletableFuture<Void> save(ConsumerGroup group) {
    return done(Command.newBuilder().setSaveGroup(SaveGroup.newBuilder().setGroup(group)));
  }

  @Override
  public CompletableFuture<Void> commit(String group, int generation, List<GroupOffset> offsets) {
    return done(
        Command.newBuilder()
            .setCommitGroupOffsets(
                CommitGroupOffsets.newBuilder()
                    .setGroup(group)
                    .setGeneration(generation)
                    .addAllOffsets(offsets)));
  }

  @Override
  public CompletableFuture<Void> delete(String group) {
    return done(Command.newBuilder().setDeleteGroup(DeleteGroup.newBuilder().setGroup(group)));
  }

  @Override
  public CompletableFuture<Void> deleteOffsets(String group, List<GroupPartition> partitions) {
    return done(
        Command.newBuilder()
            .setDeleteGroupOffsets(
                DeleteGroupOffsets.newBuilder().setGroup(group).addAllPartitions(partitions)));
  }

  private CompletableFuture<Void> done(Command.Builder command) {
    return propose.apply(command.build()).thenCompose(Reply::accepted).thenAccept(result -> {});
  }
}
