/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.check.Findings;
import io.curvine.master.check.StateCheck;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.LostBlocks;
import io.curvine.master.state.Counter;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.master.sync.UfsCheck;
import io.curvine.protocol.io.Pace;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.CheckState;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.FindingsRepaired;
import io.curvine.protocol.proto.RepairFindings;
import io.curvine.protocol.proto.RepairState;
import io.curvine.protocol.proto.StateChecked;
import io.curvine.protocol.proto.StateFinding;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/** Whether this master's state contradicts itself, and mending that. Thread-safe. */
public final class CheckService {
  /** How fast a state is read, with searches; nobody waits for it but the operator. */
  private static final long CHECK_RATE = 32L << 20;

  private static final int WORKS_MAX = 4;

  private final NodeView node;
  private final Supplier<StateStore> state;
  private final LostBlocks blocks;
  private final UfsCheck ufs;
  private final Function<Command, CompletableFuture<Reply>> propose;
  private final Executor threads;
  private final RecentWork<StateChecked> checks = new RecentWork<>(WORKS_MAX);
  private final RecentWork<FindingsRepaired> repairs = new RecentWork<>(WORKS_MAX);

  /**
   * @param propose gives a command to the leader's decide loop
   * @param threads bounded; checks take long
   */
  public CheckService(
      NodeView node,
      Supplier<StateStore> state,
      LostBlocks blocks,
      UfsCheck ufs,
      Function<Command, CompletableFuture<Reply>> propose,
      Executor threads) {
    this.node = node;
    this.state = state;
    this.blocks = blocks;
    this.ufs = ufs;
    this.propose = propose;
    this.threads = threads;
  }

  void check(CheckState request, RpcResponder responder) {
    if ((request.getWorkers() || request.getUfs()) && !node.leading()) {
      responder.respond(Responses.notLeader(node));
      return;
    }
    if (request.getConfirmCount() > StateCheck.FINDINGS_MAX) {
      responder.respond(
          Responses.of(
              ErrorCode.INVALID_ARGUMENT,
              request.getConfirmCount() + " findings; allowed: up to " + StateCheck.FINDINGS_MAX));
      return;
    }
    CompletableFuture<StateChecked> checked =
        checks.joinOrBegin(request.getRequest(), wanted -> begin(request, wanted.pace(CHECK_RATE)));
    UpkeepService.answer(
        checked.thenApply(done -> AdminReply.newBuilder().setStateChecked(done)),
        AdminReply.newBuilder().setStateChecked(StateChecked.getDefaultInstance()),
        request.getWaitMs(),
        responder);
  }

  private CompletableFuture<StateChecked> begin(CheckState request, Pace pace) {
    return BlockingWork.begin(
        threads,
        StateService.BUSY,
        () -> {
          try (FrozenState frozen = state.get().freeze()) {
            return request.getConfirmCount() > 0
                ? again(request.getConfirmList(), frozen, pace)
                : whole(request, frozen, pace);
          }
        });
  }

  private StateChecked whole(CheckState request, FrozenState frozen, Pace pace) throws IOException {
    StateCheck.Result result = StateCheck.of(frozen, pace);
    Found found = new Found(result.findings(), result.more());
    boolean tree = result.findings().stream().anyMatch(StateCheck::isOfTree);
    if (request.getWorkers()) {
      Optional<String> obstacle =
          tree ? Optional.of(untilNames("blocks against workers")) : blocks.obstacle(frozen);
      if (obstacle.isPresent()) {
        found.unknown.add(obstacle.get());
      } else {
        blocks.find(frozen, pace, found::add);
      }
    }
    if (request.getUfs() && tree) {
      found.unknown.add(untilNames("the UFS"));
    } else if (request.getUfs()) {
      UfsCheck.Seen seen = ufs.all(StateCheck.FINDINGS_MAX);
      seen.findings().forEach(found::add);
      found.skipped.addAll(seen.skipped());
      found.unknown.addAll(seen.unknown());
      found.more += seen.more();
    }
    return StateChecked.newBuilder()
        .setFinished(true)
        .setOffset(result.offset())
        .setEpoch(result.epoch())
        .setRows(result.rows())
        .addAllFindings(found.findings)
        .setMore(found.more)
        .addAllSkipped(found.skipped)
        .addAllUnknown(found.unknown)
        .build();
  }

