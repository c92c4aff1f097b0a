/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.workers;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.AllocateBlock;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.FirstBlock;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.protocol.proto.WorkerRecord;
import io.curvine.protocol.proto.WorkerStatus;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WorkerRegistryTest {
  private final AtomicLong clock = new AtomicLong();
  private final WorkerRegistry registry =
      new WorkerRegistry(Duration.ofSeconds(10), id -> false, clock::get);
  private final Placement placement = new Placement(registry);

  private static Heartbeat.Builder beat(int worker, String host, long capacity, long pinned) {
    return Heartbeat.newBuilder()
        .setWorkerId(worker)
        .setIncarnation("run-1")
        .setAddress(WorkerAddress.newBuilder().setHost(host).setDataPort(9000 + worker))
        .addTiers(
            TierUsage.newBuilder()
                .setCapacityBytes(capacity)
                .setUsedBytes(pinned)
                .setPinnedBytes(pinned));
  }

  private static BlockId block(int index) {
    return BlockId.newBuilder().setInode(7).setVersion(1).setIndex(index).build();
  }

  private static BlockReport.Builder full(int worker, BlockId... blocks) {
    return BlockReport.newBuilder()
        .setWorkerId(worker)
        .setIncarnation("run-1")
        .setFull(true)
        .addAllAdded(List.of(blocks));
  }

  private static BlockReport.Builder delta(int worker, BlockId... added) {
    return BlockReport.newBuilder()
        .setWorkerId(worker)
        .setIncarnation("run-1")
        .addAllAdded(List.of(added));
  }

  private List<Integer> holders(int index, String host) {
    return registry.holders(block(index), on(host)).stream()
        .map(BlockLocation::getWorkerId)
        .toList();
  }

  private static Place on(String host) {
    return Place.newBuilder().setHost(host).build();
  }

  private void seconds(int count) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(count));
  }

  @Test
  void wantsAFullReportOncePerIncarnation() {
    assertThat(registry.heartbeat(beat(1, "a", 100, 0).build())).isTrue();
    assertThat(registry.report(delta(1, block(0)).build())).isFalse();
    assertThat(registry.report(full(1, block(0)).setFirst(true).build())).isTrue();
    assertThat(registry.heartbeat(beat(1, "a", 100, 0).build())).isTrue();
    assertThat(registry.report(full(1, block(1)).setLast(true).build())).isTrue();
    assertThat(registry.heartbeat(beat(1, "a", 100, 0).build())).isFalse();
    assertThat(registry.report(delta(1, block(2)).addRemoved(block(0)).build())).isTrue();
    assertThat(holders(0, "x")).isEmpty();
    assertThat(holders(1, "x")).containsExactly(1);
    assertThat(holders(2, "x")).containsExactly(1);
    assertThat(registry.heartbeat(beat(1, "a", 100, 0).setIncarnation("run-2").build())).isTrue();
    assertThat(registry.report(delta(1, block(3)).setIncarnation("run-2").build())).isFalse();
  }

  @Test
  void aFullReportReplacesWhatWasKnownAtItsEnd() {
    registry.heartbeat(beat(1, "a", 100, 0).build());
    registry.report(full(1, block(0), block(1)).setFirst(true).setLast(true).build());
    registry.report(full(1, block(1)).setFirst(true).build());
    assertThat(holders(0, "x")).containsExactly(1);
    registry.report(full(1, block(2)).setLast(true).build());
    assertThat(holders(0, "x")).isEmpty();
    assertThat(holders(1, "x")).containsExactly(1);
    assertThat(registry.blockCount()).isEqualTo(2);
  }

  @Test
  void namesLiveHoldersOnlyAndTheNearestFirst() {
    for (int worker = 1; worker <= 3; worker++) {
      registry.heartbeat(beat(worker, "host" + worker, 100, 0).build());
      registry.report(full(worker, block(0)).setFirst(true).setLast(true).build());
    }
    assertThat(holders(0, "host2")).startsWith(2).containsExactlyInAnyOrder(1, 2, 3);
    assertThat(holders(0, "host3")).startsWith(3);
    seconds(9);
    registry.heartbeat(beat(1, "host1", 100, 0).build());
    seconds(2);
    assertThat(holders(0, "host2")).containsExactly(1);
    assertThat(registry.isLive(2)).isFalse();
    assertThat(registry.capacityBytes()).isEqualTo(100);
    seconds(2_000);
    registry.sweep();
    assertThat(registry.blockCount()).isZero();
  }

  @Test
  void sendsTheFillsOfABlockToTheSameWorkers() {
    for (int worker = 1; worker <= 9; worker++) {
      registry.heartbeat(beat(worker, "host" + worker, 100, 0).build());
    }
    for (int index = 0; index < 100; index++) {
      List<BlockLocation> first = registry.fillCandidates(block(index), on("x"), 2);
      assertThat(registry.fillCandidates(block(index), on("x"), 2)).isEqualTo(first).hasSize(2);
      assertThat(first).noneMatch(BlockLocation::getHolds);
      assertThat(registry.fillCandidates(block(index), on("host5"), 1).get(0).getWorkerId())
          .isEqualTo(5);
    }
  }

  @Test
  void placesBlocksByFreeSpaceOnDistinctHostsAndDropsTheClientsChoice() {
    registry.heartbeat(beat(1, "a", 1_000, 0).build());
    registry.heartbeat(beat(2, "a", 1_000, 0).build());
    registry.heartbeat(beat(3, "b", 1_000, 900).build());
    registry.heartbeat(beat(4, "c", 1_000, 1_000).build());
    int onB = 0;
    for (int index = 0; index < 200; index++) {
      AllocateBlock asked =
          AllocateBlock.newBuilder()
              .setInode(9)
              .setWriteVersion(1)
              .setIndex(index)
              .addChosenWorkerIds(77)
              .build();
      List<Integer> chosen = chosen(asked);
      assertThat(chosen).containsExactlyInAnyOrder(1, 2, 3);
      assertThat(chosen.subList(0, 2)).contains(3);
      onB += chosen.get(0) == 3 ? 1 : 0;
      assertThat(chosen(asked.toBuilder().setClient(on("b")).build()).get(0)).isEqualTo(3);
      assertThat(chosen(asked.toBuilder().addExcludedWorkerIds(3).build()))
          .containsExactlyInAnyOrder(1, 2);
    }
    assertThat(onB).isBetween(1, 40);
  }

  private List<Integer> chosen(AllocateBlock asked) {
    return placement
        .fill(Command.newBuilder().setAllocateBlock(asked).build())
        .getAllocateBlock()
        .getChosenWorkerIdsList();
  }

  /** Two racks of two hosts with two workers each: 1 and 2 on host a1, 3 and 4 on a2, ... */
  private void startRacks() {
    for (int worker = 1; worker <= 8; worker++) {
      String rack = worker <= 4 ? "a" : "b";
      Heartbeat.Builder beat =
          beat(worker, rack + (worker % 4 == 1 || worker % 4 == 2 ? 1 : 2), 1_000, 0);
      beat.getAddressBuilder().setRack(rack);
      registry.heartbeat(beat.build());
      registry.report(full(worker, block(0)).setFirst(true).setLast(true).build());
    }
  }

  private static String rack(int worker) {
    return worker <= 4 ? "a" : "b";
  }

  private static int host(int worker) {
    return (worker - 1) / 2;
  }

  @Test
  void spreadsReplicasOverRacksAndThenOverHosts() {
    startRacks();
    for (int index = 0; index < 100; index++) {
      AllocateBlock asked = AllocateBlock.newBuilder().setInode(9).setIndex(index).build();
      List<Integer> chosen = chosen(asked);
      assertThat(chosen).hasSize(8).doesNotHaveDuplicates();
      assertThat(rack(chosen.get(0))).isNotEqualTo(rack(chosen.get(1)));
      assertThat(chosen.subList(0, 4).stream().map(WorkerRegistryTest::host))
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void prefersWorkersInTheRackOfTheClient() {
    startRacks();
    Place known = Place.newBuilder().setHost("x").setRack("b").build();
    Place besideAWorker = on("b2");
    for (int index = 0; index < 100; index++) {
      AllocateBlock.Builder asked = AllocateBlock.newBuilder().setInode(9).setIndex(index);
      List<Integer> chosen = chosen(asked.setClient(known).build());
      assertThat(rack(chosen.get(0))).isEqualTo("b");
      assertThat(rack(chosen.get(1))).isEqualTo("a");
      assertThat(chosen(asked.setClient(besideAWorker).build()).get(0)).isIn(7, 8);
      assertThat(registry.fillCandidates(block(index), known, 4))
          .allMatch(each -> rack(each.getWorkerId()).equals("b"));
    }
    List<Integer> holders =
        registry.holders(block(0), registry.locate(besideAWorker)).stream()
            .map(BlockLocation::getWorkerId)
            .toList();
    assertThat(holders.subList(0, 2)).containsExactlyInAnyOrder(7, 8);
    assertThat(holders.subList(2, 4)).containsExactlyInAnyOrder(5, 6);
    assertThat(holders).hasSize(8);
  }

  @Test
  void aRackThatNobodyTellsIsThatOfAWorkerBesideTheClientThatTellsOne() {
    registry.heartbeat(beat(1, "a", 1_000, 0).build());
    assertThat(registry.locate(on("a"))).isEqualTo(on("a"));
    Heartbeat.Builder second = beat(2, "a", 1_000, 0);
    second.getAddressBuilder().setRack("r");
    registry.heartbeat(second.build());
    assertThat(registry.locate(on("a")).getRack()).isEqualTo("r");
    assertThat(registry.locate(on("b"))).isEqualTo(on("b"));
    assertThat(registry.locate(on("a").toBuilder().setRack("own").build()).getRack())
        .isEqualTo("own");
    assertThat(chosen(AllocateBlock.newBuilder().setInode(9).build())).hasSize(2);
  }

  @Test
  void aHotBlockGetsNoFurtherWorkerWhileOneThatHoldsItIsNotBusy() {
    for (int worker = 1; worker <= 6; worker++) {
      Heartbeat.Builder beat = beat(worker, "host" + worker, 1_000, 0);
      registry.heartbeat(worker <= 2 ? beat.addHotBlocks(block(0)).build() : beat.build());
      registry.report(
          worker <= 3
              ? full(worker, block(0)).setFirst(true).setLast(true).build()
              : full(worker).setFirst(true).setLast(true).build());
    }
    assertThat(registry.readers(block(0), on("x"), 1)).hasSize(3);
    registry.heartbeat(beat(3, "host3", 1_000, 0).addHotBlocks(block(0)).build());
    assertThat(registry.readers(block(0), on("x"), 1)).hasSize(6);
  }

  @Test
  void aBlockThatManyReadGetsOneMoreWorkerForEachThatIsBusyWithIt() {
    for (int worker = 1; worker <= 5; worker++) {
      Heartbeat.Builder beat = beat(worker, "host" + worker, 1_000, 0);
      registry.heartbeat(worker == 1 ? beat.addHotBlocks(block(0)).build() : beat.build());
    }
    registry.report(full(1, block(0), block(1)).setFirst(true).setLast(true).build());
    Set<Integer> first = new HashSet<>();
    Set<Integer> all = new HashSet<>();
    for (int client = 0; client < 50; client++) {
      List<BlockLocation> readers = registry.readers(block(0), on("client" + client), 1);
      assertThat(readers).hasSize(2);
      assertThat(readers.stream().filter(BlockLocation::getHolds)).hasSize(1);
      first.add(readers.get(0).getWorkerId());
      readers.forEach(each -> all.add(each.getWorkerId()));
    }
    assertThat(all).hasSize(2).contains(1);
    assertThat(first).isEqualTo(all);
    assertThat(registry.readers(block(0), on("host1"), 1).get(0).getWorkerId()).isEqualTo(1);
    assertThat(registry.readers(block(1), on("x"), 1)).hasSize(1);
    assertThat(registry.holders(block(0), on("x"))).hasSize(1);
  }

  @Test
  void placesTheFirstBlockOfANewFileWhereThatIsWanted() {
    registry.heartbeat(beat(1, "a", 1_000, 0).build());
    registry.heartbeat(beat(2, "b", 1_000, 0).build());
    Set<Integer> heads = new HashSet<>();
    for (int seq = 0; seq < 100; seq++) {
      CreateFile created =
          CreateFile.newBuilder()
              .setFirstBlock(FirstBlock.newBuilder().addChosenWorkerIds(77))
              .build();
      List<Integer> chosen = firstBlock(created, seq);
      assertThat(chosen).containsExactlyInAnyOrder(1, 2);
      heads.add(chosen.get(0));
      created =
          created.toBuilder().setFirstBlock(FirstBlock.newBuilder().setClient(on("b"))).build();
      assertThat(firstBlock(created, seq)).containsExactly(2, 1);
    }
    assertThat(heads).containsExactlyInAnyOrder(1, 2);
    Command without = Command.newBuilder().setCreateFile(CreateFile.getDefaultInstance()).build();
    assertThat(placement.fill(without)).isEqualTo(without);
  }

  private List<Integer> firstBlock(CreateFile command, int seq) {
    return placement
        .fill(Command.newBuilder().setSessionId(5).setSeq(seq).setCreateFile(command).build())
        .getCreateFile()
        .getFirstBlock()
        .getChosenWorkerIdsList();
  }

  @Test
  void tellsWhatItKnowsOfRegisteredWorkers() {
    registry.heartbeat(beat(1, "a", 100, 0).setPid(42).setFeedOffset(7).build());
    seconds(1);
    List<WorkerStatus> statuses =
        registry.statuses(
            List.of(
                WorkerRecord.newBuilder().setId(1).setUuid("one").build(),
                WorkerRecord.newBuilder().setId(2).setUuid("two").build()));
    assertThat(statuses.get(0).getLive()).isTrue();
    assertThat(statuses.get(0).getLastHeartbeatMsAgo()).isEqualTo(1_000);
    assertThat(statuses.get(0).getPid()).isEqualTo(42);
    assertThat(statuses.get(1).getLive()).isFalse();
    assertThat(statuses.get(1).getUuid()).isEqualTo("two");
  }
}
