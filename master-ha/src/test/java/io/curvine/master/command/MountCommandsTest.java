/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Counter;
import io.curvine.protocol.proto.CloseSession;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountChange;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountSources;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.UnmountUfs;
import io.curvine.protocol.proto.UpdateMount;
import io.curvine.protocol.proto.WritePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MountCommandsTest {
  @TempDir private Path directory;
  private Core core;

  @BeforeEach
  void start() throws IOException {
    core = new Core(directory);
    core.accepted(Ask.mount("/", "file:///data"));
    core.accepted(
        Ask.reconcile(1, Ask.directory("d"), Ask.file("f", "v1", 10), Ask.file("g", "v1", 0)));
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

  private void finish(Job job, String version) {
    FinishJob.Builder finish = FinishJob.newBuilder().setJobId(job.getId()).setSucceeded(true);
    if (!version.isEmpty()) {
      finish.setUfs(UfsBinding.newBuilder().setVersion(version));
    }
    core.accepted(Command.newBuilder().setFinishJob(finish));
  }

  @Test
  void namesBelowAnUnloadedDirectoryAreAskedForFirst() {
    long d = core.at("/d").getId();
    assertThat(core.run(Ask.create("/d/x"))).isEqualTo(new Decision.NeedsUfs(List.of(d)));
    assertThat(core.run(Ask.rmdir("/d"))).isEqualTo(new Decision.NeedsUfs(List.of(d)));
    core.accepted(Ask.reconcile(d));
    core.accepted(Ask.create("/d/x"));
  }

  @Test
  void aChangedObjectBecomesANewBaseAndAGoneOneGoes() {
    Inode before = core.at("/f");
    core.accepted(Ask.reconcile(1, Ask.directory("d"), Ask.file("f", "v2", 99)));
    Inode after = core.at("/f");
    assertThat(after.getId()).isEqualTo(before.getId());
    assertThat(after.getBaseVersion()).isGreaterThan(before.getBaseVersion());
    assertThat(after.getLengthBytes()).isEqualTo(99);
    assertThat(core.view().namespace().childId(1, ByteString.copyFromUtf8("g"))).isZero();
    assertThat(core.run(Ask.reconcile(1, Ask.directory("d"), Ask.file("f", "v2", 99))))
        .isInstanceOf(Decision.Unchanged.class);
  }

  @Test
  void aClosedFileIsExportedAndAReconcileLeavesItAloneUntilThen() {
    CommandResult made = core.accepted(Ask.create("/new"));
    CommandResult closed =
        core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), Ask.MIB, true));
    assertThat(closed.getJobIdsCount()).isEqualTo(1);
    Job job = jobs().get(0);
    assertThat(job.getKind()).isEqualTo(JobKind.EXPORT_FILE);
    assertThat(job.getUfsPath().toStringUtf8()).isEqualTo("new");
    core.run(
        Ask.reconcile(
            1,
            Ask.directory("d"),
            Ask.file("f", "v1", 10),
            Ask.file("g", "v1", 0),
            Ask.file("new", "half", 3)));
    assertThat(core.at("/new").getLengthBytes()).isEqualTo(Ask.MIB);
    finish(job, "e1");
    Inode exported = core.at("/new");
    assertThat(exported.getUfs().getVersion()).isEqualTo("e1");
    assertThat(exported.getExportedVersion()).isEqualTo(exported.getVersion());
    assertThat(
            core.run(
                Command.newBuilder()
                    .setFinishJob(FinishJob.newBuilder().setJobId(job.getId()).setSucceeded(true))))
        .isInstanceOf(Decision.Unchanged.class);
  }

  @Test
  void jobsOnOverlappingPathsWaitForEachOther() {
    core.accepted(Ask.mkdirs("/x/y"));
    core.accepted(Ask.rename("/x", "/z"));
    core.accepted(Ask.mkdir("/other"));
    List<Job> jobs = jobs();
    assertThat(jobs)
        .extracting(Job::getKind)
        .containsExactly(
            JobKind.UFS_MAKE_DIRECTORY,
            JobKind.UFS_MAKE_DIRECTORY,
            JobKind.UFS_RENAME,
            JobKind.UFS_MAKE_DIRECTORY);
    assertThat(jobs)
        .extracting(job -> core.view().jobs().isBehindAnother(job))
        .containsExactly(false, true, true, false);
    finish(jobs.get(0), "");
    finish(jobs.get(1), "");
    assertThat(core.view().jobs().isBehindAnother(jobs.get(2))).isFalse();
  }

  @Test
  void anOlderExportIsSupersededByALaterVersion() {
    CommandResult made = core.accepted(Ask.create("/n"));
    long id = made.getInode().getId();
    core.accepted(Ask.commit(id, made.getWriteVersion(), 5, true));
    Job first = jobs().get(0);
    CommandResult again = core.accepted(Ask.open("/n", false));
    core.accepted(Ask.commit(id, again.getWriteVersion(), 9, true));
    core.accepted(
        Command.newBuilder()
            .setFinishJob(
                FinishJob.newBuilder().setJobId(first.getId()).setError("block is gone")));
    assertThat(core.view().jobs().failed(first.getId())).isNull();
    assertThat(jobs()).hasSize(1);
  }

  @Test
  void whatASessionHadPublishedIsExportedWhenItEnds() {
    CommandResult made = core.accepted(Ask.create("/half"));
    core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), 7, false));
    assertThat(jobs()).isEmpty();
    core.accepted(
        Command.newBuilder()
            .setCloseSession(
                CloseSession.newBuilder().setSessionId(core.session()).setExpired(true)));
    assertThat(jobs()).hasSize(1);
    assertThat(core.at("/half").hasLease()).isFalse();
  }

  @Test
  void mountsDoNotOverlapAndBusyOnesStay() {
    assertThat(core.refused(Ask.mount("/", "file:///other")).code())
        .isEqualTo(ErrorCode.MOUNT_CONFLICT);
    assertThat(core.refused(Ask.mount("/m", "file:///data/below")).code())
        .isEqualTo(ErrorCode.MOUNT_CONFLICT);
    assertThat(core.refused(Ask.mount("/f", "file:///other")).code())
        .isEqualTo(ErrorCode.NOT_A_DIRECTORY);
    core.accepted(Ask.mount("/m", "file:///other"));
    assertThat(core.refused(Ask.rename("/m", "/n")).code()).isEqualTo(ErrorCode.MOUNT_CONFLICT);
    assertThat(core.refused(Ask.rmdir("/m")).code()).isEqualTo(ErrorCode.MOUNT_CONFLICT);
    assertThat(core.refused(unmount("/")).code()).isEqualTo(ErrorCode.MOUNT_CONFLICT);
    core.accepted(unmount("/m"));
    core.accepted(Ask.mkdir("/busy"));
    assertThat(core.refused(unmount("/")).code()).isEqualTo(ErrorCode.FILE_BUSY);
    jobs().forEach(job -> finish(job, ""));
    core.accepted(unmount("/"));
    assertThat(core.view().namespace().hasChildren(1)).isFalse();
    assertThat(core.at("/").getMountId()).isZero();
  }

  @Test
  void aReadOnlyMountTakesNoChange() {
    Command.Builder mount = Ask.mount("/ro", "file:///ro");
    mount.getMountUfsBuilder().getMountBuilder().setReadOnly(true);
    core.accepted(mount);
    core.accepted(Ask.reconcile(core.at("/ro").getId(), Ask.file("x", "1", 1)));
    assertThat(core.refused(Ask.mkdir("/ro/a")).code()).isEqualTo(ErrorCode.READ_ONLY);
    assertThat(core.refused(Ask.unlink("/ro/x")).code()).isEqualTo(ErrorCode.READ_ONLY);
    assertThat(core.refused(Ask.open("/ro/x", true)).code()).isEqualTo(ErrorCode.READ_ONLY);
    assertThat(core.refused(Ask.rename("/f", "/ro/f")).code()).isEqualTo(ErrorCode.CROSS_MOUNT);
  }

  private Command.Builder update(String path, MountChange.Builder change) {
    return Command.newBuilder()
        .setUpdateMount(
            UpdateMount.newBuilder()
                .setPath(ByteString.copyFromUtf8(path))
                .setChange(change)
                .setCheckedMountsVersion(core.view().meta().get(Counter.MOUNTS_VERSION)));
  }

  private Mount root() {
    return core.view().mounts().find(1);
  }

  @Test
  void anUpdateChangesWhatItNamesAndNothingElse() throws IOException {
    core.accepted(
        update(
            "/",
            MountChange.newBuilder()
                .putOptions("k", "secret")
                .putOptions("gone", "x")
                .setScanIntervalMs(5)
                .setSources(MountSources.newBuilder().addKinds("kafka"))));
    CommandResult result =
        core.accepted(
            update(
                "/",
                MountChange.newBuilder()
                    .putOptions("other", "y")
                    .addUnsetOptions("gone")
                    .setWritePolicy(WritePolicy.BACK)
                    .setVerifyMs(-1)
                    .setListTtlMs(7)
                    .setRequestsPerSecond(8)
                    .setBandwidthBytes(9)
                    .setBlockSizeBytes(Ask.MIB)
                    .setReplicas(3)));
    assertThat(result.getMount().getOptionsMap()).isEmpty();
    core.restart();
    assertThat(root().getOptionsMap())
        .containsOnly(Map.entry("k", "secret"), Map.entry("other", "y"));
    assertThat(root().getScanIntervalMs()).isEqualTo(5);
    assertThat(root().getSourcesList()).containsExactly("kafka");
    assertThat(root().getUri()).isEqualTo("file:///data");
    assertThat(root().getWritePolicy()).isEqualTo(WritePolicy.BACK);
    assertThat(root().getReplicas()).isEqualTo(3);
    assertThat(core.run(update("/", MountChange.newBuilder().setReplicas(3))))
        .isInstanceOf(Decision.Unchanged.class);
  }

  @Test
  void anUpdateThatCannotBeMeantIsRefused() {
    assertThat(core.refused(update("/f", MountChange.newBuilder())).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(core.refused(update("/", MountChange.newBuilder().addUnsetOptions("k"))).message())
        .contains("option to unset is 'k'");
    assertThat(core.refused(update("/", MountChange.newBuilder().setReplicas(99))).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(core.refused(update("/", MountChange.newBuilder().setVerifyMs(-2))).message())
        .isEqualTo("verify_ms is -2; allowed: from -1");
    Command.Builder late = update("/", MountChange.newBuilder().setReplicas(2));
    core.accepted(Ask.mount("/m", "file:///other"));
    assertThat(core.refused(late).code()).isEqualTo(ErrorCode.MOUNT_CONFLICT);
  }

  @Test
  void aMountBecomesReadOnlyOnlyWhenNothingIsOnItsWay() {
    MountChange.Builder readOnly = MountChange.newBuilder().setReadOnly(true);
    CommandResult made = core.accepted(Ask.create("/new"));
    assertThat(core.refused(update("/", readOnly)).message()).contains("/new is open for writing");
    core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), Ask.MIB, true));
    assertThat(core.refused(update("/", readOnly)).code()).isEqualTo(ErrorCode.FILE_BUSY);
    jobs().forEach(job -> finish(job, "e1"));
    core.accepted(update("/", readOnly));
    assertThat(core.refused(Ask.mkdir("/x")).code()).isEqualTo(ErrorCode.READ_ONLY);
    core.accepted(update("/", MountChange.newBuilder().setReadOnly(false)));
    core.accepted(Ask.mkdir("/x"));
  }

  @Test
  void anFsMountIsNeverExportedOrAlways() {
    Command.Builder mount = Ask.mount("/fs", "file:///fs");
    mount.getMountUfsBuilder().getMountBuilder().setMode(MountMode.FS);
    core.accepted(mount);
    core.accepted(update("/fs", MountChange.newBuilder().setWritePolicy(WritePolicy.BACK)));
    assertThat(
            core.refused(update("/fs", MountChange.newBuilder().setWritePolicy(WritePolicy.NEVER)))
                .message())
        .startsWith("write policy is NEVER, was BACK; allowed in fs mode");
    assertThat(core.refused(update("/fs", MountChange.newBuilder().setListTtlMs(1))).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  private static Command.Builder unmount(String path) {
    return Command.newBuilder()
        .setUnmountUfs(UnmountUfs.newBuilder().setPath(ByteString.copyFromUtf8(path)));
  }
}
