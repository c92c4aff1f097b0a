/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.Place;
import io.curvine.protocol.proto.RetryJob;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.WritePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of jobs that meet another object at the UFS than the known one. */
final class ConflictsTest {
  private static final String ASIDE = "f\\.conflict-19700101-000000-\\d+";

  @TempDir private Path directory;
  private Core core;
  private QueryEngine queries;

  @BeforeEach
  void start() throws IOException {
    core = new Core(directory);
    core.accepted(Ask.mount("/", "file:///data"));
    core.accepted(Ask.reconcile(1, Ask.file("f", "v1", 10), Ask.file("g", "w1", 20)));
    Command.Builder fs = Ask.mount("/fs", "file:///fs");
    fs.getMountUfsBuilder()
        .getMountBuilder()
        .setMode(MountMode.FS)
        .setWritePolicy(WritePolicy.BACK);
    core.accepted(fs);
    queries =
        new QueryEngine(
            core.store(),
            new WorkerRegistry(Duration.ofSeconds(10), id -> false, () -> 0),
            option -> true);
  }

  @AfterEach
  void stop() throws IOException {
    core.close();
  }

  private List<Job> jobs() {
    List<Job> jobs = new ArrayList<>();
    core.view().jobs().scan(0, jobs::add);
    return jobs;
  }

  private Job onlyJob() {
    assertThat(jobs()).hasSize(1);
    return jobs().get(0);
  }

  private void write(String path) {
    CommandResult opened = core.accepted(Ask.open(path, true));
    core.accepted(Ask.commit(opened.getInode().getId(), opened.getWriteVersion(), Ask.MIB, true));
  }

