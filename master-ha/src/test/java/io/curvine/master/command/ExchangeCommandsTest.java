/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.EventSlice;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.WritePolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ExchangeCommandsTest extends CoreTest {
  private void assertRefused(ErrorCode code, Command.Builder command) {
    Decision.Refused refused = core.refused(command);
    assertThat(refused.code()).as(refused.message()).isEqualTo(code);
  }

  private void file(String path, long length) {
    CommandResult made = core.accepted(Ask.create(path));
    core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), length, true));
  }

  private void requireUse(String path, long bytes, long inodes) {
    Quota quota = core.view().quotas().find(core.at(path).getId());
    assertThat(quota.getUsedBytes()).as("bytes of " + path).isEqualTo(bytes);
    assertThat(quota.getUsedInodes()).as("inodes of " + path).isEqualTo(inodes);
  }

  @Test
  void eachNameGetsWhatTheOtherOneHad() {
    core.accepted(Ask.mkdirs("/d/sub"));
    core.accepted(Ask.mkdir("/e"));
    file("/e/f", 5);
    long directory = core.at("/d/sub").getId();
    long file = core.at("/e/f").getId();
    CommandResult result = core.accepted(Ask.exchange("/d/sub", "/e/f"));
    assertThat(result.getInode().getId()).isEqualTo(directory);
    assertThat(result.getInode().getName().toStringUtf8()).isEqualTo("f");
    assertThat(core.at("/d/sub").getId()).isEqualTo(file);
    assertThat(core.at("/e/f").getId()).isEqualTo(directory);
    assertThat(core.at("/d").getNlink()).as("it has no directory any more").isEqualTo(2);
    assertThat(core.at("/e").getNlink()).isEqualTo(3);
    assertThat(core.names("/d")).as("the name meanwhile is gone").isEqualTo(1);
    core.accepted(Ask.exchange("/d/sub", "/e/f"));
    assertThat(core.at("/d/sub").getId()).isEqualTo(directory);
  }

  @Test
  void itIsThreeRenamesByWayOfANameThatNothingHad() throws IOException {
    core.accepted(Ask.create("/a"));
    core.accepted(Ask.create("/b"));
    long before = core.journal().nextOffset();
    core.accepted(Ask.create("/.exchange-" + (before + 1)));
    core.accepted(Ask.exchange("/a", "/b"));
    EventSlice events = core.journal().read(before + 1, 1 << 20);
    assertThat(events.events())
        .extracting(Event::getEventCase)
        .containsOnly(Event.EventCase.ENTRY_RENAMED)
        .hasSize(3);
    String meanwhile = "/.exchange-" + (before + 1) + "-1";
    assertThat(events.events())
        .extracting(
            event ->
                event.getSubject().getOldPath().toStringUtf8()
                    + " "
                    + event.getSubject().getPath().toStringUtf8())
        .containsExactly("/a " + meanwhile, "/b /a", meanwhile + " /b");
  }

  @Test
  void whatCannotBeExchangedIsRefused() {
    core.accepted(Ask.mkdirs("/d/sub/deep"));
    core.accepted(Ask.create("/f"));
    assertRefused(ErrorCode.NOT_FOUND, Ask.exchange("/f", "/none"));
    assertRefused(ErrorCode.NOT_FOUND, Ask.exchange("/none", "/f"));
    assertRefused(ErrorCode.NOT_A_DIRECTORY, Ask.exchange("/f/x", "/d"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.exchange("/d", "/d/sub/deep"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.exchange("/d/sub/deep", "/d"));
    assertRefused(ErrorCode.INVALID_ARGUMENT, Ask.exchange("/", "/f"));
    core.accepted(Ask.mount("/d/m", "file:///data"));
    assertRefused(ErrorCode.MOUNT_CONFLICT, Ask.exchange("/d/m", "/f"));
    assertRefused(ErrorCode.MOUNT_CONFLICT, Ask.exchange("/f", "/d"));
    core.accepted(Ask.reconcile(core.at("/d/m").getId(), Ask.file("x", "1", 1)));
    assertRefused(ErrorCode.CROSS_MOUNT, Ask.exchange("/f", "/d/m/x"));
    Command.Builder mount = Ask.mount("/ro", "file:///ro");
    mount.getMountUfsBuilder().getMountBuilder().setReadOnly(true);
    core.accepted(mount);
    core.accepted(
        Ask.reconcile(core.at("/ro").getId(), Ask.file("x", "1", 1), Ask.file("y", "1", 1)));
    assertRefused(ErrorCode.READ_ONLY, Ask.exchange("/ro/x", "/ro/y"));
  }

  @Test
  void twoNamesOfOneFileStayAsTheyAre() {
    core.accepted(Ask.create("/f"));
    core.accepted(Ask.link("/f", "/g"));
    assertThat(core.run(Ask.exchange("/f", "/g"))).isInstanceOf(Decision.Unchanged.class);
    assertThat(core.run(Ask.exchange("/f", "/f"))).isInstanceOf(Decision.Unchanged.class);
  }

  @Test
  void aFurtherNameOfAFileMovesToo() {
    core.accepted(Ask.mkdir("/d"));
    core.accepted(Ask.create("/f"));
    core.accepted(Ask.link("/f", "/d/g"));
    core.accepted(Ask.create("/h"));
    long linked = core.at("/f").getId();
    core.accepted(Ask.exchange("/d/g", "/h"));
    assertThat(core.at("/h").getId()).isEqualTo(linked);
    core.accepted(Ask.unlink("/f"));
    assertThat(core.at("/h").getName().toStringUtf8()).isEqualTo("h");
    assertThat(core.at("/h").getNlink()).isEqualTo(1);
  }

  @Test
  void aQuotaCountsWhatComesLessWhatLeaves() {
    core.accepted(Ask.mkdirs("/q/full"));
    core.accepted(Ask.mkdirs("/big/sub"));
    file("/q/full/f", 100);
    file("/big/f", 150);
    file("/big/sub/g", 20);
    file("/small", 90);
    core.accepted(Ask.setQuota("/q", 100, 2));
    requireUse("/q", 100, 2);
    assertRefused(ErrorCode.QUOTA_EXCEEDED, Ask.exchange("/q/full/f", "/big/f"));
    assertRefused(ErrorCode.QUOTA_EXCEEDED, Ask.exchange("/big", "/q/full"));
    core.accepted(Ask.exchange("/small", "/q/full/f"));
    requireUse("/q", 90, 2);
    core.accepted(Ask.exchange("/q/full", "/big/sub"));
    requireUse("/q", 20, 2);
    core.accepted(Ask.exchange("/big/sub", "/q/full"));
    requireUse("/q", 90, 2);
  }

  @Test
  void withinOneQuotaNothingIsRefused() {
    core.accepted(Ask.mkdirs("/q/a"));
    core.accepted(Ask.mkdirs("/q/b"));
    file("/q/a/f", 100);
    file("/q/b/g", 10);
    core.accepted(Ask.setQuota("/q", 1, 1));
    core.accepted(Ask.exchange("/q/a/f", "/q/b/g"));
    core.accepted(Ask.exchange("/q/a", "/q/b/g"));
    requireUse("/q", 110, 4);
  }

  @Test
  void aWriterGoesOnUnderTheOtherName() {
    CommandResult made = core.accepted(Ask.create("/f"));
    file("/g", 7);
    core.accepted(Ask.exchange("/f", "/g"));
    core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), 9, true));
    assertThat(core.at("/g").getLengthBytes()).isEqualTo(9);
    assertThat(core.at("/f").getLengthBytes()).isEqualTo(7);
  }

  @Test
  void aUfsRenamesWhatItHas() {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setWritePolicy(WritePolicy.BACK);
    core.accepted(mount);
    core.accepted(
        Ask.reconcile(core.at("/m").getId(), Ask.file("f", "f1", 10), Ask.file("g", "g1", 20)));
    Inode first = core.at("/m/f");
    long offset = core.journal().nextOffset();
    core.accepted(Ask.exchange("/m/f", "/m/g"));
    String meanwhile = ".exchange-" + offset;
    assertThat(renames()).containsExactly("f " + meanwhile, "g f", meanwhile + " g");
    assertThat(jobs()).allMatch(Job::getChecked).allMatch(job -> job.getKnownVersion().isEmpty());
    assertThat(jobs())
        .extracting(job -> core.view().jobs().isBehindAnother(job))
        .containsExactly(false, true, true);
    assertThat(core.at("/m/g").getId()).isEqualTo(first.getId());
    assertThat(core.at("/m/g").getUfs().getVersion()).isEqualTo("f1");
  }

  @Test
  void aDirectoryIsListedWhereTheUfsHasItNow() {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setWritePolicy(WritePolicy.BACK);
    core.accepted(mount);
    core.accepted(Ask.reconcile(core.at("/m").getId(), Ask.directory("d"), Ask.directory("e")));
    core.accepted(Ask.reconcile(core.at("/m/d").getId(), Ask.directory("sub")));
    final long first = core.at("/m/d/sub").getId();
    final long second = core.at("/m/e").getId();
    core.accepted(Ask.exchange("/m/d", "/m/e"));
    assertThat(presentPath(first)).isEqualTo("d/sub");
    assertThat(presentPath(second)).isEqualTo("e");
    core.accepted(
        Command.newBuilder()
            .setFinishJob(
                FinishJob.newBuilder()
                    .setJobId(jobs().get(0).getId())
                    .setCode(ErrorCode.UFS_DENIED)
                    .setError("no")));
    assertThat(jobs()).as("the next one would write over what is there").hasSize(3);
    finishFirst();
    assertThat(presentPath(first)).endsWith("/sub").startsWith(".exchange-");
    finishFirst();
    assertThat(presentPath(second)).isEqualTo("d");
    finishFirst();
    assertThat(presentPath(first)).isEqualTo("e/sub");
  }

  private String presentPath(long inode) {
    WorkerRegistry workers =
        new WorkerRegistry(Duration.ofSeconds(10), id -> false, System::nanoTime);
    QueryEngine queries = new QueryEngine(core.store(), workers, option -> false);
    return queries.presentUfsLocation(inode).orElseThrow().path();
  }

  private void finishFirst() {
    core.accepted(
        Command.newBuilder()
            .setFinishJob(
                FinishJob.newBuilder()
                    .setJobId(jobs().get(0).getId())
                    .setSucceeded(true)
                    .setUfs(UfsBinding.getDefaultInstance())));
  }

  @Test
  void whatTheUfsHasOfOneNameOnlyIsMovedAlone() {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setWritePolicy(WritePolicy.BACK);
    core.accepted(mount);
    core.accepted(Ask.reconcile(core.at("/m").getId(), Ask.file("f", "f1", 10)));
    core.accepted(Ask.fifo("/m/p"));
    core.accepted(Ask.fifo("/m/q"));
    core.accepted(Ask.exchange("/m/q", "/m/p"));
    assertThat(jobs()).isEmpty();
    core.accepted(Ask.exchange("/m/p", "/m/f"));
    assertThat(renames()).containsExactly("f p");
    core.accepted(Ask.exchange("/m/p", "/m/q"));
    assertThat(renames()).containsExactly("f p", "p q");
  }

  private List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    core.view().jobs().scan(0, jobs::add);
    return jobs;
  }

  private List<String> renames() {
    return jobs().stream()
        .filter(job -> job.getKind() == JobKind.UFS_RENAME)
        .map(job -> job.getUfsPath().toStringUtf8() + " " + job.getUfsTargetPath().toStringUtf8())
        .toList();
  }
}
