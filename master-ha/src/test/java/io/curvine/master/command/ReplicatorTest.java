/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.apply.SealedEntry;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.replicas.Replicator;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockRecord;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.CommitFile;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.CopyOrder;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.PlaceBlock;
import io.curvine.protocol.proto.PollCopies;
import io.curvine.protocol.proto.RegisterWorker;
import io.curvine.protocol.proto.SetWorkerLeaving;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.protocol.proto.WorkerAddress;
import io.curvine.protocol.proto.WorkerStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that come, go, lose blocks and are drained, in a time of their own. */
class ReplicatorTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final int PATIENCE_SECONDS = 60;
  private static final long CAPACITY = 1L << 30;

  @TempDir Path directory;
  private final AtomicLong clock = new AtomicLong();
  private final Map<Integer, Worker> workers = new TreeMap<>();
  private final List<Integer> removals = new ArrayList<>();
  private Core core;
  private QueryEngine queries;
  private WorkerRegistry registry;
  private Replicator replicator;
  private double copyFails;
  private Random random = new Random(1);

  /** A worker that really is so; the masters hear of it by heartbeats and reports. */
  private static final class Worker {
    private final int id;
    private final String host;
    private final Set<BlockId> blocks = new HashSet<>();
    private final List<BlockId> ended = new ArrayList<>();
    private final List<BlockId> failed = new ArrayList<>();

    /** What the masters are told next: reports are a second late. */
    private Set<BlockId> said = Set.of();

    private int port = 1;
    private long unpublishedBytes;
    private boolean alive = true;
    private int starts = 1;

    Worker(int id, String host) {
      this.id = id;
      this.host = host;
    }

    String incarnation() {
      return id + "-" + starts;
    }
  }

  @BeforeEach
  void open() throws IOException {
    core = new Core(directory, this::observe);
    registry = new WorkerRegistry(Duration.ofSeconds(10), id -> queries.isLeaving(id), clock::get);
    queries = new QueryEngine(core.store(), registry, option -> false);
    replicator =
        new Replicator(
            () -> queries,
            registry,
            this::propose,
            new Replicator.Patience(
                Duration.ofSeconds(PATIENCE_SECONDS), Duration.ofSeconds(PATIENCE_SECONDS)),
            clock::get);
  }

  private void observe(SealedEntry entry) {
    if (replicator != null) { // the first entries make the cluster
      entry.events().forEach(event -> replicator.observe(event.event()));
    }
  }

  @AfterEach
  void close() throws IOException {
    core.close();
  }

  private CompletableFuture<Reply> propose(Command command) {
    PlaceBlock place = command.getPlaceBlock();
    BlockRecord record = record(place.getBlock());
    int wanted = core.view().namespace().find(place.getBlock().getInode()).getReplicas();
    int staying = (int) queries.workers().stream().filter(each -> !each.getLeaving()).count();
    int replicas = Math.max(1, Math.min(wanted, staying));
    Set<Integer> left = new HashSet<>(record.getWorkerIdsList());
    left.removeAll(place.getRemovedWorkerIdsList());
    // Who died just now, or lost a block, is not known to have.
    left.removeIf(id -> !registry.holds(id, place.getBlock()));
    assertThat(left).as("left of " + record + " by " + place).hasSizeGreaterThanOrEqualTo(replicas);
    removals.addAll(place.getRemovedWorkerIdsList());
    return CompletableFuture.completedFuture(reply(core.run(command.toBuilder())));
  }

  private static Reply reply(Decision decision) {
    return decision instanceof Decision.Refused refused
        ? Reply.refused(refused.code(), refused.message())
        : new Reply(ErrorCode.OK, "", CommandResult.getDefaultInstance(), 0);
  }

  private boolean reallyHas(int worker, BlockId block) {
    return workers.get(worker).alive && workers.get(worker).blocks.contains(block);
  }

  private BlockRecord record(BlockId block) {
    return core.view().namespace().block(block.getInode(), block.getIndex());
  }

  private Worker start(String host) {
    int id =
        core.accepted(
                Command.newBuilder()
                    .setRegisterWorker(
                        RegisterWorker.newBuilder()
                            .setUuid("w" + workers.size())
                            .setAddress(WorkerAddress.newBuilder().setHost(host))))
            .getWorkerId();
    Worker worker = new Worker(id, host);
    worker.port = id;
    workers.put(id, worker);
    return worker;
  }

  private Worker startOnItsOwn() {
    return start("host" + workers.size());
  }

  private void setLeaving(int worker, boolean leaving) {
    core.run(
        Command.newBuilder()
            .setSetWorkerLeaving(
                SetWorkerLeaving.newBuilder().setWorkerId(worker).setLeaving(leaving)));
  }

  /** A file of one block, or of more, at these workers. */
  private List<BlockId> write(String path, int blocks, int replicas, List<Integer> at) {
    Command.Builder create = Ask.create(path);
    create.getCreateFileBuilder().setReplicas(replicas);
    CommandResult made = core.accepted(create);
    long inode = made.getInode().getId();
    CommitFile.Builder commit =
        CommitFile.newBuilder()
            .setInode(inode)
            .setWriteVersion(made.getWriteVersion())
            .setLengthBytes((long) blocks * Ask.MIB)
            .setClose(true);
    List<BlockId> ids = new ArrayList<>();
    for (int index = 0; index < blocks; index++) {
      commit.addBlocks(
          CommittedBlock.newBuilder().setIndex(index).setLengthBytes(Ask.MIB).addAllWorkerIds(at));
      BlockId id =
          BlockId.newBuilder()
              .setInode(inode)
              .setVersion(made.getWriteVersion())
              .setIndex(index)
              .build();
      ids.add(id);
      at.forEach(worker -> workers.get(worker).blocks.add(id));
    }
    core.accepted(Command.newBuilder().setCommitFile(commit));
    return ids;
  }

  private void seconds(int count) {
    for (int i = 0; i < count; i++) {
      clock.addAndGet(SECOND);
      workers.values().stream().filter(worker -> worker.alive).forEach(this::beat);
      replicator.tick();
      workers.values().stream().filter(worker -> worker.alive).forEach(this::work);
    }
  }

  private void beat(Worker worker) {
    worker.blocks.removeIf(block -> isLeftBehind(worker, block));
    registry.heartbeat(
        Heartbeat.newBuilder()
            .setWorkerId(worker.id)
            .setIncarnation(worker.incarnation())
            .setAddress(WorkerAddress.newBuilder().setHost(worker.host).setDataPort(worker.port))
            .addTiers(
                TierUsage.newBuilder()
                    .setCapacityBytes(CAPACITY)
                    .setPinnedBytes(worker.unpublishedBytes))
            .build());
    registry.report(
        BlockReport.newBuilder()
            .setWorkerId(worker.id)
            .setIncarnation(worker.incarnation())
            .setFull(true)
            .setFirst(true)
            .setLast(true)
            .addAllAdded(worker.said)
            .build());
    worker.said = Set.copyOf(worker.blocks);
  }

  /** The journal says that it is not counted on. */
  private boolean isLeftBehind(Worker worker, BlockId block) {
    BlockRecord record = record(block);
    return record == null || !record.getWorkerIdsList().contains(worker.id);
  }

  private List<CopyOrder> poll(Worker worker) {
    PollCopies poll =
        PollCopies.newBuilder()
            .setWorkerId(worker.id)
            .setLimit(4)
            .addAllEnded(worker.ended)
            .addAllFailed(worker.failed)
            .build();
    worker.ended.clear();
    worker.failed.clear();
    return replicator.poll(poll);
  }

  private void work(Worker worker) {
    for (CopyOrder order : poll(worker)) {
      boolean possible =
          order.getSourcesList().stream()
              .anyMatch(source -> reallyHas(source.getWorkerId(), order.getBlock()));
      boolean good = possible && random.nextDouble() >= copyFails && copied(worker, order);
      (good ? worker.ended : worker.failed).add(order.getBlock());
    }
  }

  private boolean copied(Worker worker, CopyOrder order) {
    Decision decision =
        core.run(
            Command.newBuilder()
                .setPlaceBlock(
                    PlaceBlock.newBuilder()
                        .setBlock(order.getBlock())
                        .setLengthBytes(order.getLengthBytes())
                        .setAddedWorkerId(worker.id)));
    boolean counted = !(decision instanceof Decision.Refused);
    if (counted) {
      worker.blocks.add(order.getBlock());
    }
    return counted;
  }

  private long needed(int worker) {
    return registry.statuses(queries.workers()).stream()
        .filter(status -> status.getId() == worker)
        .mapToLong(WorkerStatus::getNeededBlocks)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatALostWorkerHadIsCopiedOnceItIsGivenUp() {
    List<Integer> ids = List.of(startOnItsOwn().id, startOnItsOwn().id);
    startOnItsOwn();
    List<BlockId> blocks = write("/f", 3, 2, ids);
    seconds(10);
    assertThat(replicator.shortBlocks()).isZero();
    workers.get(1).alive = false;
    seconds(PATIENCE_SECONDS - 1);
    assertThat(replicator.shortBlocks()).isZero();
    assertThat(record(blocks.get(0)).getWorkerIdsList()).containsExactly(1, 2);
    seconds(20);
    for (BlockId block : blocks) {
      assertThat(record(block).getWorkerIdsList()).containsExactly(2, 3);
      assertThat(reallyHas(3, block)).isTrue();
    }
    assertThat(replicator.copied()).isEqualTo(3);
    assertThat(replicator.copying()).isZero();
    assertThat(replicator.shortBlocks()).isZero();
  }

  @Test
  void aWorkerThatComesBackInTimeCostsNothing() {
    List<Integer> ids = List.of(startOnItsOwn().id, startOnItsOwn().id);
    startOnItsOwn();
    List<BlockId> blocks = write("/f", 1, 2, ids);
    workers.get(1).alive = false;
    seconds(PATIENCE_SECONDS - 5);
    workers.get(1).alive = true;
    workers.get(1).starts++;
    seconds(60);
    assertThat(record(blocks.get(0)).getWorkerIdsList()).containsExactly(1, 2);
    assertThat(replicator.copied()).isZero();
  }

  @Test
  void aHostWithoutAReplicaComesFirst() {
    Worker first = start("a");
    Worker lost = start("b");
    start("a");
    Worker other = start("c");
    List<BlockId> blocks = write("/f", 4, 2, List.of(first.id, lost.id));
    seconds(5);
    lost.alive = false;
    seconds(PATIENCE_SECONDS + 30);
    for (BlockId block : blocks) {
      assertThat(record(block).getWorkerIdsList()).containsExactly(first.id, other.id);
    }
  }

  @Test
  void whoIsDrainedKeepsItsBlocksUntilOthersHaveThem() {
    Worker leaving = startOnItsOwn();
    startOnItsOwn();
    List<BlockId> blocks = write("/f", 8, 1, List.of(leaving.id));
    seconds(2);
    assertThat(needed(leaving.id)).isEqualTo(-1);
    copyFails = 1;
    setLeaving(leaving.id, true);
    seconds(60);
    assertThat(needed(leaving.id)).isEqualTo(8);
    assertThat(removals).isEmpty();
    copyFails = 0;
    seconds(60);
    assertThat(needed(leaving.id)).isZero();
    assertThat(removals).hasSize(8).containsOnly(leaving.id);
    for (BlockId block : blocks) {
      assertThat(record(block).getWorkerIdsList()).containsExactly(2);
    }
    assertThat(replicator.failedCopies()).isPositive();
    setLeaving(leaving.id, false);
    seconds(3);
    assertThat(needed(leaving.id)).isEqualTo(-1);
  }

  @Test
  void moreReplicasThanWorkersThatStayAreNotWaitedFor() {
    List<Integer> both = List.of(startOnItsOwn().id, startOnItsOwn().id);
    List<BlockId> blocks = write("/f", 2, 3, both);
    seconds(20);
    assertThat(replicator.shortBlocks()).isZero();
    setLeaving(1, true);
    seconds(20);
    assertThat(needed(1)).isZero();
    assertThat(record(blocks.get(0)).getWorkerIdsList()).containsExactly(2);
    startOnItsOwn();
    startOnItsOwn();
    seconds(20);
    assertThat(record(blocks.get(0)).getWorkerIdsList()).containsExactlyInAnyOrder(2, 3, 4);
  }

  @Test
  void whatWasJustWrittenIsNotTakenForLost() {
    List<Integer> ids = List.of(startOnItsOwn().id, startOnItsOwn().id);
    seconds(3);
    for (int i = 0; i < 10; i++) {
      write("/f" + i, 2, 2, ids);
      seconds(1);
      assertThat(replicator.lostBlocks()).isZero();
      assertThat(replicator.shortBlocks()).isZero();
    }
  }

  @Test
  void whatWasSaidOfADrainBeforeIsNotSaidOfTheNext() {
    Worker first = startOnItsOwn();
    startOnItsOwn();
    setLeaving(first.id, true);
    seconds(2);
    assertThat(needed(first.id)).isZero();
    setLeaving(first.id, false);
    List<BlockId> blocks = write("/f", 1, 1, List.of(first.id));
    setLeaving(first.id, true);
    assertThat(needed(first.id)).isEqualTo(-1);
    seconds(2);
    assertThat(needed(first.id)).isEqualTo(1);
    seconds(20);
    assertThat(needed(first.id)).isZero();
    assertThat(record(blocks.get(0)).getWorkerIdsList()).containsExactly(2);
  }

  @Test
  void aWorkerWithWhatNoRecordNamesYetMayNotGo() {
    Worker first = startOnItsOwn();
    startOnItsOwn();
    setLeaving(first.id, true);
    first.unpublishedBytes = 5;
    seconds(5);
    assertThat(needed(first.id)).isEqualTo(-1);
    first.unpublishedBytes = 0;
    seconds(5);
    assertThat(needed(first.id)).isZero();
  }

  @Test
  void whatAWorkerHadBeforeItsStartDoesNotCount() {
    Worker restarted = startOnItsOwn();
    Worker leaving = startOnItsOwn();
    List<BlockId> blocks = write("/f", 1, 1, List.of(restarted.id, leaving.id));
    core.run(
        Command.newBuilder()
            .setSetWorkerLeaving(
                SetWorkerLeaving.newBuilder().setWorkerId(leaving.id).setLeaving(true)));
    workers.values().forEach(this::beat);
    workers.values().forEach(this::beat);
    restarted.starts++; // its heartbeat comes before its report, which will not have the block
    for (int i = 0; i < 8; i++) {
      clock.addAndGet(SECOND);
      registry.heartbeat(
          Heartbeat.newBuilder()
              .setWorkerId(restarted.id)
              .setIncarnation(restarted.incarnation())
              .build());
      beat(leaving);
      replicator.tick();
    }
    assertThat(removals).isEmpty();
    restarted.blocks.clear();
    restarted.said = Set.of();
    seconds(30);
    assertThat(reallyHas(restarted.id, blocks.get(0))).isTrue();
    assertThat(record(blocks.get(0)).getWorkerIdsList()).containsExactly(restarted.id);
  }

  @Test
  void whatCannotBeCopiedHoldsNothingElseUp() {
    Worker first = startOnItsOwn();
    Worker second = startOnItsOwn();
    for (int i = 0; i < 5; i++) {
      write("/many" + i, 2_100, 3, List.of(first.id, second.id));
    }
    core.accepted(
        Command.newBuilder()
            .setRegisterWorker(
                RegisterWorker.newBuilder()
                    .setUuid("never seen")
                    .setAddress(WorkerAddress.newBuilder().setHost("nowhere"))));
    seconds(10);
    assertThat(replicator.shortBlocks()).isEqualTo(10_500);
    List<BlockId> blocks = write("/last", 1, 2, List.of(first.id, second.id));
    seconds(2);
    second.blocks.removeAll(blocks);
    seconds(30);
    assertThat(reallyHas(second.id, blocks.get(0))).isTrue();
  }

  @Test
  void whatNobodyHasIsCountedAndHoldsUpNothing() {
    Worker dead = startOnItsOwn();
    Worker other = startOnItsOwn();
    startOnItsOwn();
    write("/lost", 20, 1, List.of(dead.id));
    List<BlockId> found = write("/found", 1, 2, List.of(dead.id, other.id));
    dead.alive = false;
    seconds(PATIENCE_SECONDS + 30);
    assertThat(replicator.lostBlocks()).isEqualTo(20);
    assertThat(replicator.shortBlocks()).isZero();
    assertThat(record(found.get(0)).getWorkerIdsList()).containsExactly(2, 3);
    // It is back, with all that it had.
    dead.alive = true;
    seconds(10);
    assertThat(replicator.lostBlocks()).isZero();
  }

  @Test
  void nobodyIsToldToCopyFromItself() {
    Worker first = startOnItsOwn();
    BlockId block = write("/f", 1, 2, List.of(first.id)).get(0);
    Worker again = start(first.host); // at the same address, without what the first had
    again.port = first.port;
    for (int i = 0; i < 9; i++) {
      clock.addAndGet(SECOND);
      beat(first);
      beat(again);
      replicator.tick();
      assertThat(poll(again)).isEmpty();
    }
    assertThat(record(block).getWorkerIdsList()).containsExactly(first.id);
  }

  @Test
  void aCopyWhoseWorkerDiesIsGivenToAnother() {
    Worker first = startOnItsOwn();
    Worker second = startOnItsOwn();
    Worker third = startOnItsOwn();
    BlockId block = write("/f", 1, 2, List.of(first.id)).get(0);
    seconds(4);
    for (int i = 0; i < 3; i++) {
      clock.addAndGet(SECOND);
      workers.values().forEach(this::beat);
      replicator.tick();
    }
    assertThat(poll(second)).hasSize(1);
    assertThat(poll(third)).as("one at a time").isEmpty();
    second.alive = false;
    seconds(30);
    assertThat(record(block).getWorkerIdsList()).containsExactly(first.id, third.id);
    assertThat(replicator.copying()).isZero();
  }

  @Test
  void aFileThatIsBeingWrittenIsLeftToItsWriter() {
    Worker first = startOnItsOwn();
    startOnItsOwn();
    CommandResult made = core.accepted(Ask.create("/f"));
    long inode = made.getInode().getId();
    core.accepted(Ask.commit(inode, made.getWriteVersion(), Ask.MIB, false));
    setLeaving(first.id, true);
    first.blocks.add(
        BlockId.newBuilder().setInode(inode).setVersion(made.getWriteVersion()).build());
    seconds(30);
    assertThat(core.view().namespace().block(inode, 0).getWorkerIdsList()).containsExactly(1);
    assertThat(needed(first.id)).isEqualTo(1);
    core.accepted(Ask.commit(inode, made.getWriteVersion(), Ask.MIB, true));
    seconds(30);
    assertThat(core.view().namespace().block(inode, 0).getWorkerIdsList()).containsExactly(2);
    assertThat(needed(first.id)).isZero();
  }

  @RepeatedTest(20)
  void whateverHappensToWorkersBlocksEndWhereTheyShouldBe() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    random = new Random(seed);
    copyFails = 0.2;
    for (int i = 0; i < 5; i++) {
      start("host" + random.nextInt(4));
    }
    List<BlockId> blocks = new ArrayList<>();
    for (int step = 0; step < 60; step++) {
      disturb(step, blocks);
      seconds(random.nextInt(20));
    }
    if (staying() == 0) {
      setLeaving(anyone().id, false);
      anyone().alive = true;
    }
    copyFails = 0;
    seconds(3 * PATIENCE_SECONDS);
    int staying = staying();
    for (BlockId block : blocks) {
      BlockRecord record = record(block);
      boolean had = workers.keySet().stream().anyMatch(id -> reallyHas(id, block));
      if (record == null || !had || lost(record, block)) {
        continue;
      }
      int wanted = core.view().namespace().find(block.getInode()).getReplicas();
      long good =
          record.getWorkerIdsList().stream()
              .filter(id -> reallyHas(id, block) && !queries.isLeaving(id))
              .count();
      assertThat(good)
          .as(record + ", seed " + seed)
          .isGreaterThanOrEqualTo(Math.min(wanted, staying));
      if (staying >= wanted) {
        assertThat(record.getWorkerIdsList()).as("seed " + seed).hasSize(wanted);
      }
    }
    assertThat(replicator.copying()).isZero();
  }

  /** Of those that are counted on nobody has it: what others have may be old. */
  private boolean lost(BlockRecord record, BlockId block) {
    return record.getWorkerIdsList().stream().noneMatch(id -> reallyHas(id, block));
  }

  private int staying() {
    return (int) workers.values().stream().filter(w -> w.alive && !queries.isLeaving(w.id)).count();
  }

  private Worker anyone() {
    return workers.get(1 + random.nextInt(workers.size()));
  }

  private void disturb(int step, List<BlockId> blocks) {
    Worker worker = anyone();
    switch (random.nextInt(7)) {
      case 0 -> worker.alive = false;
      case 1, 2 -> {
        worker.starts += worker.alive ? 0 : 1;
        worker.alive = true;
      }
      case 3 -> {
        worker.blocks.removeIf(block -> random.nextInt(4) == 0);
      }
      case 4 -> setLeaving(worker.id, random.nextInt(3) == 0);
      case 5 -> replicator.reset();
      default -> {
        List<Integer> able =
            new ArrayList<>(
                workers.values().stream()
                    .filter(w -> w.alive && !queries.isLeaving(w.id))
                    .map(w -> w.id)
                    .toList());
        Collections.shuffle(able, random);
        int replicas = 1 + random.nextInt(3);
        if (!able.isEmpty()) {
          blocks.addAll(
              write(
                  "/f" + step,
                  1 + random.nextInt(3),
                  replicas,
                  able.subList(0, Math.min(replicas, able.size()))));
        }
      }
    }
    if (random.nextInt(10) == 0 && !blocks.isEmpty()) {
      long inode = blocks.get(random.nextInt(blocks.size())).getInode();
      if (core.view().namespace().find(inode) != null) {
        String name = core.view().namespace().find(inode).getName().toStringUtf8();
        assertThat(core.view().namespace().find(inode).getParent()).isEqualTo(NamespaceView.ROOT);
        core.accepted(Ask.unlink("/" + name));
      }
    }
  }
}
