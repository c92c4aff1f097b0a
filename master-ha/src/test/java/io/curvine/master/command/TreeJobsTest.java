/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.jobs.TreeJobs;
import io.curvine.master.leader.PatientProposer;
import io.curvine.master.leader.Reply;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.BlockReport;
import io.curvine.protocol.proto.CancelJob;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.JobPart;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.RetryJob;
import io.curvine.protocol.proto.SetPolicy;
import io.curvine.protocol.proto.StartTreeJob;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import io.curvine.protocol.proto.TreeJobStatus;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.protocol.proto.UnmountUfs;
import io.curvine.protocol.proto.WritePolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class TreeJobsTest extends CoreTest {
  private final WorkerRegistry workers =
      new WorkerRegistry(Duration.ofHours(1), id -> false, System::nanoTime);
  private final Map<String, List<UfsEntry>> ufs = new HashMap<>();
  private final Set<String> broken = new HashSet<>();
  private TreeJobs trees;

  private void begin(int stepEntries) {
    trees =
        new TreeJobs(
            () -> core.store(),
            workers,
            this::names,
            new PatientProposer(this::propose),
            () -> true,
            stepEntries);
  }

  private void worker(int id) {
    boolean unused =
        workers.heartbeat(Heartbeat.newBuilder().setWorkerId(id).setIncarnation("i").build());
    assertThat(
            workers.report(
                BlockReport.newBuilder()
                    .setWorkerId(id)
                    .setIncarnation("i")
                    .setFull(true)
                    .setFirst(true)
                    .setLast(true)
                    .build()))
        .isTrue();
  }

  private CompletableFuture<Reply> propose(Command command) {
    Decision decision = core.run(command.toBuilder());
    return CompletableFuture.completedFuture(
        decision instanceof Decision.Refused refused
            ? Reply.refused(refused.code(), refused.message())
            : new Reply(ErrorCode.OK, "", CommandResult.getDefaultInstance(), 0));
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

  private void mountCached() {
    core.accepted(Ask.mount("/m", "file:///data"));
  }

  private void mountExporting() {
    Command.Builder mount = Ask.mount("/m", "file:///data");
    mount
        .getMountUfsBuilder()
        .getMountBuilder()
        .setMode(MountMode.FS)
        .setWritePolicy(WritePolicy.BACK);
    core.accepted(mount);
  }

  private static Command.Builder ask(TreeJobKind kind, String path, int replicas) {
    return Command.newBuilder()
        .setStartTreeJob(
            StartTreeJob.newBuilder().setKind(kind).setAt(Core.ref(path)).setReplicas(replicas));
  }

  private long start(TreeJobKind kind, String path) {
    return core.accepted(ask(kind, path, 0)).getJobIds(0);
  }

  private TreeJob job(long id) {
    return core.view().jobs().tree(id);
  }

  private List<Job> open() {
    List<Job> jobs = new ArrayList<>();
    core.view().jobs().scan(0, jobs::add);
    return jobs;
  }

  private void finish(Job job, FinishJob.Builder how) {
    core.accepted(Command.newBuilder().setFinishJob(how.setJobId(job.getId())));
  }

  private void finishAll() {
    open().forEach(job -> finish(job, FinishJob.newBuilder().setSucceeded(true)));
  }

  /** As many steps as it takes. */
  private void walk() {
    for (int i = 0; i < 10; i++) {
      trees.tick();
    }
  }

  private static Command.Builder retry(long id) {
    return Command.newBuilder().setRetryJob(RetryJob.newBuilder().setJobId(id));
  }

  private static Command.Builder cancel(long id) {
    return Command.newBuilder().setCancelJob(CancelJob.newBuilder().setJobId(id));
  }

  private void write(String path, long length) {
    CommandResult made = core.accepted(Ask.create(path));
    core.accepted(Ask.commit(made.getInode().getId(), made.getWriteVersion(), length, true));
  }

  @Test
  void aLoadListsWhatIsNotLoadedAndCountsWhatItsPartsDid() {
    mountCached();
    worker(1);
    worker(2);
    begin(100);
    ufs.put("/m", List.of(Ask.file("a", "1", 10), Ask.directory("d"), Ask.directory("e")));
    ufs.put("/m/d", List.of(Ask.file("empty", "1", 0), Ask.file("large", "1", 600L << 20)));
    long id = start(TreeJobKind.LOAD, "/m");
    walk();
    TreeJob walked = job(id);
    assertThat(walked.getWalked()).isTrue();
    assertThat(walked.getFiles()).isEqualTo(3);
    assertThat(walked.getBytes()).isEqualTo((600L << 20) + 10);
    assertThat(walked.getFilesDone()).as("the empty one").isEqualTo(1);
    assertThat(open()).allMatch(job -> job.getKind() == JobKind.LOAD_PARTS);
    assertThat(open().stream().map(Job::getWorkerId).distinct()).containsExactlyInAnyOrder(1, 2);
    assertThat(walked.getOpenJobs()).isEqualTo(open().size());
    finishAll();
    TreeJob ended = job(id);
    assertThat(ended.getStatus()).isEqualTo(TreeJobStatus.SUCCEEDED);
    assertThat(ended.getFilesDone()).isEqualTo(3);
    assertThat(ended.getBytesDone()).isEqualTo(ended.getBytes());
    assertThat(ended.getOpenJobs()).isZero();
  }

  @Test
  void eachCopyIsForAnotherWorkerAndTooManyAreRefused() {
    mountCached();
    worker(1);
    worker(2);
    begin(100);
    ufs.put("/m", List.of(Ask.file("a", "1", 10)));
    long two = core.accepted(ask(TreeJobKind.LOAD, "/m", 2)).getJobIds(0);
    walk();
    assertThat(open().stream().map(Job::getWorkerId)).containsExactlyInAnyOrder(1, 2);
    finishAll();
    assertThat(job(two).getFilesDone()).isEqualTo(1);
    assertThat(job(two).getBytesDone()).isEqualTo(20);
    long three = core.accepted(ask(TreeJobKind.LOAD, "/m", 3)).getJobIds(0);
    walk();
    assertThat(job(three).getStatus()).isEqualTo(TreeJobStatus.FAILED);
    assertThat(job(three).getErrors(0)).contains("3 copies").contains("2");
    assertThat(core.refused(ask(TreeJobKind.LOAD, "/m", -1)).message()).contains("allowed");
    assertThat(core.refused(ask(TreeJobKind.FREE, "/m", 1)).message()).contains("LOAD");
    assertThat(core.refused(ask(TreeJobKind.LOAD, "/m/nowhere", 1)).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }

  private void say(String path, Policy.Builder policy) {
    core.accepted(
        Command.newBuilder()
            .setSetPolicy(
                SetPolicy.newBuilder()
                    .setAt(Core.ref(path))
                    .setChange(PolicyChange.newBuilder().setSet(policy))));
  }

  @Test
  void policiesAddCopiesOfWhatIsLoadedAndKeepWhatIsPinned() {
    mountCached();
    worker(1);
    worker(2);
    begin(100);
    ufs.put("/m", List.of(Ask.file("a", "1", 10), Ask.file("b", "1", 10)));
    core.run(Ask.reconcile(core.at("/m").getId(), ufs.get("/m").toArray(UfsEntry[]::new)));
    say("/m/a", Policy.newBuilder().setMinReplicas(3).setPinned(true));
    long load = start(TreeJobKind.LOAD, "/m");
    walk();
    assertThat(open().stream().map(Job::getWorkerId).filter(id -> id == 1)).isNotEmpty();
    assertThat(open()).hasSize(3); // as many copies of a as there are workers, and one of b
    finishAll();
    assertThat(job(load).getFilesDone()).isEqualTo(2);
    assertThat(job(load).getBytesDone()).isEqualTo(30);
    long free = start(TreeJobKind.FREE, "/m");
    walk();
    finishAll();
    assertThat(job(free).getStatus()).isEqualTo(TreeJobStatus.SUCCEEDED);
    assertThat(job(free).getFilesDone()).isEqualTo(1);
    assertThat(job(free).getFilesSkipped()).isEqualTo(1);
  }

  @Test
  void aWalkGoesOnAfterARestartAndMeetsEachFileOnce() throws IOException {
    long seed = new Random().nextLong();
    for (int round = 0; round < 40; round++) {
      walkOnce(new Random(seed + round), "seed " + seed + " round " + round);
    }
  }

  private void walkOnce(Random random, String what) throws IOException {
    String root = "/t" + core.journal().nextOffset();
    core.accepted(Ask.mkdir(root));
    List<String> directories = new ArrayList<>(List.of(root));
    for (int i = 0; i < 12; i++) {
      String path = directories.get(random.nextInt(directories.size())) + "/" + name(random);
      if (core.run(Ask.mkdir(path)) instanceof Decision.Accepted) {
        directories.add(path);
      }
    }
    Map<Long, String> expected = new HashMap<>();
    for (int i = 0; i < 30; i++) {
      String path = directories.get(random.nextInt(directories.size())) + "/" + name(random);
      if (core.run(Ask.create(path)) instanceof Decision.Accepted accepted) {
        expected.put(accepted.result().getInode().getId(), path);
      }
    }
    worker(1);
    begin(1 + random.nextInt(5));
    long id = start(TreeJobKind.FREE, root);
    List<Long> met = new ArrayList<>();
    while (job(id).getStatus() == TreeJobStatus.RUNNING) {
      trees.tick();
      for (Job job : open()) {
        job.getPartsList().stream().map(JobPart::getInode).forEach(met::add);
      }
      finishAll();
      disturb(random, directories, expected);
      if (random.nextInt(10) == 0) {
        core.restart();
        begin(1 + random.nextInt(5));
      }
    }
    assertThat(met).as(what).doesNotHaveDuplicates().containsAll(expected.keySet());
    assertThat(job(id).getFilesDone()).as(what).isEqualTo(met.size());
  }

  private static String name(Random random) {
    return List.of("a", "a-b", "a.b", "b", "c", "\u00e9", "~", "0").get(random.nextInt(8));
  }

  /** Files come and go, also the one where the walk is. */
  private void disturb(Random random, List<String> directories, Map<Long, String> expected) {
    String path = directories.get(random.nextInt(directories.size())) + "/" + name(random);
    if (core.run(Ask.unlink(path)) instanceof Decision.Accepted) {
      expected.values().remove(path);
    } else {
      core.run(Ask.create(path));
    }
  }

  @Test
  void aDirectoryThatCannotBeListedIsAFailureAndIsTriedAgain() {
    mountCached();
    worker(1);
    begin(100);
    ufs.put("/m", List.of(Ask.directory("d"), Ask.file("z", "1", 5)));
    ufs.put("/m/d", List.of(Ask.file("f", "1", 5)));
    broken.add("/m/d");
    long id = start(TreeJobKind.LOAD, "/m");
    walk();
    finishAll();
    assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.FAILED);
    assertThat(job(id).getFilesDone()).isEqualTo(1);
    assertThat(job(id).getFilesFailed()).isEqualTo(1);
    assertThat(job(id).getErrorsList()).containsExactly("/m/d cannot be listed");
    broken.clear();
    walk();
    core.accepted(retry(id));
    assertThat(core.refused(retry(id)).code()).isEqualTo(ErrorCode.FILE_BUSY);
    walk();
    finishAll();
    assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.SUCCEEDED);
    assertThat(job(id).getFilesDone()).isEqualTo(2);
  }

  @Test
  void aPartIsTriedAFewTimesAndOneOfACancelledJobNotAgain() {
    mountCached();
    worker(1);
    begin(100);
    ufs.put("/m", List.of(Ask.file("a", "1", 5), Ask.file("b", "1", 6)));
    long id = start(TreeJobKind.LOAD, "/m");
    walk();
    Job part = open().get(0);
    FinishJob.Builder failure =
        FinishJob.newBuilder()
            .setRetry(true)
            .setCode(ErrorCode.UFS_UNREACHABLE)
            .setError("the store is away")
            .setFilesDone(1)
            .setBytesDone(5);
    int attempts = 0;
    while (!open().isEmpty()) {
      finish(part, failure);
      attempts++;
    }
    assertThat(attempts).isEqualTo(6);
    assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.FAILED);
    assertThat(job(id).getFilesDone()).isEqualTo(1);
    assertThat(job(id).getFilesFailed()).isEqualTo(1);
    assertThat(job(id).getErrorsList()).containsExactly("the store is away");
    assertThat(core.view().jobs().failed(part.getId())).as("nothing is lost to a UFS").isNull();
    core.accepted(retry(id));
    walk();
    core.accepted(cancel(id));
    core.run(cancel(id));
    assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.CANCELLED);
    finish(open().get(0), failure);
    assertThat(open()).isEmpty();
    walk();
    assertThat(open()).isEmpty();
    assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.CANCELLED);
  }

  @Test
  void anExportCountsOnWhatIsUnderWay() {
    mountExporting();
    begin(100);
    core.accepted(Ask.mkdir("/m/d"));
    write("/m/d/a", 10);
    write("/m/d/b", 20);
    long id = start(TreeJobKind.EXPORT, "/m/d");
    walk();
    assertThat(open()).hasSize(3);
    assertThat(job(id).getOpenJobs()).isEqualTo(2);
    assertThat(job(id).getBytes()).isEqualTo(30);
    finishAll();
    assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.SUCCEEDED);
    assertThat(job(id).getBytesDone()).isEqualTo(30);
    assertThat(core.refused(ask(TreeJobKind.EXPORT, "/", 0)).message()).contains("no mount");
  }

  @Test
  void whatIsExportedOfAFileThatIsOpenIsNotCountedOn() {
    mountExporting();
    begin(100);
    CommandResult made = core.accepted(Ask.create("/m/f"));
    long inode = made.getInode().getId();
    core.accepted(Ask.commit(inode, made.getWriteVersion(), 10, false));
    start(TreeJobKind.EXPORT, "/m");
    walk();
    finishEach("synced");
    assertThat(core.at("/m/f").getUfs().getVersion()).isEqualTo("synced");
    assertThat(core.at("/m/f").getExportedVersion())
        .as("its blocks go on under the same names")
        .isLessThan(made.getWriteVersion());
    core.accepted(Ask.commit(inode, made.getWriteVersion(), 10, true));
    finishEach("closed");
    assertThat(core.at("/m/f").getUfs().getVersion()).isEqualTo("closed");
    assertThat(core.at("/m/f").getExportedVersion()).isEqualTo(core.at("/m/f").getVersion());
  }

  private void finishEach(String version) {
    assertThat(open()).isNotEmpty();
    open()
        .forEach(
            job ->
                finish(
                    job,
                    FinishJob.newBuilder()
                        .setSucceeded(true)
                        .setUfs(UfsBinding.newBuilder().setVersion(version))));
  }

  @Test
  void aChangeThatIsDeniedIsTriedUntilItIsGivenUpAndThenKept() {
    mountExporting();
    begin(100);
    write("/m/f", 10);
    Job export = open().get(0);
    FinishJob.Builder denied =
        FinishJob.newBuilder()
            .setRetry(true)
            .setCode(ErrorCode.UFS_DENIED)
            .setError("no")
            .setGiveUpAfterMs(Duration.ofDays(1).toMillis());
    finish(export, denied);
    assertThat(open().get(0).getLastCode()).isEqualTo(ErrorCode.UFS_DENIED);
    finish(export, denied.setGiveUpAfterMs(0));
    assertThat(open()).hasSize(1);
    assertThat(core.refused(retry(export.getId())).code()).isEqualTo(ErrorCode.FILE_BUSY);
    finish(export, denied.setRetry(false));
    assertThat(open()).isEmpty();
    assertThat(core.view().jobs().failed(export.getId()).getLastError()).isEqualTo("no");
    core.accepted(retry(export.getId()));
    assertThat(core.view().jobs().failed(export.getId())).isNull();
    Job again = open().get(0);
    assertThat(again.getKind()).isEqualTo(JobKind.EXPORT_FILE);
    assertThat(again.getUfsPath().toStringUtf8()).isEqualTo("f");
    finish(again, denied);
    core.accepted(cancel(again.getId()));
    assertThat(core.view().jobs().failed(again.getId())).isNull();
    assertThat(core.refused(cancel(again.getId())).code()).isEqualTo(ErrorCode.NOT_FOUND);
    assertThat(core.at("/m/f").getExportedVersion()).isLessThan(core.at("/m/f").getVersion());
    long id = start(TreeJobKind.EXPORT, "/m");
    walk();
    finishEach("v");
    assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.SUCCEEDED);
    assertThat(core.at("/m/f").getExportedVersion()).isEqualTo(core.at("/m/f").getVersion());
  }

  @Test
  void whatIsMadeForAFailedChangeIsWhatTheNamespaceHoldsNow() {
    mountExporting();
    core.accepted(Ask.mkdir("/m/d"));
    core.accepted(Ask.mkdir("/m/gone"));
    finishAll();
    core.accepted(Ask.rmdir("/m/gone"));
    core.accepted(Ask.rename("/m/d", "/m/e"));
    List<Job> failed = open();
    failed.forEach(job -> finish(job, FinishJob.newBuilder().setError("not empty")));
    core.accepted(Ask.mkdir("/m/gone"));
    core.accepted(retry(failed.get(0).getId()));
    core.accepted(retry(failed.get(1).getId()));
    assertThat(open())
        .extracting(Job::getKind)
        .containsExactly(JobKind.UFS_MAKE_DIRECTORY, JobKind.UFS_RENAME);
    assertThat(open().get(1).getUfsTargetPath()).isEqualTo(ByteString.copyFromUtf8("e"));
  }

  @Test
  void aPartOfAFileThatFailsFailsTheJobAndTheRestIsDone() {
    mountCached();
    worker(1);
    begin(100);
    ufs.put("/m", List.of(Ask.file("large", "1", 600L << 20)));
    long id = start(TreeJobKind.LOAD, "/m");
    walk();
    List<Job> parts = open();
    assertThat(parts).hasSizeGreaterThan(1);
    finish(parts.get(0), FinishJob.newBuilder().setError("no room"));
    finishAll();
    assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.FAILED);
    assertThat(job(id).getErrorsList()).containsExactly("no room");
  }

  @Test
  void aStepIsBoundedByWhatItsFilesAreLoadedBy() {
    mountCached();
    worker(1);
    begin(100);
    List<UfsEntry> files = new ArrayList<>();
    for (int i = 100; i < 150; i++) {
      files.add(Ask.file("f" + i, "1", 10L << 30));
    }
    files.add(Ask.file("huge", "1", 1L << 50));
    ufs.put("/m", files);
    long id = start(TreeJobKind.LOAD, "/m");
    trees.tick();
    assertThat(open()).hasSizeBetween(80, 200);
    while (!job(id).getWalked()) {
      finishAll();
      trees.tick();
    }
    assertThat(open()).hasSizeLessThan(1_200);
    finishAll();
    assertThat(job(id).getFilesDone()).isEqualTo(51);
    assertThat(job(id).getBytesDone()).isEqualTo(50 * (10L << 30) + (1L << 50));
  }

  @Test
  void severalJobsCountOneExport() {
    mountExporting();
    begin(100);
    write("/m/a", 10);
    core.accepted(Ask.link("/m/a", "/m/b"));
    finishAll();
    CommandResult opened = core.accepted(Ask.open("/m/a", false));
    core.accepted(Ask.commit(opened.getInode().getId(), opened.getWriteVersion(), 20, true));
    int toEachName = open().size();
    long first = start(TreeJobKind.EXPORT, "/m");
    long second = start(TreeJobKind.EXPORT, "/m");
    walk();
    assertThat(open()).as("none is made again").hasSize(toEachName);
    assertThat(job(first).getStatus()).isEqualTo(TreeJobStatus.RUNNING);
    assertThat(job(second).getStatus()).isEqualTo(TreeJobStatus.RUNNING);
    finishAll();
    for (long id : List.of(first, second)) {
      assertThat(job(id).getStatus()).isEqualTo(TreeJobStatus.SUCCEEDED);
      assertThat(job(id).getBytesDone()).isEqualTo(20);
      assertThat(job(id).getOpenJobs()).isZero();
    }
  }

  @Test
  void aMountStaysWhoseUfsRefusedAChange() {
    mountExporting();
    write("/m/f", 10);
    Job export = open().get(0);
    finish(export, FinishJob.newBuilder().setError("no"));
    Command.Builder unmount =
        Command.newBuilder()
            .setUnmountUfs(UnmountUfs.newBuilder().setPath(ByteString.copyFromUtf8("/m")));
    assertThat(core.refused(unmount.clone()).message()).contains("job " + export.getId());
    core.accepted(cancel(export.getId()));
    core.accepted(unmount.clone());
  }

  @Test
  void aJobIsGivenUpByHowLongItFailsAndNotByItsAge() {
    mountExporting();
    write("/m/f", 10);
    Job export = open().get(0);
    FinishJob.Builder failure =
        FinishJob.newBuilder().setRetry(true).setError("away").setGiveUpAfterMs(1);
    for (int i = 0; i < 3; i++) {
      finish(export, failure); // the clock of the test goes on by nanoseconds
      assertThat(open()).hasSize(1);
    }
  }
}
