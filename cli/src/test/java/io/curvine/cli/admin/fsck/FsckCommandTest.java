/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.fsck;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.curvine.cli.admin.CurvineAdmin;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.ClusterFormed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FamilyHash;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.FindingsRepaired;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.SnapshotTaken;
import io.curvine.protocol.proto.StateChecked;
import io.curvine.protocol.proto.StateFinding;
import io.curvine.protocol.proto.StateHashed;
import io.curvine.protocol.rpc.RpcResponder;
import io.curvine.protocol.rpc.RpcServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Against two masters that say what the test wants, and against files. */
@Timeout(90)
class FsckCommandTest {
  private static final StateFinding NLINK =
      StateFinding.newBuilder()
          .setKind(FindingKind.WRONG_NLINK)
          .setFamily(ColumnFamily.INODES.number())
          .setKey(ByteString.copyFrom(Keys.of(7L).bytes()))
          .setInode(7)
          .setPath("/d")
          .setText("its link count is 9 instead of 2")
          .setRepair("its link count is 2")
          .build();

  private static final StateFinding LOST =
      StateFinding.newBuilder()
          .setKind(FindingKind.LOST_BLOCK)
          .setFamily(ColumnFamily.BLOCKS.number())
          .setKey(ByteString.copyFrom(Keys.of(8L, 0).bytes()))
          .setInode(8)
          .setPath("/f")
          .setText("block 0 of 5 bytes is at no live worker")
          .build();

  @TempDir Path temp;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  /** What the masters were asked to do, in order. */
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  private volatile List<StateFinding> first = List.of();
  private volatile List<StateFinding> second = List.of();
  private volatile List<StateFinding> afterRepair = List.of();

  /** What is found after one repair more; the last stays. */
  private final Deque<List<StateFinding>> afterNextRepairs = new ConcurrentLinkedDeque<>();

  private Master leader;
  private Master other;

  /** Answers what the command asks. */
  private final class Master implements AutoCloseable {
    private final String id;
    private final RpcServer server;
    private volatile String digest = "one";
    private volatile boolean silent;

    Master(String id) throws IOException {
      this.id = id;
      this.server = RpcServer.start(new HostPort("127.0.0.1", 0), 1, this::handle);
    }

    MasterStatus status() {
      return MasterStatus.newBuilder()
          .setNodeId(id)
          .setRpc("127.0.0.1:" + server.port())
          .setPid(silent ? 0 : 1)
          .setAppliedOffset(10)
          .setRole(this == leader ? "leader" : "follower")
          .build();
    }

    private void handle(MasterRequest request, RpcResponder responder) {
      responder.respond(MasterResponse.newBuilder().setAdmin(answer(request.getAdmin())).build());
    }

    private AdminReply.Builder answer(AdminRequest request) {
      AdminReply.Builder reply = AdminReply.newBuilder();
      switch (request.getRequestCase()) {
        case LIST_MASTERS ->
            reply.setMasterList(
                MasterList.newBuilder().addMasters(other.status()).addMasters(leader.status()));
        case CHECK_STATE -> {
          boolean again = request.getCheckState().getConfirmCount() > 0;
          asked.add(id + (again ? " again" : " check"));
          StateChecked.Builder checked =
              StateChecked.newBuilder()
                  .setFinished(true)
                  .setOffset(10)
                  .setEpoch(3)
                  .setRows(20)
                  .addAllFindings(again ? second : first)
                  .addSkipped("the UFS of /fs: Curvine is the authority there");
          if (request.getCheckState().getUfs()) {
            checked.addUnknown("the UFS of /m: no way; nothing is concluded about this mount");
          }
          reply.setStateChecked(checked);
        }
        case HASH_STATE -> {
          asked.add(id + " hash");
          reply.setStateHashed(
              StateHashed.newBuilder()
                  .setFinished(true)
                  .setOffset(10)
                  .addFamilies(
                      FamilyHash.newBuilder()
                          .setFamily("inodes")
                          .setSha256(digest)
                          .setFolded(true)));
        }
        case TAKE_SNAPSHOT -> {
          asked.add(id + " snapshot");
          reply.setSnapshotTaken(
              SnapshotTaken.newBuilder().setFinished(true).setName("snapshot-" + id));
        }
        case REPAIR_FINDINGS -> {
          asked.add(id + " repair");
          assertThat(request.getRepairFindings().getEpoch()).isEqualTo(3);
          first = afterRepair;
          second = afterRepair;
          if (!afterNextRepairs.isEmpty()) {
            afterRepair = afterNextRepairs.remove();
          }
          reply.setFindingsRepaired(
              FindingsRepaired.newBuilder()
                  .setFinished(true)
                  .setRepaired(request.getRepairFindings().getFindingsCount()));
        }
        default -> throw new AssertionError("asked for " + request.getRequestCase());
      }
      return reply;
    }

