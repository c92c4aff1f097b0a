/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.query.QueryEngine;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.BlockVerdict;
import io.curvine.protocol.proto.CachePolicy;
import io.curvine.protocol.proto.CheckBlocksReply;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.SetPolicy;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.protocol.proto.WorkerAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What workers and readers are told of files that policies say something of. */
class PolicyBlocksTest extends CoreTest {
  private static final int WORKERS = 4;

  private final AtomicLong clock = new AtomicLong();
  private final WorkerRegistry workers =
      new WorkerRegistry(Duration.ofSeconds(10), id -> false, clock::get);
  private QueryEngine queries;
  private Inode file;

  @BeforeEach
  void mount() {
    queries = new QueryEngine(core.store(), workers, option -> false);
    core.accepted(Ask.mount("/m", "file:///data"));
    core.accepted(Ask.reconcile(core.at("/m").getId(), Ask.file("f", "v1", 7)));
    file = core.at("/m/f");
    for (int worker = 1; worker <= WORKERS; worker++) {
      report(worker, false);
    }
  }

  private BlockId block() {
    return BlockId.newBuilder().setInode(file.getId()).setVersion(file.getBaseVersion()).build();
  }

  private void report(int worker, boolean holds) {
    workers.heartbeat(
        Heartbeat.newBuilder()
            .setWorkerId(worker)
            .setIncarnation("one")
            .setAddress(WorkerAddress.newBuilder().setHost("host" + worker))
            .addTiers(TierUsage.newBuilder().setCapacityBytes(1 << 30))
            .build());
    BlockReport.Builder report =
        BlockReport.newBuilder()
            .setWorkerId(worker)
            .setIncarnation("one")
            .setFull(true)
            .setFirst(true)
            .setLast(true);
    assertThat(workers.report((holds ? report.addAdded(block()) : report).build())).isTrue();
  }

  private void say(Policy.Builder policy) {
    say("/m", policy);
  }

  private void say(String path, Policy.Builder policy) {
    core.accepted(
        Command.newBuilder()
            .setSetPolicy(
                SetPolicy.newBuilder()
                    .setAt(Core.ref(path))
                    .setChange(PolicyChange.newBuilder().setSet(policy))));
  }

  private FileLayout layout() {
    return queries.layoutOf(file.getId(), Place.getDefaultInstance()).orElseThrow();
  }

  private CheckBlocksReply.Builder check(int worker) {
    return queries.checkBlocks(List.of(block()), worker);
  }

  @Test
  void whereNothingIsSaidNothingIsTold() {
    assertThat(layout().getUfs().hasCache()).isFalse();
    assertThat(check(1).getPinnedList()).isEmpty();
    assertThat(check(1).getVerdictsList()).containsExactly(BlockVerdict.KEEP);
    say(Policy.newBuilder().setTtlMs(1_000));
    assertThat(layout().getUfs().hasCache()).isFalse();
    assertThat(check(1).getPinnedList()).containsExactly(false);
  }

  @Test
  void whatIsSaidIsToldToReadersAndToWhoHasBlocks() {
    say(
        Policy.newBuilder()
            .setPinned(true)
            .setTier(TierKind.SSD)
            .setWholeFiles(true)
            .setMinReplicas(2));
    assertThat(layout().getUfs().getCache())
        .isEqualTo(
            CachePolicy.newBuilder()
                .setPinned(true)
                .setTier(TierKind.SSD)
                .setWholeFile(true)
                .setCopies(2)
                .build());
    assertThat(check(0).getPinnedList()).containsExactly(true);
    say(Policy.newBuilder().setPinned(false));
    assertThat(check(0).getPinnedList()).containsExactly(false);
    BlockId gone = block().toBuilder().setInode(4711).build();
    CheckBlocksReply.Builder unknown = queries.checkBlocks(List.of(gone), 1);
    assertThat(unknown.getVerdictsList()).containsExactly(BlockVerdict.DROP);
    assertThat(unknown.getPinnedList()).containsExactly(false);
  }

  @Test
  void readersAreToldOfFurtherWorkersUntilEnoughHaveABlock() {
    say(Policy.newBuilder().setMinReplicas(3));
    assertThat(layout().getBlocks(0).getLocationsList())
        .hasSize(3)
        .noneMatch(BlockLocation::getHolds);
    report(2, true);
    assertThat(check(2).getVerdictsList()).containsExactly(BlockVerdict.FEW);
    List<BlockLocation> readers = layout().getBlocks(0).getLocationsList();
    assertThat(readers).hasSize(3);
    assertThat(readers.stream().filter(BlockLocation::getHolds))
        .extracting(BlockLocation::getWorkerId)
        .containsExactly(2);
    report(1, true);
    report(4, true);
    assertThat(layout().getBlocks(0).getLocationsList())
        .extracting(BlockLocation::getWorkerId)
        .containsExactlyInAnyOrder(1, 2, 4);
    assertThat(check(2).getVerdictsList()).containsExactly(BlockVerdict.KEEP);
  }

  @Test
  void thoseTooManyAreToLetGoAndTheRestStay() {
    for (int worker = 1; worker <= WORKERS; worker++) {
      report(worker, true);
    }
    say(Policy.newBuilder().setMaxReplicas(2));
    List<BlockVerdict> verdicts = new ArrayList<>();
    for (int worker = 1; worker <= WORKERS; worker++) {
      verdicts.addAll(check(worker).getVerdictsList());
    }
    assertThat(verdicts)
        .containsExactlyInAnyOrder(
            BlockVerdict.KEEP, BlockVerdict.KEEP, BlockVerdict.SURPLUS, BlockVerdict.SURPLUS);
    say("/", Policy.newBuilder().setMinReplicas(4)); // it wins
    assertThat(check(1).getVerdictsList()).containsExactly(BlockVerdict.KEEP);
  }
}
