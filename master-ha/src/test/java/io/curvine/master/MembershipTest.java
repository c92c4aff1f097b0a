/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.members.MemberProtos;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.AddMaster;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ChangeMasters;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ListMasters;
import io.curvine.protocol.proto.MasterGroup;
import io.curvine.protocol.proto.MasterMember;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.MastersChanged;
import io.curvine.protocol.proto.RemoveMaster;
import io.curvine.protocol.proto.ReplaceMaster;
import io.curvine.protocol.proto.SetMasterPriority;
import io.curvine.protocol.proto.TransferLeadership;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The group of masters grows, shrinks and changes while it serves. */
@Timeout(180)
class MembershipTest {
  private static final int WAIT_MS = 2_000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void growsFromThreeToFiveAndShrinksAgainAndIsFoundWithTheOldConfigurationFiles()
      throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      mkdirs(trio, session, 1, 50);
      MasterNode fourth = trio.startNew("m4");
      assertThat(fourth.notReadyReason()).contains("waits to be added");
      assertThat(changed(trio, add(trio, "m4")).getWarningsList())
          .containsExactly("4 masters vote now: they bear the loss of no more of them than 3 do");
      trio.startNew("m5");
      assertThat(changed(trio, add(trio, "m5")).getWarningsList()).isEmpty();
      assertThat(changed(trio, add(trio, "m5")).getChanged()).as("a second time").isFalse();
      trio.until("m4 is ready", () -> trio.node("m4").ready());
      trio.until("m5 is ready", () -> trio.node("m5").ready());

      // Two of five may go; with two of three it would be over.
      trio.stop("m1");
      trio.stop("m2");
      mkdirs(trio, session, 51, 60);
      trio.start("m1");
      trio.start("m2");
      trio.until("m1 is back", () -> trio.node("m1").ready());
      trio.until("m2 is back", () -> trio.node("m2").ready());

      for (String gone : List.of("m1", "m2")) {
        MasterNode node = trio.node(gone);
        changed(trio, ChangeMasters.newBuilder().setRemove(RemoveMaster.newBuilder().setId(gone)));
        assertThat(endOf(node)).hasMessageContaining("removed from the cluster");
        trio.stop(gone);
      }
      assertThat(ids(group(trio))).containsExactly("m3", "m4", "m5");
      assertThat(
              changed(
                      trio,
                      ChangeMasters.newBuilder().setRemove(RemoveMaster.newBuilder().setId("m1")))
                  .getWarningsList())
          .as("removed a second time")
          .containsExactly("there is no master m1; the members are m3, m4, m5");
      assertThat(failureToStart(trio, "m1")).contains("was removed from the cluster");

