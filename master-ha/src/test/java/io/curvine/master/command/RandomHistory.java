/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.journal.JournalLog;
import io.curvine.master.disk.Quarantine;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.CheckpointPosition;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.proto.BlockId;
import io.curvine.protocol.proto.CloseSession;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.ForgetWorker;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.PlaceBlock;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.protocol.proto.RegisterWorker;
import io.curvine.protocol.proto.RemoveXattr;
import io.curvine.protocol.proto.SetAttributes;
import io.curvine.protocol.proto.SetWorkerLeaving;
import io.curvine.protocol.proto.SetXattr;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.UnmountUfs;
import io.curvine.protocol.proto.WorkerAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A data directory with a random history of all kinds of commands, of which many are refused, and
 * snapshots of it. For one thread.
 */
public final class RandomHistory implements AutoCloseable {
  private static final int OPEN_FILES_MAX = 20;

  private final Path root;
  private final Random random;
  private final Core core;
  private final SnapshotStore snapshots;
  private final List<CommandResult> writing = new ArrayList<>();
  private final List<Long> sessions = new ArrayList<>();
  private long workers;

  /** A new data directory in a directory that does not exist. */
  public RandomHistory(Path root, Random random) throws IOException {
    this.root = root;
    this.random = random;
    Path generation = Files.createDirectories(root.resolve("state/1"));
    Files.writeString(root.resolve("state/CURRENT"), "1");
    this.core = new Core(generation);
    this.snapshots =
        SnapshotStore.open(
            root.resolve("snapshots"),
            1_000,
            new Quarantine(root.resolve("quarantine"), Clock.systemUTC()),
            () -> Long.MAX_VALUE);
  }

  /** The data directory. */
  public Path root() {
    return root;
  }

  /** The state now. */
  public StateStore store() {
    return core.store();
  }

  /** The state now. */
  public StateView view() {
    return core.view();
  }

  /** Offset of the event that comes next. */
  public long offset() {
    return core.applier().nextOffset();
  }

  /** Runs so many random commands. */
  public void run(int operations) {
    for (int i = 0; i < operations; i++) {
      step();
    }
  }

  /** Runs one command; it may be refused. */
  public void make(String path) {
    core.run(Ask.mkdirs(path));
  }

  /** Makes an empty file. */
  public void create(String path) {
    Command.Builder create = Ask.create(path);
    create.getCreateFileBuilder().setExclusive(false).setComplete(true);
    core.run(create);
  }

  /** Renames. */
  public void rename(String from, String to) {
    core.run(Ask.rename(from, to));
  }

  /** Gives a file one more name. */
  public void link(String existing, String path) {
    core.run(Ask.link(existing, path));
  }

  /** Makes a symbolic link. */
  public void symlink(String path, String target) {
    core.run(Ask.symlink(path, target));
  }

  /** Deletes with all below. */
  public void delete(String path) {
    core.run(Ask.deleteTree(path));
  }

  /** Changes the mode. */
  public void chmod(String path, int mode) {
    core.run(
        Command.newBuilder()
            .setSetAttributes(SetAttributes.newBuilder().setAt(Core.ref(path)).setMode(mode)));
  }

