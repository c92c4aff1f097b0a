/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.raft.Probation;
import io.curvine.master.raft.RaftNode;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Barrier;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the probation of this master (ADR 012). Whatever it acknowledged before it lost something
 * was in the leader's log by then; so an entry that a leader appends after that comes later in the
 * log, and when this master has that entry it has all before it. A new master is let in without
 * that where no master of the cluster has ever taken part in anything. Ticked by one timer.
 */
final class Rejoin {
  private static final Logger LOG = LoggerFactory.getLogger(Rejoin.class);
  private static final Duration BARRIER_MAX = Duration.ofSeconds(5);

  private final RpcClient client;
  private final Probation probation;
  private final RaftNode raft;
  private final Executor raftCaller;
  private final Supplier<CompletableFuture<List<MasterStatus>>> masters;
  private final AtomicBoolean trying = new AtomicBoolean();

  /**
   * @param raftCaller see {@link RaftNode#catchUp}
   * @param masters asks all masters, this one too
   */
  Rejoin(
      RpcClient client,
      Probation probation,
      RaftNode raft,
      Executor raftCaller,
      Supplier<CompletableFuture<List<MasterStatus>>> masters) {
    this.client = client;
    this.probation = probation;
    this.raft = raft;
    this.raftCaller = raftCaller;
    this.masters = masters;
  }

  /** Called a few times a second. */
  void tick() {
    if (!probation.active() || !trying.compareAndSet(false, true)) {
      return;
    }
    Optional<String> leader = raft.leaderId();
    CompletableFuture<Void> attempt =
        leader.isPresent() ? catchUp(leader.get()) : probation.isNew() ? begin() : nothing();
    attempt.whenComplete(
        (done, failure) -> {
          trying.set(false);
          if (failure != null) {
            LOG.debug("not up to date with the cluster yet", failure);
          }
        });
  }

  private static CompletableFuture<Void> nothing() {
    return CompletableFuture.completedFuture(null);
  }

  /** The first gate only waits until an entry is worth its while. */
  private CompletableFuture<Void> catchUp(String leader) {
    MasterRequest barrier =
        MasterRequest.newBuilder()
            .setCommand(Command.newBuilder().setBarrier(Barrier.getDefaultInstance()))
            .build();
    return raft.catchUp(raftCaller)
        .thenCompose(near -> client.call(addressOf(leader), barrier, BARRIER_MAX))
        .thenAccept(Rejoin::requireOk)
        .thenCompose(appended -> raft.catchUp(raftCaller))
        .thenRun(() -> end("it has all that leader " + leader + " had"));
  }

  private HostPort addressOf(String leader) {
    return raft.rpc(leader)
        .orElseThrow(() -> new IllegalStateException("the address of " + leader + " is not known"));
  }

  private static void requireOk(MasterResponse answer) {
    if (answer.getCode() != ErrorCode.OK) {
      throw new IllegalStateException(answer.getCode() + " " + answer.getMessage());
    }
  }

  /**
   * Not for one that joins: it knows of no voter yet, and those that it will follow have a past.
   */
  private CompletableFuture<Void> begin() {
    if (raft.members().membership().voters().isEmpty()) {
      return nothing();
    }
    return masters
        .get()
        .thenAccept(
            all -> {
              if (untouched(all)) {
                end("the cluster is new, no master has taken part in anything yet");
              }
            });
  }

  /** All answer, and none has ever been in an election or applied an event. */
  private static boolean untouched(List<MasterStatus> masters) {
    return masters.stream()
        .allMatch(m -> m.getPid() != 0 && m.getTerm() == 0 && m.getAppliedOffset() == 0);
  }

  private void end(String why) {
    try {
      probation.end(why);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note that this master votes again", e);
    }
  }
}
