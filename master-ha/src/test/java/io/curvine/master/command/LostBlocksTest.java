/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.query.LostBlocks;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.store.FrozenState;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.BlockVerdict;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.RegisterWorker;
import io.curvine.protocol.proto.StateFinding;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.WorkerAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks that nobody has are found, and only where it is known who has what. */
class LostBlocksTest {
  @TempDir Path directory;
  private final AtomicLong clock = new AtomicLong();
  private final WorkerRegistry workers =
      new WorkerRegistry(Duration.ofSeconds(10), id -> false, clock::get);
  private final LostBlocks blocks = new LostBlocks(workers, workers::hasReported);
  private Core core;

  @BeforeEach
  void open() throws IOException {
    core = new Core(directory);
    core.accepted(
        Command.newBuilder()
            .setRegisterWorker(
                RegisterWorker.newBuilder()
                    .setUuid("w")
                    .setAddress(WorkerAddress.newBuilder().setHost("here").setDataPort(7))));
  }

  @AfterEach
  void close() throws IOException {
    core.close();
  }

  private CommandResult write(String path, long length) {
    CommandResult made = core.accepted(Ask.create(path));
    return core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), length, true));
  }

  private List<StateFinding> lost() throws IOException {
    List<StateFinding> found = new ArrayList<>();
    try (FrozenState state = core.store().freeze()) {
      blocks.find(state, new Throttle(0), found::add);
      for (StateFinding each : found) {
        assertThat(blocks.again(state, each)).contains(each);
      }
    }
    return found;
  }

  private void report(String incarnation, BlockId... held) {
    workers.heartbeat(Heartbeat.newBuilder().setWorkerId(1).setIncarnation(incarnation).build());
    boolean accepted =
        workers.report(
            BlockReport.newBuilder()
                .setWorkerId(1)
                .setIncarnation(incarnation)
                .setFull(true)
                .setFirst(true)
                .setLast(true)
                .addAllAdded(List.of(held))
                .build());
    assertThat(accepted).isTrue();
  }

  private String obstacle() {
    try (FrozenState state = core.store().freeze()) {
      return blocks.obstacle(state).orElse("");
    }
  }

  @Test
  void nothingIsConcludedBeforeEveryWorkerHasReported() {
    assertThat(obstacle()).contains("has not been reported: 1 at here:7");
    report("one");
    assertThat(obstacle()).isEmpty();
    workers.heartbeat(Heartbeat.newBuilder().setWorkerId(1).setIncarnation("two").build());
    assertThat(obstacle()).contains("1 at here:7");
  }

  @Test
  void blocksThatNoLiveWorkerHoldsAreLost() throws IOException {
    CommandResult file = write("/f", 3 * Ask.MIB / 2);
    long id = file.getInode().getId();
    long version = core.view().namespace().block(id, 0).getVersion();
    BlockId first = BlockId.newBuilder().setInode(id).setVersion(version).setIndex(0).build();
    report("one", first);
    List<StateFinding> found = lost();
    assertThat(found).hasSize(1);
    assertThat(found.get(0).getKind()).isEqualTo(FindingKind.LOST_BLOCK);
    assertThat(found.get(0).getPath()).isEqualTo("/f");
    assertThat(found.get(0).getRepair()).isEmpty();
    assertThat(found.get(0).getText())
        .isEqualTo(
            "block 1 of 524288 bytes is at no live worker, and the UFS does not have it; it was"
                + " written to workers [1]");
    // The worker was only late.
    report("one", first, first.toBuilder().setIndex(1).build());
    assertThat(lost()).isEmpty();
    try (FrozenState state = core.store().freeze()) {
      assertThat(blocks.again(state, found.get(0))).isEmpty();
    }
    // A dead worker holds nothing that anybody can read.
    clock.addAndGet(Duration.ofSeconds(11).toNanos());
    assertThat(lost()).hasSize(2);
    core.accepted(Ask.unlink("/f"));
    assertThat(lost()).isEmpty();
  }

  @Test
  void blocksThatTheUfsHasAreNotLost() throws IOException {
    core.accepted(Ask.mount("/m", "file:///data"));
    core.accepted(Ask.reconcile(core.at("/m").getId(), Ask.file("seen", "v1", 7)));
    write("/m/new", 5);
    report("one");
    assertThat(lost()).extracting(StateFinding::getPath).containsExactly("/m/new");
    core.accepted(
        Command.newBuilder()
            .setFinishJob(
                FinishJob.newBuilder()
                    .setJobId(1)
                    .setSucceeded(true)
                    .setUfs(UfsBinding.newBuilder().setVersion("v").setLengthBytes(5))));
    assertThat(lost()).isEmpty();
  }

  /** One that was forgotten, say, and came back under another number. */
  @Test
  void theLastThatIsLeftIsKeptWhoeverHasIt() {
    CommandResult file = write("/f", 5);
    long id = file.getInode().getId();
    long version = core.view().namespace().block(id, 0).getVersion();
    BlockId block = BlockId.newBuilder().setInode(id).setVersion(version).build();
    QueryEngine queries = new QueryEngine(core.store(), workers, option -> false);
    assertThat(queries.verdicts(List.of(block), 2)).containsExactly(BlockVerdict.KEEP_PINNED);
    report("one", block);
    assertThat(queries.verdicts(List.of(block), 2)).containsExactly(BlockVerdict.DROP);
    assertThat(queries.verdicts(List.of(block), 1)).containsExactly(BlockVerdict.KEEP_PINNED);
    assertThat(queries.verdicts(List.of(block), 0)).containsExactly(BlockVerdict.KEEP_PINNED);
  }
}
