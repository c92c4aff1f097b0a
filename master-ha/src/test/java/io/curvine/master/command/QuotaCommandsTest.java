/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.curvine.master.check.StateCheck;
import io.curvine.master.leader.Reply;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.quota.QuotaCounter;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.store.FrozenState;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.Limits;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.AllocateBlock;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.CountedTree;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.GetStatFs;
import io.curvine.protocol.proto.ListQuotas;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.protocol.proto.RepairState;
import io.curvine.protocol.proto.StatFs;
import io.curvine.protocol.proto.StateFinding;
import io.curvine.protocol.proto.UnmountUfs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class QuotaCommandsTest extends CoreTest {
  private Quota quota(String path) {
    return core.view().quotas().find(core.at(path).getId());
  }

  private void requireUse(String path, long bytes, long inodes) {
    assertThat(quota(path).getUsedBytes()).as("bytes of " + path).isEqualTo(bytes);
    assertThat(quota(path).getUsedInodes()).as("inodes of " + path).isEqualTo(inodes);
  }

  private CommandResult file(String path, long length) {
    CommandResult made = core.accepted(Ask.create(path));
    return core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), length, true));
  }

  private void requireExceeded(Command.Builder command) {
    assertThat(core.refused(command).code()).isEqualTo(ErrorCode.QUOTA_EXCEEDED);
  }

  private void reapAll() {
    while (core.view().reap().count() > 0) {
      core.accepted(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(1_000)));
    }
  }

  @Test
  void whatIsThereIsCountedAndWhatComesAndGoesToo() {
    core.accepted(Ask.mkdirs("/q/sub"));
    file("/q/sub/f", 100);
    core.accepted(Ask.symlink("/q/s", "target"));
    core.accepted(Ask.setQuota("/q", 1_000, 0));
    requireUse("/q", 100, 3);
    core.accepted(Ask.truncate("/q/sub/f", 300));
    core.accepted(Ask.mkdir("/q/other"));
    requireUse("/q", 300, 4);
    core.accepted(Ask.open("/q/sub/f", true));
    requireUse("/q", 0, 4);
    core.accepted(Ask.unlink("/q/sub/f"));
    core.accepted(Ask.rmdir("/q/sub"));
    requireUse("/q", 0, 2);
  }

  @Test
  void whatWouldGoPastTheLimitOfInodesIsRefused() {
    core.accepted(Ask.mkdirs("/q/a"));
    core.accepted(Ask.setQuota("/q", 0, 2));
    requireExceeded(Ask.mkdirs("/q/b/c"));
    core.accepted(Ask.mkdir("/q/b"));
    requireExceeded(Ask.mkdir("/q/a/x"));
    requireExceeded(Ask.create("/q/a/x"));
    requireExceeded(Ask.symlink("/q/a/x", "t"));
    core.accepted(Ask.create("/x"));
    requireExceeded(Ask.rename("/x", "/q/a/x"));
    assertThat(core.refused(Ask.mkdir("/q/c")).message())
        .isEqualTo("below /q are 2 inodes, and 1 more are asked for; allowed: 2 by its quota");
    // One name more is no inode more.
    core.accepted(Ask.link("/x", "/q/a/h"));
    core.accepted(Ask.rmdir("/q/b"));
    core.accepted(Ask.mkdir("/q/c"));
  }

  @Test
  void whatWouldGoPastTheLimitOfBytesIsRefusedBeforeItIsWritten() {
    core.accepted(Ask.mkdir("/q"));
    core.accepted(Ask.setQuota("/q", 3L * Ask.MIB / 2, 0));
    CommandResult made = core.accepted(Ask.create("/q/f"));
    long id = made.getInode().getId();
    AllocateBlock.Builder block =
        AllocateBlock.newBuilder().setInode(id).setWriteVersion(made.getWriteVersion());
    assertThat(core.refused(Command.newBuilder().setAllocateBlock(block.setIndex(1))).code())
        .isEqualTo(ErrorCode.NO_SPACE);
    requireExceeded(Command.newBuilder().setAllocateBlock(block.setIndex(2)));
    requireExceeded(Ask.commit(id, made.getWriteVersion(), 2L * Ask.MIB, true));
    core.accepted(Ask.commit(id, made.getWriteVersion(), Ask.MIB, true));
    requireExceeded(Ask.truncate("/q/f", 2L * Ask.MIB));
    file("/g", Ask.MIB);
    requireExceeded(Ask.rename("/g", "/q/g"));
    core.accepted(Ask.rename("/g", "/q/f"));
    requireUse("/q", Ask.MIB, 1);
  }

  @Test
  void onlyTheSuperuserSetsAndClears() {
    core.accepted(Ask.mkdir("/q"));
    Principal user = Principal.newBuilder().setUid(7).build();
    assertThat(core.refused(Ask.setQuota("/q", 1, 1).setPrincipal(user)).code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    core.accepted(Ask.setQuota("/q", 1, 1));
    assertThat(core.refused(Ask.clearQuota("/q").setPrincipal(user)).code())
        .isEqualTo(ErrorCode.PERMISSION_DENIED);
    core.accepted(Ask.clearQuota("/q"));
    assertThat(core.refused(Ask.clearQuota("/q")).code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(core.view().quotas().any()).isFalse();
  }

  @Test
  void whatIsNotAQuotaIsRefused() {
    core.accepted(Ask.create("/f"));
    assertThat(core.refused(Ask.setQuota("/f", 1, 1)).code()).isEqualTo(ErrorCode.NOT_A_DIRECTORY);
    assertThat(core.refused(Ask.setQuota("/", 0, 0)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(core.refused(Ask.setQuota("/", -1, 0)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(core.refused(Ask.setQuota("/none", 1, 0)).code()).isEqualTo(ErrorCode.NOT_FOUND);
  }

  @Test
  void aDeletedTreeCeasesToCountAtOnceAndTakesItsQuotasWithIt() {
    core.accepted(Ask.mkdirs("/q/t/u"));
    file("/q/t/u/f", 10);
    core.accepted(Ask.setQuota("/q", 0, 4));
    core.accepted(Ask.setQuota("/q/t", 0, 4));
    core.accepted(Ask.deleteTree("/q/t"));
    requireUse("/q", 0, 0);
    reapAll();
    requireUse("/q", 0, 0);
    assertThat(core.view().quotas().all()).hasSize(1);
  }

  @Test
  void aTreeThatMovesAcrossABorderCountsWhereItIs() {
    core.accepted(Ask.mkdirs("/a/t/u"));
    core.accepted(Ask.mkdirs("/b/in"));
    file("/a/t/u/f", 10);
    core.accepted(Ask.setQuota("/a", 0, 100));
    core.accepted(Ask.setQuota("/b", 100, 0));
    core.accepted(Ask.setQuota("/b/in", 100, 3));
    core.accepted(Ask.rename("/a/t", "/b/in/t"));
    requireUse("/a", 0, 0);
    requireUse("/b", 10, 4);
    requireUse("/b/in", 10, 3);
    core.accepted(Ask.rename("/b/in/t", "/b/t"));
    requireUse("/b", 10, 4);
    requireUse("/b/in", 0, 0);
    core.accepted(Ask.setQuota("/b/in", 9, 3));
    requireExceeded(Ask.rename("/b/t", "/b/in/t"));
  }

  @Test
  void aFileCountsWhereItsPrimaryNameIs() {
    core.accepted(Ask.mkdirs("/a"));
    core.accepted(Ask.mkdirs("/b"));
    core.accepted(Ask.setQuota("/a", 0, 9));
    core.accepted(Ask.setQuota("/b", 0, 9));
    file("/a/f", 10);
    core.accepted(Ask.link("/a/f", "/b/f"));
    requireUse("/a", 10, 1);
    requireUse("/b", 0, 0);
    core.accepted(Ask.unlink("/a/f"));
    requireUse("/a", 0, 0);
    requireUse("/b", 10, 1);
  }

  @Test
  void whatAUfsHoldsIsCountedAndNeverRefused() {
    core.accepted(Ask.mkdir("/q"));
    core.accepted(Ask.mount("/q/m", "file:///data"));
    core.accepted(Ask.setQuota("/q", 10, 2));
    long root = core.at("/q/m").getId();
    core.accepted(
        Ask.reconcile(root, Ask.directory("d"), Ask.file("f", "v1", 50), Ask.file("g", "v1", 5)));
    requireUse("/q", 55, 4);
    requireExceeded(Ask.create("/q/x"));
    core.accepted(Ask.reconcile(root, Ask.directory("d"), Ask.file("f", "v2", 7)));
    requireUse("/q", 7, 3);
    core.accepted(
        Command.newBuilder()
            .setUnmountUfs(UnmountUfs.newBuilder().setPath(Core.ref("/q/m").getPath())));
    reapAll();
    requireUse("/q", 0, 0);
  }

  @Test
  void muchIsCountedInTheBackgroundAndCeasesToCountAsItIsReaped() {
    core.accepted(Ask.mkdirs("/q/t"));
    int many = Limits.QUOTA_COUNTED_AT_ONCE_MAX_ENTRIES;
    core.engine().beginEntry(core.nextEntryId());
    for (int i = 0; i < many; i++) {
      Command.Builder create = Ask.create("/q/t/" + i);
      create.getCreateFileBuilder().setComplete(true);
      assertThat(core.engine().decide(core.numbered(create))).isInstanceOf(Decision.Accepted.class);
    }
    core.apply(core.engine().seal());
    core.accepted(Ask.setQuota("/q", 1, 1));
    assertThat(quota("/q").getCounting()).isTrue();
    // Nothing is refused until it is counted, and what comes and goes is not lost.
    file("/q/more", 70);
    List<Command> asked = new ArrayList<>();
    QuotaCounter counter =
        new QuotaCounter(
            core::store,
            command -> {
              asked.add(command);
              core.accepted(Ask.mkdir("/q/meanwhile"));
              return CompletableFuture.completedFuture(run(command));
            },
            () -> true);
    counter.tick();
    assertThat(quota("/q").getCounting()).isFalse();
    requireUse("/q", 70, many + 3L);
    requireExceeded(Ask.mkdir("/q/x"));
    // Told twice, it is done once.
    assertThat(run(asked.get(0)).code()).isEqualTo(ErrorCode.OK);
    counter.tick();
    requireUse("/q", 70, many + 3L);
    assertThat(asked).hasSize(1);

    core.accepted(Ask.mkdir("/out"));
    core.accepted(Ask.rename("/q/t", "/out/t"));
    requireUse("/q", 70, 2);
    core.accepted(Ask.setQuota("/q", 0, 100_000));
    core.accepted(Ask.rename("/out/t", "/q/t"));
    core.accepted(Ask.mkdir("/q/t/sub"));
    core.accepted(Ask.deleteTree("/q/t"));
    requireUse("/q", 70, many + 4L);
    core.accepted(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(100)));
    requireUse("/q", 70, many + 4L - 100);
    reapAll();
    requireUse("/q", 70, 2);
    assertThat(core.view().quotas().countedTrees()).isEmpty();
  }

  private QueryResult ask(Query.Builder query) throws NeedsUfs {
    WorkerRegistry workers =
        new WorkerRegistry(Duration.ofSeconds(10), worker -> false, System::nanoTime);
    return new QueryEngine(core.store(), workers, option -> false).find(query.build()).result();
  }

  private List<String> listed(ListQuotas.Builder which) throws NeedsUfs {
    return ask(Query.newBuilder().setListQuotas(which)).getQuotas().getQuotasList().stream()
        .map(quota -> quota.getPath().toStringUtf8())
        .toList();
  }

  @Test
  void quotasAreListedByPathAndDfShowsWhatIsFullSoonest() throws NeedsUfs {
    core.accepted(Ask.mkdirs("/b/c/d"));
    core.accepted(Ask.mkdir("/a"));
    core.accepted(Ask.setQuota("/b/c/d", 100, 0));
    core.accepted(Ask.setQuota("/b", 0, 10));
    core.accepted(Ask.setQuota("/a", 5, 5));
    file("/b/c/d/f", 30);
    assertThat(listed(ListQuotas.newBuilder())).containsExactly("/a", "/b", "/b/c/d");
    assertThat(listed(ListQuotas.newBuilder().setAt(Core.ref("/b/c"))))
        .containsExactly("/b", "/b/c/d");
    StatFs cluster =
        ask(Query.newBuilder().setGetStatFs(GetStatFs.newBuilder().setAt(Core.ref("/"))))
            .getStatFs();
    assertThat(cluster.getMaxInodes()).isZero();
    StatFs below =
        ask(Query.newBuilder().setGetStatFs(GetStatFs.newBuilder().setAt(Core.ref("/b/c/d/f"))))
            .getStatFs();
    assertThat(below.getMaxInodes()).isEqualTo(10);
    assertThat(below.getInodes()).isEqualTo(3);
    core.accepted(Ask.deleteTree("/b/c"));
    assertThat(listed(ListQuotas.newBuilder())).containsExactly("/a", "/b");
  }

  private StateCheck.Result check() throws IOException {
    try (FrozenState state = core.store().freeze()) {
      return StateCheck.of(state, new Throttle(0));
    }
  }

  private Decision repair(StateCheck.Result found) {
    return core.run(
        Command.newBuilder()
            .setRepairState(
                RepairState.newBuilder()
                    .setEpoch(found.epoch())
                    .setOffset(found.offset())
                    .addAllFindings(found.findings())));
  }

  @Test
  void aWrongUseIsFoundAndMended() throws IOException {
    core.accepted(Ask.mkdirs("/q/sub"));
    file("/q/f", 10);
    core.accepted(Ask.setQuota("/q", 100, 100));
    Overlay rows = new Overlay(core.store());
    Quota wrong = quota("/q").toBuilder().setUsedBytes(-5).setUsedInodes(50).build();
    rows.put(ColumnFamily.QUOTAS, Keys.of(wrong.getInode()), wrong);
    core.store().writeFolded(rows);
    StateCheck.Result found = check();
    assertThat(found.findings())
        .extracting(StateFinding::getKind, StateFinding::getPath, StateFinding::getText)
        .containsExactly(
            tuple(
                FindingKind.WRONG_QUOTA,
                "/q",
                "its quota counts -5 bytes and 50 inodes, and 10 bytes and 2 inodes are there"));
    file("/q/meanwhile", 7);
    assertThat(repair(found)).isInstanceOf(Decision.Accepted.class);
    requireUse("/q", 17, 3);
    assertThat(repair(found)).isInstanceOf(Decision.Unchanged.class);
    assertThat(check().findings()).isEmpty();
  }

  @Test
  void aQuotaOfNothingIsFoundAndMended() throws IOException {
    core.accepted(Ask.mkdir("/q"));
    core.accepted(Ask.setQuota("/q", 100, 100));
    Overlay rows = new Overlay(core.store());
    rows.delete(ColumnFamily.QUOTAS, Keys.of(quota("/q").getInode()));
    rows.put(ColumnFamily.QUOTAS, Keys.of(999_999L), Quota.getDefaultInstance());
    rows.put(ColumnFamily.COUNTED_TREES, Keys.of(999_999L), CountedTree.getDefaultInstance());
    core.store().writeFolded(rows);
    StateCheck.Result found = check();
    assertThat(found.findings())
        .extracting(StateFinding::getKind)
        .containsExactly(FindingKind.STRAY_QUOTA, FindingKind.STRAY_QUOTA);
    assertThat(repair(found)).isInstanceOf(Decision.Accepted.class);
    assertThat(check().findings()).isEmpty();
    assertThat(core.view().quotas().any()).isFalse();
  }

  private Reply run(Command command) {
    Decision decision = core.run(command.toBuilder());
    return decision instanceof Decision.Refused refused
        ? Reply.refused(refused.code(), refused.message())
        : new Reply(ErrorCode.OK, "", CommandResult.getDefaultInstance(), 0);
  }
}
