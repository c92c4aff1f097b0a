/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.jobs.TtlSweeper;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.leader.Reply;
import io.curvine.master.state.Counter;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ExpireFiles;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.TtlAction;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.protocol.proto.WritePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TtlSweeperTest extends CoreTest {
  private static final Duration DAY = Duration.ofDays(1);

  private final WorkerRegistry workers =
      new WorkerRegistry(Duration.ofHours(1), id -> false, System::nanoTime);
  private final Map<String, List<UfsEntry>> ufs = new HashMap<>();
  private final Set<String> broken = new HashSet<>();
  private boolean leading = true;
  private TtlSweeper sweeper;

  @BeforeEach
  void begin() {
    begin(100);
  }

  private void begin(int tickEntries) {
    sweeper =
        new TtlSweeper(
            () -> core.store(),
            workers,
            this::names,
            new PatientProposer(this::propose),
            () -> leading,
            () -> core.nowNanos(),
            tickEntries);
  }

  private CompletableFuture<Reply> propose(Command command) {
    Decision decision = core.run(command.toBuilder());
    return CompletableFuture.completedFuture(
        decision instanceof Decision.Refused refused
            ? Reply.refused(refused.code(), refused.message())
            : new Reply(ErrorCode.OK, "", result(decision), 0));
  }

  private static CommandResult result(Decision decision) {
    return decision instanceof Decision.Accepted accepted
        ? accepted.result()
        : CommandResult.getDefaultInstance();
  }

  private CompletableFuture<Void> names(long directory) {
    Inode inode = core.view().namespace().require(directory);
    String path = core.view().namespace().path(inode).toStringUtf8();
    if (broken.contains(path)) {
      return CompletableFuture.failedFuture(
          new CurvineException(ErrorCode.UFS_UNREACHABLE, path + " cannot be listed"));
    }
    core.run(Ask.reconcile(directory, ufs.getOrDefault(path, List.of()).toArray(UfsEntry[]::new)));
    return CompletableFuture.completedFuture(null);
  }

  private static Policy policy(TtlAction action, Duration ttl) {
    return Policy.newBuilder().setTtlAction(action).setTtlMs(ttl.toMillis()).build();
  }

  /** As many steps as a pass takes. */
  private void sweep() {
    for (int i = 0; i < 20; i++) {
      sweeper.tick();
    }
  }

  private boolean exists(String path) {
    int slash = path.lastIndexOf('/');
    Inode parent = core.at(slash == 0 ? "/" : path.substring(0, slash));
    return core.view()
            .namespace()
            .childId(
                parent.getId(),
                com.google.protobuf.ByteString.copyFromUtf8(path.substring(slash + 1)))
        != 0;
  }

  private List<Job> open() {
    List<Job> jobs = new ArrayList<>();
    core.view().jobs().scan(0, jobs::add);
    return jobs;
  }

  private void finishAll() {
    open()
        .forEach(
            job ->
                core.accepted(
                    Command.newBuilder()
                        .setFinishJob(
                            FinishJob.newBuilder().setJobId(job.getId()).setSucceeded(true))));
  }

  private void worker(int id) {
    boolean unused =
        workers.heartbeat(Heartbeat.newBuilder().setWorkerId(id).setIncarnation("i").build());
    assertThat(workers.report(report(id).setFull(true).setFirst(true).setLast(true).build()))
        .isTrue();
  }

  private static BlockReport.Builder report(int worker) {
    return BlockReport.newBuilder().setWorkerId(worker).setIncarnation("i");
  }

  private BlockId block(String path) {
    Inode file = core.at(path);
    return BlockId.newBuilder().setInode(file.getId()).setVersion(file.getBaseVersion()).build();
  }

  private void cached(String path, int worker) {
    assertThat(workers.report(report(worker).addAdded(block(path)).build())).isTrue();
  }

  private void dropped(String path, int worker) {
    assertThat(workers.report(report(worker).addRemoved(block(path)).build())).isTrue();
  }

  /** A cache of a UFS with a file of some bytes, at worker 1. */
  private void mountCached() {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    core.accepted(mount);
    core.accepted(
        Ask.reconcile(core.at("/m").getId(), Ask.file("f", "1", 10), Ask.file("g", "1", 10)));
    worker(1);
    worker(2);
    cached("/m/f", 1);
  }

  @Test
  void aFileIsDeletedOnceItWasLeftAloneForLongEnough() {
    core.accepted(Ask.mkdirs("/a/deep/er"));
    core.accepted(Ask.policy("/a", policy(TtlAction.TTL_DELETE, DAY)));
    core.accepted(Ask.create("/a/old"));
    core.accepted(Ask.create("/a/deep/er/old"));
    core.accepted(Ask.create("/elsewhere"));
    for (String path : List.of("/a/old", "/a/deep/er/old", "/elsewhere")) {
      close(path);
    }
    core.pass(DAY.minusHours(1));
    core.accepted(Ask.create("/a/new"));
    close("/a/new");
    sweep();
    assertThat(exists("/a/old")).isTrue();
    core.pass(Duration.ofHours(2));
    sweep();
    assertThat(exists("/a/old")).isFalse();
    assertThat(exists("/a/deep/er/old")).isFalse();
    assertThat(exists("/a/deep/er")).as("an empty directory").isTrue();
    assertThat(exists("/a/new")).isTrue();
    assertThat(exists("/elsewhere")).isTrue();
    assertThat(sweeper.deleted()).isEqualTo(2);
  }

  private void close(String path) {
    Inode file = core.at(path);
    core.accepted(Ask.commit(file.getId(), file.getLease().getWriteVersion(), 0, true));
  }

  @Test
  void anOldTimeThatAUserSetsMakesNoFileOld() {
    core.accepted(Ask.mkdir("/a"));
    core.accepted(Ask.policy("/a", policy(TtlAction.TTL_DELETE, DAY)));
    core.pass(DAY.multipliedBy(10));
    core.accepted(Ask.create("/a/copy"));
    close("/a/copy");
    core.accepted(
        Command.newBuilder()
            .setSetAttributes(
                SetAttributes.newBuilder().setAt(Core.ref("/a/copy")).setMtimeNanos(5)));
    sweep();
    assertThat(exists("/a/copy")).isTrue();
    core.pass(DAY);
    sweep();
    assertThat(exists("/a/copy")).isFalse();
  }

  @Test
  void whatIsWrittenOrOpenWhenItIsDecidedStays() {
    core.accepted(Ask.mkdir("/a"));
    core.accepted(Ask.policy("/a", policy(TtlAction.TTL_DELETE, DAY)));
    core.accepted(Ask.create("/a/open"));
    core.accepted(Ask.create("/a/written"));
    core.accepted(Ask.create("/a/free"));
    close("/a/written");
    close("/a/free");
    core.accepted(Ask.policy("/a/free", policy(TtlAction.TTL_FREE, DAY)));
    core.pass(DAY);
    core.accepted(Ask.truncate("/a/written", 1));
    Decision decision =
        core.run(
            Command.newBuilder()
                .setExpireFiles(
                    ExpireFiles.newBuilder()
                        .addDeleted(core.at("/a/open").getId())
                        .addDeleted(core.at("/a/written").getId())
                        .addDeleted(core.at("/a/free").getId())
                        .addDeleted(core.at("/a").getId())
                        .addDeleted(4_711)));
    assertThat(decision).isInstanceOf(Decision.Unchanged.class);
    assertThat(core.names("/a")).isEqualTo(3);
  }

  @Test
  void aNameElsewhereStaysAndIsJudgedByWhatHoldsThere() {
    core.accepted(Ask.mkdirs("/a"));
    core.accepted(Ask.mkdirs("/b"));
    core.accepted(Ask.policy("/a", policy(TtlAction.TTL_DELETE, DAY)));
    core.accepted(Ask.create("/a/f"));
    close("/a/f");
    core.accepted(Ask.link("/a/f", "/b/f"));
    core.accepted(Ask.create("/b/g"));
    close("/b/g");
    core.accepted(Ask.link("/b/g", "/a/g"));
    core.pass(DAY);
    sweep();
    assertThat(exists("/a/f")).isFalse();
    assertThat(exists("/b/f")).isTrue();
    assertThat(exists("/a/g")).as("its primary name is elsewhere").isTrue();
    core.pass(DAY.multipliedBy(2));
    sweep();
    assertThat(exists("/b/f")).isTrue();
  }

  @Test
  void whatWasDeletedIsKeptByTheTrashForItsOwnTime() {
    core.accepted(Ask.mkdir("/d"));
    core.accepted(Ask.create("/d/f"));
    close("/d/f");
    core.accepted(Ask.policy("/", Policy.newBuilder().setTrashMs(30 * DAY.toMillis()).build()));
    core.accepted(Ask.policy("/d", policy(TtlAction.TTL_DELETE, DAY)));
    core.accepted(Ask.deleteTree("/d"));
    long before = core.view().meta().get(Counter.INODE_COUNT);
    core.pass(DAY.multipliedBy(2));
    sweep();
    assertThat(sweeper.deleted()).isZero();
    assertThat(core.view().meta().get(Counter.INODE_COUNT)).isEqualTo(before);
  }

  @Test
  void underAMountTheUfsLosesItTooUnlessItIsReadOnly() {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setWritePolicy(WritePolicy.BACK);
    core.accepted(mount);
    ufs.put("/m", List.of(Ask.file("f", "1", 10), Ask.directory("d"), Ask.directory("x")));
    ufs.put("/m/d", List.of(Ask.file("g", "1", 10)));
    broken.add("/m/x");
    core.accepted(Ask.policy("/m", policy(TtlAction.TTL_DELETE, DAY)));
    core.pass(DAY);
    sweep();
    assertThat(open().stream().map(job -> job.getUfsPath().toStringUtf8()))
        .containsExactlyInAnyOrder("f", "d/g");
    assertThat(open()).allMatch(job -> job.getKind() == JobKind.UFS_DELETE);
    Command.Builder never = Ask.mount("/n", "file:///other");
    never
        .getMountUfsBuilder()
        .getMountBuilder()
        .setMode(MountMode.CACHE)
        .setWritePolicy(WritePolicy.NEVER);
    core.accepted(never);
    ufs.put("/n", List.of(Ask.file("f", "1", 10)));
    core.accepted(Ask.policy("/n", policy(TtlAction.TTL_DELETE, DAY)));
    sweep();
    core.pass(DAY);
    sweep();
    assertThat(exists("/n/f")).isTrue();
  }

  @Test
  void aCachedCopyGoesOnceItWasCachedForLongEnoughAndNotAgain() {
    mountCached();
    core.accepted(Ask.policy("/m", policy(TtlAction.TTL_FREE, DAY)));
    core.pass(DAY.multipliedBy(30)); // the file is old, its copy has just come
    sweep();
    assertThat(open()).isEmpty();
    core.pass(DAY.minusHours(2));
    sweep();
    cached("/m/g", 2);
    core.pass(Duration.ofHours(3));
    sweep();
    assertThat(open()).hasSize(1);
    Job job = open().get(0);
    assertThat(job.getKind()).isEqualTo(JobKind.FREE_PARTS);
    assertThat(job.getWorkerId()).isEqualTo(1);
    assertThat(job.getPartsList()).hasSize(1);
    assertThat(job.getParts(0).getInode()).isEqualTo(core.at("/m/f").getId());
    finishAll();
    for (int i = 0; i < 5; i++) { // its report is late
      core.pass(Duration.ofHours(1));
      sweep();
    }
    assertThat(open()).isEmpty();
    dropped("/m/f", 1);
    core.pass(Duration.ofHours(21));
    sweep();
    assertThat(open().get(0).getParts(0).getInode()).isEqualTo(core.at("/m/g").getId());
    finishAll();
    dropped("/m/g", 2);
    core.pass(DAY);
    sweep();
    assertThat(open()).isEmpty();
    assertThat(sweeper.freed()).isEqualTo(2);
    assertThat(sweeper.deleted()).isZero();
    cached("/m/f", 2);
    sweep();
    core.pass(Duration.ofHours(2));
    sweep();
    assertThat(open()).as("it has come back just now").isEmpty();
  }

  @Test
  void pinnedFilesAndThoseThatNoUfsHasKeepTheirCopies() {
    mountCached();
    core.accepted(
        Ask.policy("/m", policy(TtlAction.TTL_FREE, DAY).toBuilder().setPinned(true).build()));
    core.accepted(Ask.create("/local"));
    Inode local = core.at("/local");
    core.accepted(Ask.commit(local.getId(), local.getLease().getWriteVersion(), 10, true));
    core.accepted(Ask.policy("/local", policy(TtlAction.TTL_FREE, DAY)));
    sweep();
    core.pass(DAY.multipliedBy(2));
    sweep();
    assertThat(open()).isEmpty();
  }

  @Test
  void aNewLeaderBeginsAnewAndOneThatLostItDoesNothing() {
    mountCached();
    core.accepted(Ask.policy("/m", policy(TtlAction.TTL_FREE, DAY)));
    core.pass(DAY);
    sweep();
    core.pass(DAY.minusHours(1));
    leading = false;
    sweep();
    leading = true;
    core.pass(Duration.ofHours(2));
    sweep();
    assertThat(open()).isEmpty();
    core.pass(DAY);
    sweep();
    assertThat(open()).hasSize(1);
  }

  private static final int ROUNDS = 20;
  private static final int STEPS = 60;

  /** The trees of earlier rounds are walked too, by some sweepers one entry a tick. */
  private static final int TICKS_OF_ALL_ROUNDS = 3 * ROUNDS * STEPS;

  /** Random trees, policies, writes and waits against a list of what should be left. */
  @Test
  void whatIsLeftIsWhatTheModelLeaves() {
    long seed = new Random().nextLong();
    for (int round = 0; round < ROUNDS; round++) {
      roundOf(new Random(seed + round), "/r" + round, "seed " + seed + " round " + round);
    }
  }

  private void roundOf(Random random, String root, String what) {
    core.accepted(Ask.mkdir(root));
    List<String> directories = new ArrayList<>(List.of(root));
    Map<String, Policy> policies = new HashMap<>();
    Map<String, Long> changed = new HashMap<>();
    begin(1 + random.nextInt(20));
    for (int step = 0; step < STEPS; step++) {
      String directory = directories.get(random.nextInt(directories.size()));
      String path = directory + "/" + random.nextInt(6);
      switch (random.nextInt(6)) {
        case 0 -> {
          if (core.run(Ask.mkdir(path)) instanceof Decision.Accepted) {
            directories.add(path);
          }
        }
        case 1, 2 -> {
          if (core.run(Ask.create(path)) instanceof Decision.Accepted) {
            close(path);
            changed.put(path, core.nowNanos());
          }
        }
        case 3 -> {
          String at = changed.containsKey(path) ? path : directory;
          Policy.Builder policy =
              policies.getOrDefault(at, Policy.getDefaultInstance()).toBuilder();
          if (random.nextBoolean()) {
            policy.setTtlMs(random.nextInt(4) * 10_000L);
          }
          if (random.nextBoolean()) {
            policy.setTtlActionValue(random.nextInt(2));
          }
          core.run(Ask.policy(at, policy.build()));
          policies.put(at, policy.build());
        }
        case 4 -> core.pass(Duration.ofSeconds(random.nextInt(10)));
        default -> {
          core.pass(Duration.ofSeconds(4));
          for (int i = 0; i < TICKS_OF_ALL_ROUNDS; i++) {
            sweeper.tick();
          }
          check(changed, policies, root, what + " step " + step);
        }
      }
    }
  }

  private void check(
      Map<String, Long> changed, Map<String, Policy> policies, String root, String what) {
    long now = core.nowNanos();
    Set<String> gone = new TreeSet<>();
    for (Map.Entry<String, Long> file : changed.entrySet()) {
      Policy policy = inherited(file.getKey(), root, policies);
      if (policy.getTtlMs() > 0
          && policy.getTtlAction() == TtlAction.TTL_DELETE
          && now - file.getValue() >= policy.getTtlMs() * 1_000_000) {
        gone.add(file.getKey());
      }
    }
    Set<String> missing = new TreeSet<>();
    for (String path : changed.keySet()) {
      if (!exists(path)) {
        missing.add(path);
      }
    }
    assertThat(missing).as(what).isEqualTo(gone);
    changed.keySet().removeAll(gone);
    policies.keySet().removeAll(gone);
  }

  private static Policy inherited(String path, String root, Map<String, Policy> policies) {
    Policy.Builder policy = Policy.newBuilder();
    for (int end = root.length(); end <= path.length(); end++) {
      if (end == path.length() || path.charAt(end) == '/') {
        policy.mergeFrom(
            policies.getOrDefault(path.substring(0, end), Policy.getDefaultInstance()));
      }
    }
    return policy.build();
  }
}