    @Override
    public void close() {
      server.close();
    }
  }

  @BeforeEach
  void start() throws IOException {
    leader = new Master("m1");
    other = new Master("m2");
  }

  @AfterEach
  void stop() {
    leader.close();
    other.close();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    asked.clear();
    CurvineAdmin program = new CurvineAdmin(new ByteArrayOutputStream());
    CommandLine line =
        program.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    List<String> all = new ArrayList<>(List.of("fsck"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--masters", "127.0.0.1:" + leader.server.port()));
    return line.execute(all.toArray(String[]::new));
  }

  private int live(String... options) {
    List<String> all = new ArrayList<>(List.of("--again-after", "0"));
    all.addAll(List.of(options));
    return run(all.toArray(String[]::new));
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(out.toString());
  }

  @Test
  void aCleanStateIsSuccess() {
    assertThat(live()).as(err.toString()).isZero();
    assertThat(out.toString()).contains("m1: nothing found in 20 rows at offset 10");
    assertThat(out.toString()).contains("m1: not checked: the UFS of /fs");
    assertThat(asked).containsExactly("m1 check");
    assertThat(live("--all")).isZero();
    assertThat(asked).containsExactly("m1 check", "m2 check");
    // Who asked for it is not told that all is well.
    assertThat(live("--ufs")).isEqualTo(1);
    assertThat(err.toString()).contains("nothing is concluded about this mount");
  }

  @Test
  void onlyWhatIsTrueAtTheSecondLookCounts() throws IOException {
    first = List.of(NLINK, LOST);
    second = List.of(LOST);
    assertThat(live("--json")).isEqualTo(1);
    assertThat(json().get("clean").asBoolean()).isFalse();
    JsonNode found = json().get("states").get(0).get("findings");
    assertThat(found).hasSize(1);
    assertThat(found.get(0).get("kind").asText()).isEqualTo("lost-block");
    assertThat(found.get(0).get("key").asText()).isEqualTo("8:0");
    assertThat(err.toString()).contains("m1: 1 found");
    second = List.of();
    assertThat(live()).isZero();
    assertThat(asked).containsExactly("m1 check", "m1 again");
  }

  @Test
  void aRepairShowsItsPlanTakesSnapshotsAndChecksAgain() throws IOException {
    first = List.of(NLINK);
    second = first;
    assertThat(live("--repair", "--dry-run")).isEqualTo(1);
    assertThat(out.toString()).contains("wrong-nlink", "/d", "its link count is 2");
    assertThat(asked).containsExactly("m1 check", "m1 again");

    assertThat(live("--repair")).as(err.toString()).isZero();
    assertThat(out.toString())
        .contains("its link count is 2", "m2 has it as it was in snapshot snapshot-m2")
        .contains("mended: 1", "m1: nothing found");
    assertThat(asked.subList(0, 2)).containsExactly("m1 check", "m1 again");
    assertThat(asked.subList(2, 4)).containsExactlyInAnyOrder("m1 hash", "m2 hash");
    assertThat(asked.subList(4, asked.size()))
        .containsExactly("m1 snapshot", "m2 snapshot", "m1 repair", "m1 check");
  }

  @Test
  void whatIsLeftAfterARepairIsNoSuccess() throws IOException {
    first = List.of(NLINK, LOST);
    second = first;
    afterRepair = List.of(LOST);
    assertThat(live("--repair", "--json")).isEqualTo(1);
    assertThat(json().get("plan").get(0).get("findings")).hasSize(2);
    assertThat(json().get("repaired").asInt()).isEqualTo(1);
    assertThat(json().get("snapshots")).hasSize(2);
    assertThat(json().get("states").get(0).get("findings")).hasSize(1);
    // Nothing mends that: nothing is begun.
    assertThat(live("--repair")).isEqualTo(1);
    assertThat(asked).containsExactly("m1 check", "m1 again");
  }

  @Test
  void findingsThatComeBackEndTheRepair() {
    StateFinding moved =
        NLINK.toBuilder().setInode(9).setKey(ByteString.copyFrom(Keys.of(9L).bytes())).build();
    first = List.of(NLINK);
    second = first;
    afterRepair = List.of(moved);
    // Whenever it was touched last.
    afterNextRepairs.add(List.of(NLINK.toBuilder().setMtimeNanos(7).build()));
    for (int i = 0; i < 5; i++) {
      afterNextRepairs.add(List.of(moved));
      afterNextRepairs.add(List.of(NLINK));
    }
    assertThat(live("--repair")).isEqualTo(1);
    assertThat(Collections.frequency(asked, "m1 repair")).isEqualTo(2);
    assertThat(out.toString()).contains("mended: 2", "m1: 1 found");
  }

  @Test
  void withoutARootNothingIsBegun() {
    StateFinding root =
        StateFinding.newBuilder()
            .setKind(FindingKind.MOUNT_WITHOUT_ROOT)
            .setFamily(ColumnFamily.MOUNTS.number())
            .setKey(ByteString.copyFrom(Keys.of(1).bytes()))
            .setText("mount 1 at /m: its root, inode 5, is no directory")
            .build();
    first = List.of(root, NLINK);
    second = first;
    assertThat(live("--repair")).isEqualTo(1);
    assertThat(err.toString())
        .contains("no repair: mount 1 at /m: its root, inode 5, is no directory")
        .contains("Restore the newest snapshot that has it, or rebuild");
    assertThat(asked).containsExactly("m1 check", "m1 again");
    assertThat(live("--repair", "--dry-run")).isEqualTo(1);
    assertThat(out.toString()).contains("mount-without-root", "wrong-nlink");
  }

  @Test
  void mastersThatDifferAreNotRepaired() {
    first = List.of(NLINK);
    second = first;
    other.digest = "another";
    assertThat(live("--repair")).isEqualTo(1);
    assertThat(err.toString()).contains("no repair: the masters' states differ in inodes");
    assertThat(asked).doesNotContain("m1 repair", "m1 snapshot");
    other.digest = "one";
    other.silent = true;
    assertThat(live("--repair")).isEqualTo(1);
    assertThat(err.toString()).contains("no repair: m2 does not answer");
    assertThat(asked).doesNotContain("m1 repair", "m1 snapshot");
  }

  @Test
  void directoriesAreCheckedAndNotRepaired() throws IOException {
    Inode root =
        Inode.newBuilder().setId(1).setType(InodeType.DIRECTORY).setMode(0755).setNlink(2).build();
    try (JournalLog journal = JournalLog.open(temp.resolve("journal"), JournalConfig.defaults())) {
      journal.append(
          0,
          StoredEvent.all(
              List.of(
                  Event.newBuilder()
                      .setClusterFormed(ClusterFormed.newBuilder().setClusterId("c").setRoot(root))
                      .build())));
    }
    Path state = temp.resolve("state");
    CurvineAdmin program = new CurvineAdmin(new ByteArrayOutputStream());
    assertThat(
            program
                .commandLine()
                .execute(
                    "journal",
                    "replay",
                    temp.resolve("journal").toString(),
                    "--into",
                    state.toString()))
        .isZero();
    assertThat(run(state.toString())).as(err.toString()).isZero();
    try (StateStore store = StateStore.open(state.resolve("db"), StoreSettings.small(), () -> {})) {
      Overlay rows = new Overlay(store);
      rows.put(ColumnFamily.DENTRIES, Keys.of(1, ByteString.copyFromUtf8("ghost")), 99L);
      store.writeFolded(rows);
    }
    assertThat(run(state.toString())).isEqualTo(1);
    assertThat(out.toString()).contains("dangling-name", "/ghost", "its inode is missing");
    assertThat(run(state.toString(), "--repair")).isEqualTo(2);
    assertThat(err.toString()).contains("a repair goes through the journal");
    assertThat(run("--dry-run")).isEqualTo(2);
    assertThat(run(temp.resolve("nothing").toString())).isEqualTo(1);
    assertThat(err.toString()).contains("holds no state; allowed:");
  }
}