      for (String id : List.of("m3", "m4", "m5")) {
        trio.stop(id);
      }
      for (String id : List.of("m3", "m4", "m5")) {
        trio.start(id);
      }
      for (String id : List.of("m3", "m4", "m5")) {
        trio.until(id + " is back", () -> trio.node(id).ready());
      }
      assertThat(ids(group(trio))).containsExactly("m3", "m4", "m5");
      mkdirs(trio, session, 61, 70);
      for (int i = 1; i <= 70; i++) {
        assertThat(trio.exists("/d" + i)).as("/d" + i).isTrue();
      }
    }
  }

  @Test
  void replacesAMasterThatLostItsDiskByOneOfAnotherId() throws IOException {
    try (Trio trio = new Trio(directory, config -> config.withSnapshots(100, 64 << 10))) {
      trio.startAll();
      long session = trio.openSession();
      mkdirs(trio, session, 1, 400);
      String lost = trio.follower();
      trio.stop(lost);
      FileTrees.delete(trio.directory(lost));
      trio.startNew("m9");
      // At once: that master died just now, and the leader's Raft has not noticed.
      MasterResponse refused =
          answer(trio, ChangeMasters.newBuilder().setRemove(remove(other(trio, lost))));
      assertThat(refused.getMessage()).contains(lost + " would not answer: no majority");
      changed(
          trio,
          ChangeMasters.newBuilder()
              .setReplace(
                  ReplaceMaster.newBuilder()
                      .setId(lost)
                      .setBy(MemberProtos.address(trio.config("m9").self()))));
      trio.until("the new master is ready", () -> trio.node("m9").ready());
      assertThat(ids(group(trio))).contains("m9").doesNotContain(lost);
      trio.stop(other(trio, lost));
      assertThat(trio.exists("/d400")).isTrue();
      mkdirs(trio, session, 401, 402);
    }
  }

  /** A follower that is not the given one. */
  private static String other(Trio trio, String but) {
    String leader = trio.leader();
    return Stream.of("m1", "m2", "m3")
        .filter(id -> !id.equals(but) && !id.equals(leader))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void handsTheLeadershipOverInAStreamOfCreates() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Trio trio = new Trio(directory, config -> config)) {
      Trio.Caller caller = trio.caller();
      trio.startAll();
      AtomicBoolean stop = new AtomicBoolean();
      AtomicInteger created = new AtomicInteger();
      long session = trio.openSession();
      CompletableFuture<Void> stream =
          CompletableFuture.runAsync(
              () -> {
                while (!stop.get()) {
                  int next = created.get() + 1;
                  MasterResponse response = caller.command(Trio.create(session, next, "/f" + next));
                  assertThat(response.getCode())
                      .as("create %s: %s", next, response.getMessage())
                      .isEqualTo(ErrorCode.OK);
                  created.set(next);
                }
              },
              threads);
      for (int round = 0; round < 4; round++) {
        int before = created.get();
        trio.until("creates", () -> created.get() > before + 20 || stream.isDone());
        String leader = trio.leader();
        MastersChanged changed =
            changed(
                trio,
                ChangeMasters.newBuilder().setTransfer(TransferLeadership.getDefaultInstance()));
        assertThat(changed.getChanged()).isTrue();
        trio.until("another leader", () -> !trio.leader().equals(leader));
      }
      stop.set(true);
      stream.get(60, TimeUnit.SECONDS);
      for (int i = 1; i <= created.get(); i++) {
        assertThat(trio.exists("/f" + i)).as("/f" + i).isTrue();
      }
      assertThat(trio.exists("/f" + (created.get() + 1))).isFalse();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void leadsWhereThePriorityIsHighestAndTheLeaderCanBeRemoved() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      String chosen = trio.follower();
      String refused = answer(trio, priority("m9", 5)).getMessage();
      assertThat(refused).isEqualTo("there is no master 'm9'; allowed: one of m1, m2, m3");
      changed(trio, priority(chosen, 5));
      trio.until("it leads", () -> trio.leader().equals(chosen));
      String lower = trio.follower();
      assertThat(
              answer(
                      trio,
                      ChangeMasters.newBuilder()
                          .setTransfer(TransferLeadership.newBuilder().setId(lower)))
                  .getMessage())
          .isEqualTo(
              "master %s has the priority 1, %s has 5; allowed: one of the highest, so first set"
                  + " that of %s to 5",
              lower, chosen, lower);

      MasterNode node = trio.node(chosen);
      MastersChanged removed = changed(trio, ChangeMasters.newBuilder().setRemove(remove(chosen)));
      assertThat(removed.getWarningsList())
          .containsExactly("2 masters vote now: they bear the loss of no more of them than 1 do");
      assertThat(endOf(node)).hasMessageContaining("removed from the cluster");
      trio.stop(chosen);
      mkdirs(trio, trio.openSession(), 1, 3);
      assertThat(ids(group(trio))).hasSize(2).doesNotContain(chosen);
    }
  }

  @Test
  void aListenerFollowsWithoutAVoteUntilItIsPromoted() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      mkdirs(trio, session, 1, 20);
      trio.startNew("m4");
      ChangeMasters.Builder listening =
          ChangeMasters.newBuilder()
              .setAdd(
                  AddMaster.newBuilder()
                      .setMaster(MemberProtos.address(trio.config("m4").self()))
                      .setListener(true));
      changed(trio, listening);
      trio.until("it follows", () -> trio.node("m4").ready());
      assertThat(status(trio, "m4").getListener()).isTrue();
      assertThat(status(trio, "m4").getRole()).isEqualTo("listener");

      // It counts for no majority: with one of three left nothing is acknowledged, and it never
      // leads.
      String follower = trio.follower();
      String leader = trio.leader();
      trio.stop(follower);
      trio.stop(leader);
      trio.until("no leader", () -> trio.node("m4").notReadyReason().isEmpty() || noLeader(trio));
      assertThat(trio.ask("m4", ping()).getPong().getRole()).isEqualTo("listener");
      trio.start(follower);
      mkdirs(trio, session, 21, 30);
      trio.start(leader);
      trio.until("all are back", () -> trio.node(leader).ready() && trio.node("m4").ready());

      trio.stop("m4");
      trio.start("m4");
      trio.until("it follows after a restart", () -> trio.node("m4").ready());
      assertThat(status(trio, "m4").getRole()).isEqualTo("listener");

      changed(trio, add(trio, "m4"));
      trio.until("it votes", () -> status(trio, "m4").getRole().equals("follower"));
      assertThat(status(trio, "m4").getListener()).isFalse();
      trio.until("it is up to date", () -> trio.node("m4").ready());
      changed(
          trio,
          ChangeMasters.newBuilder().setTransfer(TransferLeadership.newBuilder().setId("m4")));
      trio.until("it leads", () -> trio.leader().equals("m4"));
      assertThat(trio.exists("/d30")).isTrue();
    }
  }

  private static boolean noLeader(Trio trio) {
    return trio.node("m4").notReadyReason().contains("no leader");
  }

  @Test
  void aRemovedListenerEndsToo() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      MasterNode listener = trio.startNew("m4");
      changed(
          trio,
          ChangeMasters.newBuilder()
              .setAdd(
                  AddMaster.newBuilder()
                      .setMaster(MemberProtos.address(trio.config("m4").self()))
                      .setListener(true)));
      trio.until("it follows", listener::ready);
      changed(trio, ChangeMasters.newBuilder().setRemove(remove("m4")));
      assertThat(endOf(listener)).hasMessageContaining("removed from the cluster");
    }
  }

  @Test
  void refusesAMasterThatIsNotThereOrOfAnotherCluster() throws IOException {
    try (Trio trio = new Trio(directory.resolve("a"), config -> config);
        Trio foreign =
            new Trio(directory.resolve("b"), config -> config.withClusterName("other"))) {
      trio.startAll();
      foreign.start("m1");
      ChangeMasters.Builder none =
          ChangeMasters.newBuilder()
              .setAdd(
                  AddMaster.newBuilder()
                      .setMaster(MemberProtos.address(Peer.parse("m4=127.0.0.1:1:2:3:0"))));
      assertThat(answer(trio, none).getMessage())
          .isEqualTo("no master answers at 127.0.0.1:2; first start m4 there with --join");
      Peer other = foreign.config("m1").self();
      Peer asFourth =
          new Peer("m4", other.host(), other.raftPort(), other.rpcPort(), other.feedPort(), 0);
      ChangeMasters.Builder wrongId =
          ChangeMasters.newBuilder()
              .setAdd(AddMaster.newBuilder().setMaster(MemberProtos.address(asFourth)));
      assertThat(answer(trio, wrongId).getMessage()).endsWith("is m1, not m4");
      assertThat(answer(trio, add(trio, "m1")).getAdmin().getMastersChanged().getChanged())
          .isFalse();
      assertThat(
              answer(
                      trio,
                      ChangeMasters.newBuilder()
                          .setAdd(AddMaster.newBuilder().setMaster(MemberProtos.address(other))))
                  .getCode())
          .isEqualTo(ErrorCode.ALREADY_EXISTS);
      assertThat(ids(group(trio))).containsExactly("m1", "m2", "m3");
    }
  }

  @Test
  void keepsItsNameAndFormsOnlyWhatCanVote() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.start("m1").close();
      MasterConfig renamed = trio.config("m1").withClusterName("other");
      assertThat(failure(renamed))
          .contains("of cluster 'curvine'; allowed: one of cluster_name 'other'");
      MasterConfig two =
          renamed.withMember("m1", renamed.clusterPeers().subList(0, 2), directory.resolve("even"));
      assertThat(failure(two))
          .isEqualTo(
              "cluster_peers has 2 masters; allowed: 1, 3, 5 or 7 to form a cluster, any others to"
                  + " join one with --join");
    }
  }

  private static String failureToStart(Trio trio, String id) {
    return failure(trio.config(id));
  }

  private static String failure(MasterConfig config) {
    try {
      MasterNode.start(config, new SimpleMeterRegistry()).close();
      return "";
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static Throwable endOf(MasterNode node) {
    try {
      node.terminated().get(60, TimeUnit.SECONDS);
      throw new AssertionError("it ended as if nothing had been wrong");
    } catch (ExecutionException e) {
      return e.getCause();
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("it does not end", e);
    }
  }

  private static void mkdirs(Trio trio, long session, int from, int to) {
    for (int i = from; i <= to; i++) {
      assertThat(trio.command(Trio.mkdir(session, i, "/d" + i)).getCode()).isEqualTo(ErrorCode.OK);
    }
  }

  private static ChangeMasters.Builder add(Trio trio, String id) {
    return ChangeMasters.newBuilder()
        .setAdd(AddMaster.newBuilder().setMaster(MemberProtos.address(trio.config(id).self())));
  }

  private static RemoveMaster remove(String id) {
    return RemoveMaster.newBuilder().setId(id).build();
  }

  private static ChangeMasters.Builder priority(String id, int priority) {
    return ChangeMasters.newBuilder()
        .setPriority(SetMasterPriority.newBuilder().setId(id).setPriority(priority));
  }

  private static MastersChanged changed(Trio trio, ChangeMasters.Builder change) {
    MasterResponse response = answer(trio, change);
    assertThat(response.getCode()).as(response.getMessage()).isEqualTo(ErrorCode.OK);
    assertThat(response.getAdmin().getMastersChanged().getFinished()).isTrue();
    return response.getAdmin().getMastersChanged();
  }

  /** Asks until the change has ended one way or the other; NOT_READY is an answer too. */
  private static MasterResponse answer(Trio trio, ChangeMasters.Builder change) {
    change.setWaitMs(WAIT_MS).setRequest(UUID.randomUUID().toString());
    MasterRequest request = admin(AdminRequest.newBuilder().setChangeMasters(change));
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      MasterResponse response = trio.ask(trio.leader(), request);
      assertThat(System.nanoTime() - end)
          .as("in vain: %s: %s", change, response.getMessage())
          .isNegative();
      boolean elsewhere =
          response.getCode() == ErrorCode.NOT_LEADER || response.getCode() == ErrorCode.BUSY;
      boolean unfinished =
          response.getCode() == ErrorCode.OK
              && !response.getAdmin().getMastersChanged().getFinished();
      if (!elsewhere && !unfinished) {
        return response;
      }
      Trio.pause();
    }
  }

  private static MasterRequest admin(AdminRequest.Builder request) {
    return MasterRequest.newBuilder().setAdmin(request).build();
  }

  private static MasterRequest ping() {
    return MasterRequest.newBuilder()
        .setPing(io.curvine.protocol.proto.Ping.getDefaultInstance())
        .build();
  }

  private static MasterGroup group(Trio trio) {
    return list(trio).getAdmin().getMasterList().getGroup();
  }

  private static MasterResponse list(Trio trio) {
    return trio.ask(
        trio.leader(),
        admin(AdminRequest.newBuilder().setListMasters(ListMasters.getDefaultInstance())));
  }

  private static MasterStatus status(Trio trio, String id) {
    return list(trio).getAdmin().getMasterList().getMastersList().stream()
        .filter(status -> status.getNodeId().equals(id))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> ids(MasterGroup group) {
    return group.getMembersList().stream()
        .map(MasterMember::getAddress)
        .map(address -> address.getId())
        .toList();
  }
}