  /** Reaps so much of what was deleted. */
  public void reap(int limit) {
    if (core.view().reap().count() > 0) {
      core.run(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(limit)));
    }
  }

  /** Takes a snapshot of the state now. */
  public SnapshotManifest snapshot() throws IOException {
    Path unfinished = snapshots.begin("being-taken");
    core.store().checkpoint(unfinished.resolve(SnapshotStore.DATABASE));
    core.journal().linkTo(unfinished.resolve(SnapshotStore.JOURNAL));
    CheckpointPosition at = CheckpointPosition.read(unfinished.resolve(SnapshotStore.DATABASE));
    return snapshots.publish(
        unfinished,
        SnapshotManifest.newBuilder()
            .setName(SnapshotStore.name(at.term(), at.index()))
            .setTerm(at.term())
            .setIndex(at.index())
            .setOffset(at.nextOffset())
            .setClusterId(at.clusterId())
            .setChainHash(core.journal().chainHashAt(at.nextOffset()))
            .setTimeNanos(1)
            .setKeys(core.store().estimatedKeys())
            .build());
  }

  /** The journal of the state now. */
  public JournalLog journal() {
    return core.journal();
  }

  /** All that were taken. */
  public SnapshotStore snapshots() {
    return snapshots;
  }

  /** Where a snapshot is. */
  public Path path(SnapshotManifest manifest) {
    return snapshots.path(manifest);
  }

  private void step() {
    switch (random.nextInt(28)) {
      case 0, 1, 2 -> core.run(Ask.mkdir(path()));
      case 3, 4, 5, 6 -> createFile();
      case 7, 8 -> write();
      case 9, 10 -> core.run(Ask.rename(path(), path()));
      case 11 -> core.run(Ask.unlink(path()));
      case 12 -> core.run(Ask.rmdir(path()));
      case 13 -> core.run(Ask.link(path(), path()));
      case 14 -> core.run(Ask.symlink(path(), "target" + random.nextInt(9)));
      case 15 -> core.run(Ask.truncate(path(), random.nextInt(3 * Ask.MIB)));
      case 16 -> attributes();
      case 17 -> xattr();
      case 18 -> sessions();
      case 19 -> mounts();
      case 20 -> jobs();
      case 21 -> reap(1 + random.nextInt(30));
      case 22 -> seldom();
      case 23 -> quotas();
      case 24 -> core.run(Ask.fifo(path()));
      case 25, 26 -> core.run(Ask.exchange(path(), path()));
      default -> open();
    }
  }

  private void quotas() {
    core.run(
        random.nextInt(3) == 0
            ? Ask.clearQuota(path())
            : Ask.setQuota(path(), 1L << (20 + random.nextInt(10)), 10 + random.nextInt(90)));
  }

  private void createFile() {
    if (random.nextBoolean()) {
      create(path());
    } else if (random.nextInt(3) == 0) {
      core.run(core.written(path(), 1 + random.nextInt(Ask.MIB)).toBuilder());
    } else if (writing.size() < OPEN_FILES_MAX) {
      keep(core.run(Ask.create(path())));
    }
  }

  private void open() {
    core.run(Ask.want(path()));
    keep(core.run(Ask.open(path(), random.nextBoolean())));
  }

  private void keep(Decision decision) {
    if (decision instanceof Decision.Accepted accepted && accepted.result().getWriteVersion() > 0) {
      writing.add(accepted.result());
    }
  }

  private void write() {
    if (!writing.isEmpty()) {
      CommandResult file = writing.get(random.nextInt(writing.size()));
      boolean close = random.nextBoolean();
      core.run(
          Ask.commit(
              file.getInode().getId(), file.getWriteVersion(), random.nextInt(3 * Ask.MIB), close));
      if (close) {
        writing.remove(file);
      }
    }
  }

  private void attributes() {
    SetAttributes.Builder attributes = SetAttributes.newBuilder().setAt(Core.ref(path()));
    if (random.nextBoolean()) {
      attributes.setMode(random.nextInt(0x200));
    } else {
      attributes.setUid(random.nextInt(5)).setMtimeNanos(random.nextInt(1_000));
    }
    core.run(Command.newBuilder().setSetAttributes(attributes));
  }

  private void xattr() {
    ByteString name = ByteString.copyFromUtf8("user." + random.nextInt(3));
    if (random.nextInt(3) > 0) {
      core.run(
          Command.newBuilder()
              .setSetXattr(
                  SetXattr.newBuilder()
                      .setAt(Core.ref(path()))
                      .setName(name)
                      .setValue(ByteString.copyFromUtf8("v" + random.nextInt(100)))));
    } else {
      core.run(
          Command.newBuilder()
              .setRemoveXattr(RemoveXattr.newBuilder().setAt(Core.ref(path())).setName(name)));
    }
  }

  private void sessions() {
    if (sessions.size() < 4 || random.nextBoolean()) {
      long session =
          core.accepted(
                  Command.newBuilder()
                      .setOpenSession(OpenSession.newBuilder().setClientName("another")))
              .getSessionId();
      sessions.add(session);
      // It leaves a result, a progress and perhaps a lease behind.
      core.run(Ask.create(path()).setSessionId(session).setSeq(1).setAckedBelow(1));
      core.run(Ask.want(path()).setSessionId(session).setSeq(2).setAckedBelow(1));
    } else {
      long session = sessions.remove(random.nextInt(sessions.size()));
      core.run(
          Command.newBuilder().setCloseSession(CloseSession.newBuilder().setSessionId(session)));
    }
  }

  private void mounts() {
    String path = "/m" + random.nextInt(2);
    if (random.nextInt(3) == 0) {
      core.run(
          Command.newBuilder()
              .setUnmountUfs(UnmountUfs.newBuilder().setPath(ByteString.copyFromUtf8(path))));
      return;
    }
    Command.Builder mount = Ask.mount(path, "file:///data" + path);
    mount.getMountUfsBuilder().getMountBuilder().putOptions("z", "1").putOptions("a", "2");
    if (core.run(mount) instanceof Decision.Accepted) {
      core.run(
          Ask.reconcile(
              core.at(path).getId(),
              Ask.directory("d"),
              Ask.file("f", "v" + random.nextInt(9), random.nextInt(99))));
    }
  }

  private void jobs() {
    List<Job> jobs = new ArrayList<>();
    core.view().jobs().scan(0, jobs::add);
    if (!jobs.isEmpty()) {
      FinishJob.Builder finish =
          FinishJob.newBuilder()
              .setJobId(jobs.get(random.nextInt(jobs.size())).getId())
              .setSucceeded(random.nextInt(3) > 0)
              .setRetry(random.nextBoolean())
              .setError("no luck")
              .setCode(random.nextInt(3) == 0 ? ErrorCode.UFS_CONFLICT : ErrorCode.UFS_ERROR)
              .setOtherContent(random.nextInt(4) == 0)
              .setUfs(UfsBinding.newBuilder().setVersion("e" + random.nextInt(9)));
      core.run(Command.newBuilder().setFinishJob(finish));
    }
  }

  private void seldom() {
    if (random.nextInt(4) == 0) {
      core.lead();
      return;
    }
    if (random.nextInt(3) == 0) {
      delete(path());
      return;
    }
    if (random.nextInt(3) == 0) {
      place();
      return;
    }
    if (random.nextInt(4) == 0) {
      core.run(
          Command.newBuilder()
              .setSetWorkerLeaving(
                  SetWorkerLeaving.newBuilder()
                      .setWorkerId(1 + random.nextInt(5))
                      .setLeaving(random.nextBoolean())));
      return;
    }
    if (random.nextInt(4) == 0) {
      core.run(
          Command.newBuilder()
              .setForgetWorker(ForgetWorker.newBuilder().setWorkerId(1 + random.nextInt(5))));
      return;
    }
    core.run(
        Command.newBuilder()
            .setRegisterWorker(
                RegisterWorker.newBuilder()
                    .setUuid("worker-" + (workers++ % 5))
                    .setAddress(WorkerAddress.newBuilder().setHost("host" + random.nextInt(3)))));
  }

  /** A replica of some block comes, or one goes. */
  private void place() {
    List<PlaceBlock.Builder> written = new ArrayList<>();
    view()
        .namespace()
        .scanBlocks(
            random.nextInt(200),
            0,
            (inode, index, record) -> {
              written.add(
                  PlaceBlock.newBuilder()
                      .setLengthBytes(record.getLengthBytes())
                      .addAllExpectedWorkerIds(record.getWorkerIdsList())
                      .setBlock(
                          BlockId.newBuilder()
                              .setInode(inode)
                              .setIndex(index)
                              .setVersion(record.getVersion())));
              return false;
            });
    for (PlaceBlock.Builder place : written) {
      int worker = 1 + random.nextInt(5);
      core.run(
          Command.newBuilder()
              .setPlaceBlock(
                  random.nextBoolean()
                      ? place.setAddedWorkerId(worker)
                      : place.addRemovedWorkerIds(worker)));
    }
  }

  private String path() {
    StringBuilder path = new StringBuilder(random.nextInt(8) == 0 ? "/m" + random.nextInt(2) : "");
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append('/').append((char) ('a' + random.nextInt(5)));
    }
    return path.toString();
  }

  @Override
  public void close() throws IOException {
    core.close();
  }
}
