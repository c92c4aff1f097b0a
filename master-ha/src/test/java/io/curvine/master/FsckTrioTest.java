/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.snapshot.StateDirectory;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.CheckState;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FamilyHash;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.HashState;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Ping;
import io.curvine.protocol.proto.RepairFindings;
import io.curvine.protocol.proto.RepairState;
import io.curvine.protocol.proto.StateChecked;
import io.curvine.protocol.proto.StateFinding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three masters with the same damage find it while they serve, and mend it through the journal. */
@Timeout(180)
class FsckTrioTest {
  private static final List<String> IDS = List.of("m1", "m2", "m3");
  private static final int WAIT_MS = 4_000;

  @TempDir Path directory;

  private static MasterRequest request(AdminRequest.Builder request) {
    return MasterRequest.newBuilder().setAdmin(request).build();
  }

  private static AdminReply ask(
      Trio trio, String id, AdminRequest.Builder request, Predicate<AdminReply> finished) {
    AdminReply[] found = new AdminReply[1];
    trio.until(
        "an answer of " + id,
        () -> {
          MasterResponse answer = trio.ask(id, request(request));
          assertThat(answer.getCode()).as(answer.getMessage()).isEqualTo(ErrorCode.OK);
          found[0] = answer.getAdmin();
          return finished.test(found[0]);
        });
    return found[0];
  }

  private static StateChecked check(Trio trio, String id, String name, CheckState.Builder check) {
    return ask(
            trio,
            id,
            AdminRequest.newBuilder().setCheckState(check.setWaitMs(WAIT_MS).setRequest(name)),
            reply -> reply.getStateChecked().getFinished())
        .getStateChecked();
  }

  private static int repair(Trio trio, String id, String name, StateChecked found) {
    return ask(
            trio,
            id,
            AdminRequest.newBuilder()
                .setRepairFindings(
                    RepairFindings.newBuilder()
                        .setEpoch(found.getEpoch())
                        .setOffset(found.getOffset())
                        .addAllFindings(found.getFindingsList())
                        .setWaitMs(WAIT_MS)
                        .setRequest(name)),
            reply -> reply.getFindingsRepaired().getFinished())
        .getFindingsRepaired()
        .getRepaired();
  }

  private static long offset(Trio trio, String id) {
    return trio.ask(id, MasterRequest.newBuilder().setPing(Ping.getDefaultInstance()).build())
        .getPong()
        .getAppliedOffset();
  }

  /** Of a master that is stopped. */
  private static void damage(Path master) throws IOException {
    Path database =
        StateDirectory.current(master.resolve("state"))
            .orElseThrow()
            .resolve(SnapshotStore.DATABASE);
    try (StateStore store = StateStore.open(database, StoreSettings.small(), () -> {})) {
      Overlay rows = new Overlay(store);
      long d = store.get(ColumnFamily.DENTRIES, Keys.of(1, ByteString.copyFromUtf8("d")));
      rows.delete(ColumnFamily.DENTRIES, Keys.of(d, ByteString.copyFromUtf8("f")));
      long inodes = store.get(ColumnFamily.META, Counter.INODE_COUNT.key());
      rows.put(ColumnFamily.META, Counter.INODE_COUNT.key(), inodes + 3);
      store.writeFolded(rows);
    }
  }

  private static List<FindingKind> kinds(StateChecked found) {
    return found.getFindingsList().stream().map(StateFinding::getKind).toList();
  }

  @Test
  void damageIsFoundAndMendedOnAllMasters() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      trio.command(Trio.mkdir(session, 1, "/d"));
      trio.command(Trio.create(session, 2, "/d/f"));
      trio.command(Trio.mkdir(session, 3, "/d/sub"));
      long made = offset(trio, trio.leader());
      trio.until("all have it", () -> IDS.stream().allMatch(id -> offset(trio, id) >= made));
      assertThat(check(trio, "m2", "clean", CheckState.newBuilder()).getFindingsList()).isEmpty();
      for (String id : IDS) {
        trio.stop(id);
        damage(trio.directory(id));
      }
      trio.startAll();
      assertThat(trio.exists("/d/f")).isFalse();

      String leader = trio.leader();
      StateChecked found =
          check(trio, leader, "first", CheckState.newBuilder().setWorkers(true).setUfs(true));
      assertThat(kinds(found))
          .containsExactly(FindingKind.NAMELESS_INODE, FindingKind.WRONG_COUNTER);
      assertThat(found.getUnknownList())
          .containsExactly(
              "blocks against workers: names and inodes contradict each other, and come first",
              "the UFS: names and inodes contradict each other, and come first");
      StateChecked again =
          check(
              trio,
              leader,
              "second",
              CheckState.newBuilder().addAllConfirm(found.getFindingsList()));
      assertThat(again.getFindingsList()).isEqualTo(found.getFindingsList());
      String follower = trio.follower();
      assertThat(kinds(check(trio, follower, "other", CheckState.newBuilder())))
          .isEqualTo(kinds(found));
      MasterResponse elsewhere =
          trio.ask(
              follower,
              request(
                  AdminRequest.newBuilder()
                      .setCheckState(CheckState.newBuilder().setWorkers(true))));
      assertThat(elsewhere.getCode()).isEqualTo(ErrorCode.NOT_LEADER);

      // Something happens between the check and the repair.
      trio.command(Trio.mkdir(session, 4, "/e"));
      assertThat(repair(trio, leader, "mend", found)).isEqualTo(2);
      assertThat(repair(trio, leader, "mend", found)).isEqualTo(2); // the same call
      assertThat(repair(trio, leader, "mend again", found)).isZero();
      assertThat(trio.exists("/d/f")).isTrue();
      requireClean(trio);

      // Masters that fold it from the log have it too.
      trio.stop(follower);
      trio.start(follower);
      trio.until("it is back", () -> trio.node(follower).ready());
      requireClean(trio);
    }
  }

  @Test
  void onlyTheLeaderItselfMends() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      Command repair =
          Command.newBuilder()
              .setRepairState(
                  RepairState.newBuilder().addFindings(StateFinding.getDefaultInstance()))
              .build();
      assertThat(trio.command(repair).getCode()).isEqualTo(ErrorCode.PERMISSION_DENIED);
      MasterResponse batch =
          trio.call(
              MasterRequest.newBuilder()
                  .setCommandBatch(CommandBatch.newBuilder().addCommands(repair))
                  .build());
      assertThat(batch.getCode()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      assertThat(batch.getMessage()).contains("a batch holds REPAIR_STATE");
    }
  }

  private static void requireClean(Trio trio) {
    long at = offset(trio, trio.leader());
    trio.until("all have it", () -> IDS.stream().allMatch(id -> offset(trio, id) == at));
    List<List<FamilyHash>> hashes = new ArrayList<>();
    for (String id : IDS) {
      assertThat(check(trio, id, "", CheckState.newBuilder()).getFindingsList()).isEmpty();
      hashes.add(
          ask(
                  trio,
                  id,
                  AdminRequest.newBuilder()
                      .setHashState(
                          HashState.newBuilder()
                              .setAtOffset(at)
                              .setWaitMs(WAIT_MS)
                              .setRequest("hash" + at + "-" + System.nanoTime())),
                  reply -> reply.getStateHashed().getFinished())
              .getStateHashed()
              .getFamiliesList()
              .stream()
              .filter(FamilyHash::getFolded)
              .toList());
    }
    assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
    assertThat(hashes.get(2)).isEqualTo(hashes.get(0));
  }
}