  private static String untilNames(String what) {
    return what + ": names and inodes contradict each other, and come first";
  }

  /** What was found so far. */
  private static final class Found {
    private final List<StateFinding> findings;
    private final List<String> skipped = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();
    private long more;

    Found(List<StateFinding> findings, long more) {
      this.findings = new ArrayList<>(findings);
      this.more = more;
    }

    void add(StateFinding finding) {
      if (findings.size() < StateCheck.FINDINGS_MAX) {
        findings.add(finding);
      } else {
        more++;
      }
    }
  }

  private StateChecked again(List<StateFinding> findings, FrozenState frozen, Pace pace)
      throws IOException {
    List<StateFinding> still = new ArrayList<>();
    List<StateFinding> ofState =
        findings.stream().filter(each -> !isOfWorkers(each) && !isOfUfs(each)).toList();
    if (!ofState.isEmpty()) {
      still.addAll(StateCheck.confirm(frozen, ofState, pace));
    }
    for (StateFinding each : findings) {
      if (isOfWorkers(each)) {
        blocks.again(frozen, each).ifPresent(still::add);
      }
    }
    List<StateFinding> ofUfs = findings.stream().filter(CheckService::isOfUfs).toList();
    UfsCheck.Seen seen = ufs.again(ofUfs);
    still.addAll(seen.findings());
    still.sort(Findings.ORDER);
    return StateChecked.newBuilder()
        .setFinished(true)
        .setOffset(frozen.view().meta().nextOffset())
        .setEpoch(frozen.view().meta().get(Counter.EPOCH))
        .addAllFindings(still)
        .addAllSkipped(seen.skipped())
        .addAllUnknown(seen.unknown())
        .build();
  }

  private static boolean isOfWorkers(StateFinding finding) {
    return finding.getKind() == FindingKind.LOST_BLOCK;
  }

  private static boolean isOfUfs(StateFinding finding) {
    return finding.getKind() == FindingKind.UFS_DIFFERS;
  }

  void repair(RepairFindings request, RpcResponder responder) {
    LeaderWork.answer(
        node,
        () ->
            repairs
                .joinOrBegin(request.getRequest(), wanted -> repair(request))
                .thenApply(done -> AdminReply.newBuilder().setFindingsRepaired(done))
                .completeOnTimeout(
                    AdminReply.newBuilder()
                        .setFindingsRepaired(FindingsRepaired.getDefaultInstance()),
                    UpkeepService.waitMillis(request.getWaitMs()),
                    TimeUnit.MILLISECONDS),
        responder);
  }

  private CompletableFuture<FindingsRepaired> repair(RepairFindings request) {
    List<StateFinding> ofUfs =
        request.getFindingsList().stream().filter(CheckService::isOfUfs).toList();
    List<StateFinding> ofState =
        request.getFindingsList().stream().filter(each -> !isOfUfs(each)).toList();
    if (ofUfs.isEmpty() || !ofState.isEmpty()) {
      return proposed(request, ofState)
          .thenCompose(done -> ofUfs.isEmpty() ? completed(done) : reconciled(ofUfs, done));
    }
    return reconciled(ofUfs, 0);
  }

  private CompletableFuture<Integer> proposed(RepairFindings request, List<StateFinding> findings) {
    Command command =
        Command.newBuilder()
            .setRepairState(
                RepairState.newBuilder()
                    .setEpoch(request.getEpoch())
                    .setOffset(request.getOffset())
                    .addAllFindings(findings))
            .build();
    return propose
        .apply(command)
        .thenCompose(Reply::accepted)
        .thenApply(CommandResult::getRepaired);
  }

  private CompletableFuture<FindingsRepaired> reconciled(List<StateFinding> findings, int before) {
    return ufs.repair(findings).thenCompose(done -> completed(before + findings.size()));
  }

  private static CompletableFuture<FindingsRepaired> completed(int repaired) {
    return CompletableFuture.completedFuture(
        FindingsRepaired.newBuilder().setFinished(true).setRepaired(repaired).build());
  }
}