  private Inode create(String path) {
    CommandResult made = core.accepted(Ask.create(path));
    core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), Ask.MIB, true));
    return core.at(path);
  }

  private void finish(FinishJob.Builder finish) {
    core.accepted(Command.newBuilder().setFinishJob(finish));
  }

  private void conflict(Job job) {
    finish(
        FinishJob.newBuilder()
            .setJobId(job.getId())
            .setCode(ErrorCode.UFS_CONFLICT)
            .setError("UFS_CONFLICT: told by the worker"));
  }

  private void done(Job job, String version) {
    FinishJob.Builder finish = FinishJob.newBuilder().setJobId(job.getId()).setSucceeded(true);
    if (!version.isEmpty()) {
      finish.setUfs(UfsBinding.newBuilder().setVersion(version));
    }
    finish(finish);
  }

  private List<String> dirty() {
    return core.view().sync().dirty(1, 10).stream()
        .map(DirtySubtree::getPath)
        .map(ByteString::toStringUtf8)
        .toList();
  }

  private boolean exists(String name) {
    return core.view().namespace().childId(1, ByteString.copyFromUtf8(name)) != 0;
  }

  @Test
  void inCacheModeWhatWasWrittenHereGetsAnotherName() {
    long inode = core.at("/f").getId();
    write("/f");
    Job export = onlyJob();
    assertThat(queries.knownVersion(export)).contains("v1");
    conflict(export);
    assertThat(exists("f")).isFalse();
    assertThat(dirty()).containsExactly("f");
    Job again = onlyJob();
    assertThat(again.getKind()).isEqualTo(JobKind.EXPORT_FILE);
    assertThat(again.getUfsPath().toStringUtf8()).matches(ASIDE);
    assertThat(queries.knownVersion(again)).as("nothing is to be there").contains("");
    Inode kept = core.view().namespace().find(inode);
    assertThat(kept.getName()).isEqualTo(again.getUfsPath());
    assertThat(kept.hasUfs()).isFalse();
    assertThat(kept.getExportedVersion()).isZero();
    assertThat(kept.getLengthBytes()).isEqualTo(Ask.MIB);
    Job told = core.view().jobs().failed(export.getId());
    assertThat(told.getLastCode()).isEqualTo(ErrorCode.UFS_CONFLICT);
    assertThat(told.getLastError())
        .startsWith("UFS_CONFLICT: /f is another object at the UFS than here; it stays there")
        .endsWith("/" + kept.getName().toStringUtf8());
    assertThat(queries.jobState(export.getId()).getSucceeded()).isFalse();
    core.accepted(Ask.reconcile(1, Ask.file("f", "v2", 99), Ask.file("g", "w1", 20)));
    assertThat(core.at("/f").getLengthBytes()).isEqualTo(99);
    done(again, "e1");
    assertThat(core.view().namespace().find(inode).getUfs().getVersion()).isEqualTo("e1");
    core.accepted(Command.newBuilder().setRetryJob(RetryJob.newBuilder().setJobId(export.getId())));
    assertThat(jobs()).as("all is done already").isEmpty();
    assertThat(core.view().jobs().failed(export.getId())).isNull();
  }

  @Test
  void aConflictOfAnOlderVersionIsLeftToTheExportOfTheLaterOne() {
    write("/f");
    Job first = onlyJob();
    write("/f");
    conflict(first);
    assertThat(exists("f")).isTrue();
    assertThat(core.view().jobs().failed(first.getId())).isNull();
    conflict(onlyJob());
    assertThat(exists("f")).isFalse();
  }

  @Test
  void inFsModeTheObjectIsMovedAsideAndTheJobKeepsItsTurn() {
    create("/fs/f");
    Job export = onlyJob();
    assertThat(queries.knownVersion(export)).contains("");
    conflict(export);
    Job again = onlyJob();
    assertThat(again.getId()).isEqualTo(export.getId());
    assertThat(again.getAside().toStringUtf8()).matches(ASIDE);
    finish(
        FinishJob.newBuilder()
            .setJobId(export.getId())
            .setSucceeded(true)
            .setCode(ErrorCode.UFS_CONFLICT)
            .setError("UFS_CONFLICT: kept")
            .setUfs(UfsBinding.newBuilder().setVersion("e1")));
    assertThat(jobs()).isEmpty();
    assertThat(core.at("/fs/f").getUfs().getVersion()).isEqualTo("e1");
    assertThat(core.view().jobs().failed(export.getId()).getLastError())
        .isEqualTo("UFS_CONFLICT: kept");
    assertThat(queries.jobState(export.getId()).getSucceeded()).as("for who waits").isTrue();
  }

  @Test
  void aDeleteTakesTheKnownObjectAndAnotherOneComesBack() {
    core.accepted(Ask.unlink("/f"));
    Job delete = onlyJob();
    assertThat(delete.getChecked()).isTrue();
    assertThat(delete.getKnownVersion()).isEqualTo("v1");
    conflict(delete);
    assertThat(jobs()).isEmpty();
    assertThat(dirty()).containsExactly("f");
    assertThat(core.view().jobs().failed(delete.getId()).getLastError())
        .isEqualTo(
            "UFS_CONFLICT: /f is another object at the UFS than here; it stays as it is there");
  }

  @Test
  void aDeleteBehindAnExportTakesWhatThatMade() {
    create("/new");
    Job export = onlyJob();
    core.accepted(Ask.unlink("/new"));
    assertThat(jobs().get(1).getKnownVersion()).isEmpty();
    done(export, "e1");
    assertThat(onlyJob().getChecked()).isTrue();
    assertThat(onlyJob().getKnownVersion()).isEqualTo("e1");
  }

  @Test
  void aDeleteBehindAnExportThatMayHaveBeenMadeTakesWhicheverIsThere() {
    create("/new");
    Job export = onlyJob();
    core.accepted(Ask.unlink("/new"));
    finish(FinishJob.newBuilder().setJobId(export.getId()).setError("the file is gone"));
    assertThat(onlyJob().getKind()).isEqualTo(JobKind.UFS_DELETE);
    assertThat(onlyJob().getChecked()).isFalse();
  }

  @Test
  void aDeleteBehindAnExportThatMetAnotherObjectLeavesThatToo() {
    write("/f");
    Job export = onlyJob();
    core.accepted(Ask.unlink("/f"));
    conflict(export);
    assertThat(onlyJob().getKind()).isEqualTo(JobKind.UFS_DELETE);
    assertThat(onlyJob().getChecked()).isTrue();
    assertThat(onlyJob().getKnownVersion()).isEqualTo("v1");
  }

  @Test
  void aDeleteBehindARenameOfAnotherObjectLeavesThat() {
    core.accepted(Ask.rename("/f", "/h"));
    Job rename = onlyJob();
    core.accepted(Ask.unlink("/h"));
    finish(
        FinishJob.newBuilder()
            .setJobId(rename.getId())
            .setSucceeded(true)
            .setOtherContent(true)
            .setUfs(UfsBinding.newBuilder().setVersion("v2")));
    assertThat(onlyJob().getKind()).isEqualTo(JobKind.UFS_DELETE);
    assertThat(onlyJob().getChecked()).isTrue();
    assertThat(onlyJob().getKnownVersion()).isNotEqualTo("v2");
  }

  @Test
  void aFileThatIsOpenAndNotYetWrittenStaysWhatItWasWhereAnotherObjectWasMoved() {
    core.accepted(Ask.rename("/f", "/h"));
    Job rename = onlyJob();
    core.accepted(Ask.open("/h", false));
    finish(
        FinishJob.newBuilder()
            .setJobId(rename.getId())
            .setSucceeded(true)
            .setOtherContent(true)
            .setUfs(UfsBinding.newBuilder().setVersion("v2")));
    assertThat(core.at("/h").getUfs().getVersion()).isEqualTo("v1");
    assertThat(core.at("/h").getExportedVersion()).isEqualTo(core.at("/h").getVersion());
    assertThat(dirty()).containsExactly("h");
  }

  @Test
  void aRenameThatMovedAnotherObjectTakesItsContentOver() {
    Inode before = core.at("/f");
    core.accepted(Ask.rename("/f", "/h"));
    Job rename = onlyJob();
    assertThat(queries.knownVersion(rename)).contains("v1");
    assertThat(rename.getChecked()).isTrue();
    assertThat(rename.getKnownVersion()).isEmpty();
    finish(
        FinishJob.newBuilder()
            .setJobId(rename.getId())
            .setSucceeded(true)
            .setOtherContent(true)
            .setUfs(UfsBinding.newBuilder().setVersion("v2").setLengthBytes(77)));
    Inode after = core.at("/h");
    assertThat(after.getLengthBytes()).isEqualTo(77);
    assertThat(after.getUfs().getVersion()).isEqualTo("v2");
    assertThat(after.getVersion()).isGreaterThan(before.getVersion());
  }

  @Test
  void aRenameThatMovedAnotherObjectUnderAWrittenFileLeavesItToTheExport() {
    write("/f");
    core.accepted(Ask.rename("/f", "/h"));
    conflict(jobs().get(0));
    List<Job> left = jobs();
    assertThat(left)
        .extracting(Job::getKind)
        .containsExactly(JobKind.UFS_RENAME, JobKind.EXPORT_FILE);
    assertThat(left.get(1).getUfsPath().toStringUtf8()).isEqualTo("h");
    assertThat(queries.knownVersion(left.get(0))).contains("v1");
    finish(
        FinishJob.newBuilder()
            .setJobId(left.get(0).getId())
            .setSucceeded(true)
            .setOtherContent(true)
            .setUfs(UfsBinding.newBuilder().setVersion("v2")));
    assertThat(core.at("/h").hasUfs()).isFalse();
    assertThat(queries.knownVersion(onlyJob())).contains("");
    conflict(onlyJob());
    assertThat(onlyJob().getUfsPath().toStringUtf8()).startsWith("h.conflict-");
    assertThat(dirty()).containsExactlyInAnyOrder("f", "h");
  }

  @Test
  void aRenameDoesNotReplaceAnotherObject() {
    long moved = core.at("/f").getId();
    core.accepted(Ask.rename("/f", "/g"));
    Job rename = onlyJob();
    assertThat(rename.getKnownVersion()).isEqualTo("w1");
    conflict(rename);
    Job again = onlyJob();
    assertThat(again.getKind()).isEqualTo(JobKind.UFS_RENAME);
    assertThat(again.getUfsPath().toStringUtf8()).isEqualTo("f");
    assertThat(again.getUfsTargetPath().toStringUtf8()).startsWith("g.conflict-");
    assertThat(core.view().namespace().find(moved).getUfs().getVersion()).isEqualTo("v1");
    assertThat(core.view().namespace().find(moved).getName()).isEqualTo(again.getUfsTargetPath());
    assertThat(exists("g")).isFalse();
    assertThat(dirty()).containsExactly("g");
  }

  /** Makes /also a further name of /f, with an object x1. */
  private void link() {
    core.accepted(Ask.link("/f", "/also"));
    assertThat(queries.knownVersion(onlyJob())).as("nothing is to be there").contains("");
    done(onlyJob(), "x1");
    assertThat(core.at("/f").getUfs().getVersion()).isEqualTo("v1");
  }

  private Job exportTo(String path) {
    List<Job> found =
        jobs().stream()
            .filter(job -> job.getKind() == JobKind.EXPORT_FILE)
            .filter(job -> job.getUfsPath().toStringUtf8().equals(path))
            .toList();
    assertThat(found).as(path).hasSize(1);
    return found.get(0);
  }

  @Test
  void eachNameOfAFileHasAnObjectOfItsOwn() {
    link();
    write("/f");
    assertThat(queries.knownVersion(exportTo("f"))).contains("v1");
    assertThat(queries.knownVersion(exportTo("also"))).contains("x1");
    done(exportTo("also"), "x2");
    assertThat(core.at("/f").getExportedVersion())
        .as("the cache keeps the content until its own object has it")
        .isLessThan(core.at("/f").getVersion());
    done(exportTo("f"), "v2");
    core.accepted(Ask.unlink("/f"));
    assertThat(onlyJob().getKnownVersion()).isEqualTo("v2");
    done(onlyJob(), "");
    Inode left = core.at("/also");
    assertThat(left.getUfs().getVersion()).isEqualTo("x2");
    assertThat(left.getExportedVersion()).isEqualTo(left.getVersion());
    write("/also");
    assertThat(queries.knownVersion(onlyJob())).contains("x2");
  }

  @Test
  void aFurtherNameWhoseObjectIsAnothersGetsAnotherName() {
    link();
    long file = core.at("/f").getId();
    write("/f");
    Job export = exportTo("also");
    done(exportTo("f"), "v2");
    conflict(export);
    assertThat(exists("also")).isFalse();
    assertThat(core.at("/f").getUfs().getVersion()).as("the other name's").isEqualTo("v2");
    assertThat(onlyJob().getUfsPath().toStringUtf8()).startsWith("also.conflict-");
    assertThat(core.at("/" + onlyJob().getUfsPath().toStringUtf8()).getId()).isEqualTo(file);
    assertThat(core.view().jobs().failed(export.getId()).getLastError())
        .startsWith("UFS_CONFLICT: /also is another object at the UFS than here; it stays there")
        .endsWith("/" + onlyJob().getUfsPath().toStringUtf8());
    assertThat(dirty()).containsExactly("also");
    core.accepted(
        Ask.reconcile(
            1, Ask.file("also", "o1", 7), Ask.file("f", "v2", 9), Ask.file("g", "w1", 20)));
    assertThat(core.at("/also").getId()).isNotEqualTo(file);
    done(onlyJob(), "c1");
    write("/f");
    assertThat(jobs()).hasSize(2);
    assertThat(queries.knownVersion(jobs().get(1))).contains("c1");
  }

  @Test
  void inFsModeAnothersObjectAtAFurtherNameIsMovedAside() {
    create("/fs/f");
    done(onlyJob(), "v1");
    core.accepted(Ask.link("/fs/f", "/fs/also"));
    conflict(onlyJob());
    assertThat(onlyJob().getAside().toStringUtf8()).startsWith("also.conflict-");
    done(onlyJob(), "x1");
    assertThat(core.at("/fs/f").getUfs().getVersion()).isEqualTo("v1");
  }

  private String source(Inode file) {
    return queries
        .layoutOf(file.getId(), Place.getDefaultInstance())
        .orElseThrow()
        .getUfs()
        .getPath()
        .toStringUtf8();
  }

  private Job rename(String from, String to) {
    List<Job> found =
        jobs().stream()
            .filter(job -> job.getKind() == JobKind.UFS_RENAME)
            .filter(job -> job.getUfsPath().toStringUtf8().equals(from))
            .toList();
    assertThat(found).as(from).hasSize(1);
    assertThat(found.get(0).getUfsTargetPath().toStringUtf8()).isEqualTo(to);
    return found.get(0);
  }

  @Test
  void theObjectOfAFirstNameMovesToTheNextOne() {
    Inode file = core.at("/f");
    core.accepted(Ask.link("/f", "/also"));
    core.accepted(Ask.unlink("/f"));
    core.accepted(Ask.rename("/also", "/moved"));
    Job export = exportTo("also");
    assertThat(queries.knownVersion(export)).contains("");
    assertThat(runnable()).containsExactly(export);
    assertThat(source(file)).isEqualTo("f");
    done(export, "x1");
    assertThat(rename("f", "also").getKnownVersion()).isEqualTo("x1");
    assertThat(queries.knownVersion(rename("f", "also"))).contains("v1");
    assertThat(source(file)).isEqualTo("f");
    done(rename("f", "also"), "v1");
    assertThat(source(file)).isEqualTo("also");
    done(onlyJob(), "m1");
    assertThat(source(file)).isEqualTo("moved");
    assertThat(core.at("/moved").getUfs().getVersion()).isEqualTo("m1");
  }

  @Test
  void theObjectOfAFirstNameMovesOnWhereItMeetsAnothers() {
    core.accepted(Ask.link("/f", "/also"));
    core.accepted(Ask.unlink("/f"));
    Inode file = core.at("/also");
    conflict(exportTo("also"));
    conflict(onlyJob());
    String kept = onlyJob().getUfsTargetPath().toStringUtf8();
    assertThat(kept).startsWith("also.conflict-");
    assertThat(onlyJob()).isEqualTo(rename("f", kept));
    assertThat(exists("also")).isFalse();
    assertThat(source(file)).isEqualTo("f");
    done(onlyJob(), "c1");
    assertThat(source(file)).isEqualTo(kept);
    assertThat(core.at("/" + kept).getUfs().getVersion()).isEqualTo("c1");
    assertThat(dirty()).contains("also");
  }

  @Test
  void theObjectMovesFromNameToName() {
    link();
    core.accepted(Ask.link("/f", "/third"));
    write("/f");
    done(exportTo("f"), "v2");
    Inode file = core.at("/f");
    core.accepted(Ask.unlink("/f"));
    core.accepted(Ask.unlink("/also"));
    done(rename("f", "also"), "r1");
    assertThat(source(file)).isEqualTo("also");
    assertThat(core.at("/third").getUfs().getVersion()).isEqualTo("r1");
    for (Job job : jobs()) {
      done(job, job.getKind() == JobKind.UFS_RENAME ? "r2" : "t1");
    }
    assertThat(source(file)).isEqualTo("third");
    assertThat(core.at("/third").getUfs().getVersion()).isEqualTo("r2");
  }

  @Test
  void theObjectOfAReplacedNameMovesToTheNextOneFirst() {
    core.accepted(Ask.link("/f", "/also"));
    core.accepted(Ask.rename("/g", "/f"));
    done(exportTo("also"), "x1");
    Job heir = rename("f", "also");
    assertThat(runnable()).containsExactly(heir);
    Job replacing = rename("g", "f");
    assertThat(replacing.getChecked()).isTrue();
    assertThat(replacing.getKnownVersion()).isEmpty();
    assertThat(source(core.at("/also"))).isEqualTo("f");
    assertThat(source(core.at("/f"))).isEqualTo("g");
    done(heir, "r1");
    done(replacing, "w2");
    assertThat(core.at("/also").getUfs().getVersion()).isEqualTo("r1");
    assertThat(core.at("/f").getUfs().getVersion()).isEqualTo("w2");
  }

  @Test
  void whatIsExportedToANameThatGoesIsTheNextOnes() {
    core.accepted(Ask.link("/f", "/also"));
    write("/f");
    core.accepted(Ask.unlink("/f"));
    done(exportTo("f"), "v2");
    Inode left = core.at("/also");
    assertThat(left.getUfs().getVersion()).isEqualTo("v2");
    assertThat(left.getExportedVersion()).isEqualTo(left.getVersion());
    assertThat(source(left)).isEqualTo("f");
  }

  @Test
  void whatANameHadIsOnlyInTheCacheOnceTheUfsHasLostIt() {
    core.accepted(Ask.link("/f", "/also"));
    core.accepted(Ask.reconcile(1, Ask.file("g", "w1", 20)));
    Inode left = core.at("/also");
    assertThat(left.hasUfs()).isFalse();
    assertThat(left.getExportedVersion()).isZero();
    assertThat(queries.knownVersion(onlyJob())).contains("");
    done(onlyJob(), "x1");
    assertThat(core.at("/also").getUfs().getVersion()).isEqualTo("x1");
    assertThat(core.at("/also").getExportedVersion()).isEqualTo(left.getVersion());
  }

  private void foundNothing(Job job) {
    finish(
        FinishJob.newBuilder()
            .setJobId(job.getId())
            .setCode(ErrorCode.NOT_FOUND)
            .setError("NOT_FOUND: told by the worker"));
  }

  @Test
  void nobodyMissesWhatHasNoNameAnyMore() {
    create("/n");
    core.accepted(Ask.link("/n", "/m"));
    core.accepted(Ask.unlink("/n"));
    core.accepted(Ask.rename("/m", "/o"));
    core.accepted(Ask.unlink("/o"));
    List<Job> all = jobs();
    assertThat(all).hasSize(5);
    all.forEach(this::foundNothing);
    assertThat(jobs()).isEmpty();
    for (Job job : all) {
      boolean delete = job.getKind() == JobKind.UFS_DELETE;
      assertThat(core.view().jobs().failed(job.getId()) == null).as("%s", job).isNotEqualTo(delete);
    }
  }

  @Test
  void whatTheUfsHasLostOfAFirstNameIsExportedToTheNextOne() {
    core.accepted(Ask.link("/f", "/also"));
    core.accepted(Ask.unlink("/f"));
    done(exportTo("also"), "x1");
    foundNothing(rename("f", "also"));
    Inode left = core.at("/also");
    assertThat(left.hasUfs()).isFalse();
    assertThat(left.getExportedVersion()).isZero();
    done(exportTo("also"), "x1");
    assertThat(core.at("/also").getUfs().getVersion()).isEqualTo("x1");
    assertThat(core.at("/also").getExportedVersion()).isEqualTo(left.getVersion());
  }

  @Test
  void whatTheUfsHasLostReplacesTheOlderObjectOfTheNextName() {
    link();
    write("/f");
    done(exportTo("f"), "v2");
    foundNothing(exportTo("also"));
    core.accepted(Ask.unlink("/f"));
    foundNothing(rename("f", "also"));
    assertThat(jobs())
        .extracting(Job::getKind)
        .containsExactly(JobKind.UFS_DELETE, JobKind.EXPORT_FILE);
    assertThat(jobs().get(0).getUfsPath().toStringUtf8()).isEqualTo("also");
    assertThat(jobs().get(0).getKnownVersion()).isEqualTo("x1");
    assertThat(queries.knownVersion(jobs().get(1))).contains("");
  }

  @Test
  void whatWasWrittenAfterARenameIsExportedToWhereThatComesToLie() {
    core.accepted(Ask.link("/f", "/also"));
    core.accepted(Ask.unlink("/f"));
    done(exportTo("also"), "x1");
    write("/also");
    Job late = exportTo("also");
    conflict(rename("f", "also"));
    Job again = jobs().get(jobs().size() - 2);
    String kept = again.getUfsTargetPath().toStringUtf8();
    assertThat(rename("f", kept)).isEqualTo(again);
    assertThat(exportTo(kept).getVersion()).isEqualTo(core.at("/" + kept).getVersion());
    conflict(late);
    assertThat(core.at("/" + kept).getUfs().getVersion()).isEqualTo("v1");
    done(again, "r1");
    assertThat(queries.knownVersion(exportTo(kept))).contains("r1");
    done(exportTo(kept), "c2");
    assertThat(core.at("/" + kept).getUfs().getVersion()).isEqualTo("c2");
    assertThat(jobs()).isEmpty();
  }

  @Test
  void whatIsBelowADirectoryIsReadWhereTheUfsHasIt() {
    core.accepted(Ask.mkdir("/d"));
    done(onlyJob(), "");
    core.accepted(Ask.rename("/f", "/d/f"));
    core.accepted(Ask.rename("/d", "/e"));
    assertThat(source(core.at("/e/f"))).isEqualTo("f");
    done(runnable().get(0), "");
    assertThat(source(core.at("/e/f"))).isEqualTo("d/f");
    done(runnable().get(0), "");
    assertThat(source(core.at("/e/f"))).isEqualTo("e/f");
  }

  @Test
  void aLateExportOfOlderContentIsNotTakenForTheNewest() {
    core.accepted(Ask.link("/f", "/also"));
    Job late = exportTo("also");
    write("/f");
    done(exportTo("f"), "v2");
    core.accepted(Ask.unlink("/f"));
    done(late, "x1");
    Inode left = core.at("/also");
    assertThat(left.getUfs().getVersion()).isEqualTo("v2");
    assertThat(source(left)).isEqualTo("f");
    done(exportTo("also"), "x2");
    assertThat(onlyJob().getKnownVersion()).isEqualTo("x2");
    done(onlyJob(), "r2");
    assertThat(core.at("/also").getUfs().getVersion()).isEqualTo("r2");
  }

  @Test
  void aNameThatTakesTheFormerOnesPlaceIsNoConflict() {
    link();
    write("/f");
    core.accepted(Ask.unlink("/f"));
    core.accepted(Ask.rename("/also", "/f"));
    assertThat(queries.knownVersion(exportTo("f"))).contains("v1");
    assertThat(queries.knownVersion(exportTo("also"))).contains("x1");
  }

  @Test
  void whatIsMovedOnIsKnownToThoseBehind() {
    link();
    write("/f");
    done(exportTo("f"), "v2");
    core.accepted(Ask.rename("/also", "/moved"));
    core.accepted(Ask.unlink("/moved"));
    done(exportTo("also"), "x2");
    Job rename = jobs().get(0);
    assertThat(rename.getKind()).isEqualTo(JobKind.UFS_RENAME);
    assertThat(queries.knownVersion(rename)).contains("x2");
    assertThat(jobs().get(1).getKnownVersion()).isEqualTo("x2");
  }

  @Test
  void aFurtherNameThatHasItsObjectFirstLosesItToo() {
    create("/n");
    core.accepted(Ask.link("/n", "/m"));
    Job first = exportTo("n");
    done(exportTo("m"), "m1");
    core.accepted(Ask.rename("/m", "/o"));
    Job rename = jobs().get(1);
    assertThat(rename.getKind()).isEqualTo(JobKind.UFS_RENAME);
    done(rename, "m1");
    core.accepted(Ask.unlink("/o"));
    assertThat(jobs()).hasSize(2).contains(first);
    assertThat(jobs().get(1).getKind()).isEqualTo(JobKind.UFS_DELETE);
    assertThat(jobs().get(1).getKnownVersion()).isEqualTo("m1");
  }

  @Test
  void theOlderObjectOfTheNextNameDoesNotReplaceTheContent() {
    link();
    write("/f");
    done(exportTo("f"), "v2");
    finish(
        FinishJob.newBuilder()
            .setJobId(exportTo("also").getId())
            .setCode(ErrorCode.IS_A_DIRECTORY)
            .setError("IS_A_DIRECTORY: told by the worker"));
    core.accepted(Ask.unlink("/f"));
    Inode before = core.at("/also");
    assertThat(rename("f", "also").getKnownVersion()).isEqualTo("x1");
    core.accepted(
        Ask.reconcile(
            1, Ask.file("also", "x1", 10), Ask.file("g", "w1", 20), Ask.file("new", "n1", 1)));
    assertThat(core.at("/also").getVersion()).isEqualTo(before.getVersion());
    assertThat(core.at("/also").getUfs()).isEqualTo(before.getUfs());
    done(onlyJob(), "r2");
    assertThat(core.at("/also").getUfs().getVersion()).isEqualTo("r2");
  }

  private List<Job> runnable() {
    return jobs().stream().filter(job -> !core.view().jobs().isBehindAnother(job)).toList();
  }

  @Test
  void aDeleteOfAFurtherNameTakesItsObjectOnly() {
    link();
    core.accepted(Ask.unlink("/also"));
    assertThat(onlyJob().getChecked()).isTrue();
    assertThat(onlyJob().getKnownVersion()).isEqualTo("x1");
    conflict(onlyJob());
    assertThat(dirty()).containsExactly("also");
    assertThat(core.at("/f").getUfs().getVersion()).isEqualTo("v1");
  }

  @Test
  void aRenameOfAFurtherNameCarriesItsObject() {
    link();
    core.accepted(Ask.rename("/also", "/moved"));
    assertThat(queries.knownVersion(onlyJob())).contains("x1");
    done(onlyJob(), "m1");
    assertThat(core.at("/f").getUfs().getVersion()).isEqualTo("v1");
    write("/f");
    assertThat(queries.knownVersion(exportTo("moved"))).contains("m1");
  }

  @Test
  void aRenameOfAFurtherNameThatMovedAnothersObjectLeavesItToTheNextExport() {
    link();
    Inode before = core.at("/f");
    core.accepted(Ask.rename("/also", "/moved"));
    finish(
        FinishJob.newBuilder()
            .setJobId(onlyJob().getId())
            .setSucceeded(true)
            .setOtherContent(true)
            .setUfs(UfsBinding.newBuilder().setVersion("o1").setLengthBytes(77)));
    assertThat(core.at("/f").getUfs()).isEqualTo(before.getUfs());
    assertThat(core.at("/f").getLengthBytes()).isEqualTo(before.getLengthBytes());
    write("/f");
    assertThat(queries.knownVersion(exportTo("moved"))).as("not o1").contains("x1");
  }

  @Test
  void anObjectWithOlderContentIsNotReadButKnown() {
    link();
    write("/f");
    done(exportTo("f"), "v2");
    core.accepted(Ask.unlink("/f"));
    Inode left = core.at("/also");
    assertThat(left.getUfs().getVersion()).isEqualTo("v2");
    assertThat(source(left)).isEqualTo("f");
    assertThat(queries.knownVersion(exportTo("also"))).contains("x1");
    assertThat(rename("f", "also").getKnownVersion()).isEqualTo("x1");
  }

  @Test
  void anExportToANameThatGoesReplacesWhatTheDeleteTakes() {
    link();
    write("/f");
    core.accepted(Ask.unlink("/also"));
    Job export = exportTo("also");
    assertThat(queries.knownVersion(export)).contains("x1");
    done(export, "x2");
    Job delete = jobs().get(jobs().size() - 1);
    assertThat(delete.getKind()).isEqualTo(JobKind.UFS_DELETE);
    assertThat(delete.getKnownVersion()).isEqualTo("x2");
    assertThat(core.at("/f").getUfs().getVersion()).isEqualTo("v1");
  }

  @Test
  void anExportIsOfItsNameAlsoWhereThatWasMovedOn() {
    link();
    write("/f");
    core.accepted(Ask.rename("/also", "/moved"));
    Job export = exportTo("also");
    assertThat(queries.knownVersion(export)).contains("x1");
    done(export, "x2");
    assertThat(core.at("/f").getUfs().getVersion()).isEqualTo("v1");
    Job rename = jobs().get(jobs().size() - 1);
    assertThat(rename.getKind()).isEqualTo(JobKind.UFS_RENAME);
    assertThat(queries.knownVersion(rename)).contains("x2");
  }

  @Test
  void aNameThatTheUfsNeverHadStays() {
    core.accepted(Ask.link("/f", "/also"));
    Job export = onlyJob();
    finish(
        FinishJob.newBuilder()
            .setJobId(export.getId())
            .setCode(ErrorCode.NOT_A_DIRECTORY)
            .setError("NOT_A_DIRECTORY: in the way"));
    assertThat(core.run(Ask.reconcile(1, Ask.file("f", "v1", 10), Ask.file("g", "w1", 20))))
        .isInstanceOf(Decision.Unchanged.class);
    assertThat(exists("also")).isTrue();
    core.accepted(Ask.unlink("/f"));
    Job rename = onlyJob();
    finish(
        FinishJob.newBuilder()
            .setJobId(rename.getId())
            .setCode(ErrorCode.NOT_A_DIRECTORY)
            .setError("NOT_A_DIRECTORY: in the way"));
    core.accepted(Command.newBuilder().setRetryJob(RetryJob.newBuilder().setJobId(rename.getId())));
    done(rename("f", "also"), "r1");
    assertThat(core.at("/also").getUfs().getVersion()).isEqualTo("r1");
  }

  @Test
  void aFileThatIsWrittenWithTheDirectoriesAboveItHasItsPath() {
    Command.Builder create = core.written("/fs/x/y/f", 10).toBuilder();
    create.getCreateFileBuilder().setParents(true);
    core.accepted(create);
    assertThat(jobs())
        .extracting(job -> job.getKind() + " " + job.getUfsPath().toStringUtf8())
        .containsExactly("UFS_MAKE_DIRECTORY x", "UFS_MAKE_DIRECTORY x/y", "EXPORT_FILE x/y/f");
  }

  @Test
  void aLongNameIsCutBetweenCharacters() {
    String name = "\u00e4".repeat(127);
    create("/" + name);
    conflict(onlyJob());
    String kept = onlyJob().getUfsPath().toStringUtf8();
    assertThat(onlyJob().getUfsPath().size()).isBetween(253, 255);
    assertThat(kept).startsWith("\u00e4\u00e4").contains(".conflict-").doesNotContain("\ufffd");
  }
}
