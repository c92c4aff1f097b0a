/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FamilyHash;
import io.curvine.protocol.proto.HashState;
import io.curvine.protocol.proto.HashedRange;
import io.curvine.protocol.proto.ListSnapshots;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Ping;
import io.curvine.protocol.proto.PruneSnapshots;
import io.curvine.protocol.proto.SnapshotInfo;
import io.curvine.protocol.proto.StateHashed;
import io.curvine.protocol.proto.TakeSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What operators ask three masters about their states. */
@Timeout(180)
class StateToolsTrioTest {
  private static final List<String> IDS = List.of("m1", "m2", "m3");
  private static final int WAIT_MS = 4_000;

  @TempDir Path directory;

  private static MasterRequest request(AdminRequest.Builder request) {
    return MasterRequest.newBuilder().setAdmin(request).build();
  }

  private static MasterRequest hash(HashState.Builder hash, String name) {
    return request(
        AdminRequest.newBuilder().setHashState(hash.setWaitMs(WAIT_MS).setRequest(name)));
  }

  private static long offset(Trio trio, String id) {
    return trio.ask(id, MasterRequest.newBuilder().setPing(Ping.getDefaultInstance()).build())
        .getPong()
        .getAppliedOffset();
  }

  private static StateHashed hashed(Trio trio, String id, MasterRequest request) {
    StateHashed[] found = new StateHashed[1];
    trio.until(
        "a digest of " + id,
        () -> {
          MasterResponse answer = trio.ask(id, request);
          assertThat(answer.getCode()).as(answer.getMessage()).isEqualTo(ErrorCode.OK);
          found[0] = answer.getAdmin().getStateHashed();
          return found[0].getFinished();
        });
    return found[0];
  }

  @Test
  void statesAreComparedAtTheSameEntryWhileItGoesOn() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      int seq = 0;
      for (; seq < 50; seq++) {
        trio.command(Trio.mkdir(session, seq + 1, "/d" + seq));
      }
      // One that is not reached yet: all wait for the entry that gets there.
      long at = offset(trio, trio.leader()) + 20;
      MasterRequest ask = hash(HashState.newBuilder().setAtOffset(at), "one");
      for (String id : IDS) {
        // An answer that it is not done says that the question is there before the entries come.
        MasterRequest brief =
            request(
                AdminRequest.newBuilder()
                    .setHashState(ask.getAdmin().getHashState().toBuilder().setWaitMs(0)));
        MasterResponse answer = trio.ask(id, brief);
        assertThat(answer.getCode()).as(answer.getMessage()).isEqualTo(ErrorCode.OK);
        assertThat(answer.getAdmin().getStateHashed().getFinished()).isFalse();
      }
      for (int last = seq + 40; seq < last; seq++) {
        trio.command(Trio.mkdir(session, seq + 1, "/d" + seq));
      }
      List<StateHashed> answers = new ArrayList<>();
      for (String id : IDS) {
        answers.add(hashed(trio, id, ask));
      }
      assertThat(answers).extracting(StateHashed::getOffset).containsOnly(at);
      List<FamilyHash> first = folded(answers.get(0));
      assertThat(first).hasSizeGreaterThan(10);
      for (StateHashed other : answers) {
        assertThat(folded(other)).isEqualTo(first);
      }
      assertThat(first.get(2).getKeys()).isEqualTo(70);

      MasterResponse passed =
          trio.ask("m2", hash(HashState.newBuilder().setAtOffset(at - 1), "two"));
      assertThat(passed.getCode()).isEqualTo(ErrorCode.OFFSET_OUT_OF_RANGE);
      assertThat(passed.getMessage()).contains("has passed offset " + (at - 1));
    }
  }

  private static List<FamilyHash> folded(StateHashed hashed) {
    return hashed.getFamiliesList().stream().filter(FamilyHash::getFolded).toList();
  }

  @Test
  void idleMastersAreComparedWhereTheyStandAndAFamilyInSteps() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      for (int seq = 1; seq <= 30; seq++) {
        trio.command(Trio.mkdir(session, seq, "/d" + (100 + seq)));
      }
      long at = offset(trio, trio.leader());
      trio.until("all are there", () -> IDS.stream().allMatch(id -> offset(trio, id) == at));
      HashedRange range = HashedRange.newBuilder().setFamily("dentries").setStepKeys(7).build();
      List<StateHashed> answers = new ArrayList<>();
      for (String id : IDS) {
        answers.add(
            hashed(trio, id, hash(HashState.newBuilder().setAtOffset(at).setRange(range), "r")));
      }
      assertThat(answers.get(0).getStepsCount()).isEqualTo(5);
      assertThat(answers.get(1).getStepsList()).isEqualTo(answers.get(0).getStepsList());
      assertThat(answers.get(2).getStepsList()).isEqualTo(answers.get(0).getStepsList());
      HashedRange none = HashedRange.newBuilder().setFamily("none").build();
      MasterResponse refused =
          trio.ask("m1", hash(HashState.newBuilder().setAtOffset(at).setRange(none), "n"));
      assertThat(refused.getCode()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      assertThat(refused.getMessage()).contains("allowed: [default, inodes");
    }
  }

  @Test
  void snapshotsAreListedAndPruned() throws IOException {
    try (Trio trio = new Trio(directory, config -> config)) {
      trio.startAll();
      long session = trio.openSession();
      for (int seq = 1; seq <= 2; seq++) {
        trio.command(Trio.mkdir(session, seq, "/d" + seq));
        long now = offset(trio, trio.leader());
        trio.until("m1 has it", () -> offset(trio, "m1") >= now);
        String name = "take" + seq;
        trio.until("a snapshot", () -> taken(trio, name));
      }
      List<SnapshotInfo> all = list(trio);
      assertThat(all).hasSize(2);
      assertThat(all.get(1).getKeys()).isPositive();
      assertThat(all.get(1).getChainHash()).hasSize(64);
      assertThat(prune(trio, true).getSnapshotsPruned().getRemovedList())
          .containsExactly(all.get(0).getName());
      assertThat(list(trio)).hasSize(2);
      assertThat(prune(trio, false).getSnapshotsPruned().getKeptList())
          .containsExactly(all.get(1).getName());
      assertThat(list(trio)).containsExactly(all.get(1));
      MasterResponse none =
          trio.ask(
              "m1",
              request(
                  AdminRequest.newBuilder()
                      .setPruneSnapshots(PruneSnapshots.getDefaultInstance())));
      assertThat(none.getCode()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
  }

  private static boolean taken(Trio trio, String name) {
    return trio.ask(
            "m1",
            request(
                AdminRequest.newBuilder()
                    .setTakeSnapshot(
                        TakeSnapshot.newBuilder().setWaitMs(WAIT_MS).setRequest(name))))
        .getAdmin()
        .getSnapshotTaken()
        .getFinished();
  }

  private static List<SnapshotInfo> list(Trio trio) {
    return trio.ask(
            "m1",
            request(AdminRequest.newBuilder().setListSnapshots(ListSnapshots.getDefaultInstance())))
        .getAdmin()
        .getSnapshotList()
        .getSnapshotsList();
  }

  private static AdminReply prune(Trio trio, boolean dryRun) {
    return trio.ask(
            "m1",
            request(
                AdminRequest.newBuilder()
                    .setPruneSnapshots(PruneSnapshots.newBuilder().setKeep(1).setDryRun(dryRun))))
        .getAdmin();
  }
}
