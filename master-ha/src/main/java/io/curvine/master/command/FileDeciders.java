/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.proto.AllocateBlock;
import io.curvine.protocol.proto.AttributesSet;
import io.curvine.protocol.proto.BlockTarget;
import io.curvine.protocol.proto.CommitFile;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileCommitted;
import io.curvine.protocol.proto.FileCreated;
import io.curvine.protocol.proto.FileTruncated;
import io.curvine.protocol.proto.FirstContent;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeOrBuilder;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.LeaseReleased;
import io.curvine.protocol.proto.LeaseWanted;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.OpenForWrite;
import io.curvine.protocol.proto.ReleaseLease;
import io.curvine.protocol.proto.TruncateFile;
import io.curvine.protocol.proto.WantLease;
import io.curvine.protocol.proto.WorkerRecord;
import io.curvine.protocol.proto.WriteLease;
import io.curvine.protocol.proto.WriteOpened;
import java.util.List;

/** Commands on files' content. */
final class FileDeciders {
  private static final long ASK_AGAIN_NANOS = 1_000_000_000L;

  private static final int PARENT_MODE = 0755;

  private FileDeciders() {}

  static void create(CreateFile command, Context context) throws Refused, NeedsUfs {
    Spot spot;
    if (command.getParents()) {
      PathResolver.Gap gap = context.resolver().gap(command.getAt());
      if (gap.missing().isEmpty()) {
        createOver(gap.existing(), command, context);
        return;
      }
      Places.requireWritable(gap.existing().getMountId(), context);
      requireRoom(gap.existing(), gap.missing().size(), command, context);
      int last = gap.missing().size() - 1;
      List<Inode> made =
          NewInodes.makeDirectories(
              gap.existing(), gap.missing().subList(0, last), PARENT_MODE, context);
      Inode parent = made.isEmpty() ? gap.existing() : made.get(made.size() - 1);
      spot = new Spot(parent, gap.missing().get(last), gap.existing(), gap.missing());
    } else {
      PathResolver.Place place = context.resolver().place(command.getAt());
      if (place.inode() != null) {
        createOver(place.inode(), command, context);
        return;
      }
      spot = new Spot(place.parent(), place.name(), place.parent(), List.of(place.name()));
      requireRoom(place.parent(), 1, command, context);
    }
    createNew(spot, command, context);
  }

  /**
   * Where a file is made.
   *
   * @param parent which the state does not have yet where the same command makes it
   * @param existing the nearest directory above that was there before
   * @param below names from that one on
   */
  private record Spot(Inode parent, ByteString name, Inode existing, List<ByteString> below) {
    ByteString ufsPath(Mount mount, Context context) {
      ByteString path = context.mounts().ufsPath(mount, existing);
      for (ByteString next : below) {
        path = NewInodes.below(path, next);
      }
      return path;
    }

    /** Uploads what is made there. */
    void export(Inode file, long version, Context context) {
      Mount mount = context.mounts().exporting(parent.getMountId());
      if (mount != null) {
        Exports.exportTo(ufsPath(mount, context), file.getId(), version, mount, context);
      }
    }
  }

  private static void requireRoom(Inode directory, int made, CreateFile command, Context context)
      throws Refused {
    long bytes = Integer.toUnsignedLong(command.getContent().getLengthBytes());
    Quotas.requireRoom(directory.getId(), bytes, made, context);
  }

  private static void createNew(Spot spot, CreateFile command, Context context) throws Refused {
    Places.requireWritable(spot.parent().getMountId(), context);
    Inode.Builder file = NewInodes.file(spot.parent(), spot.name(), command, context);
    if (command.hasContent()) {
      createWritten(file, spot, command, context);
      return;
    }
    if (command.getComplete()) {
      createComplete(file.build(), spot, context);
      return;
    }
    long writeVersion = file.getVersion();
    file.setLease(
        WriteLease.newBuilder().setSessionId(context.sessionId()).setWriteVersion(writeVersion));
    context.emit(Event.newBuilder().setFileCreated(FileCreated.newBuilder().setInode(file)));
    context.result().setInode(file).setWriteVersion(writeVersion);
    addTargets(command.getFirstBlock().getChosenWorkerIdsList(), file.getReplicas(), context);
  }

  private static void createComplete(Inode file, Spot spot, Context context) {
    context.emit(Event.newBuilder().setFileCreated(FileCreated.newBuilder().setInode(file)));
    context.result().setInode(file);
    spot.export(file, file.getVersion(), context);
  }

  /** A file whose bytes are at workers already; as if it were created, committed and closed. */
  private static void createWritten(
      Inode.Builder file, Spot spot, CreateFile command, Context context) throws Refused {
    FirstContent content = command.getContent();
    List<Integer> chosen = command.getFirstBlock().getChosenWorkerIdsList();
    requireContent(content, file, chosen.size(), context);
    file.setId(content.getInode())
        .setLease(
            WriteLease.newBuilder()
                .setSessionId(context.sessionId())
                .setWriteVersion(InodeNumbers.WRITE_VERSION));
    context.emit(Event.newBuilder().setFileCreated(FileCreated.newBuilder().setInode(file)));
    long version = context.newVersion();
    CommitFile commit =
        CommitFile.newBuilder()
            .setInode(file.getId())
            .setWriteVersion(InodeNumbers.WRITE_VERSION)
            .setLengthBytes(Integer.toUnsignedLong(content.getLengthBytes()))
            .setMtimeNanos(content.getMtimeNanos())
            .addBlocks(
                CommittedBlock.newBuilder()
                    .setLengthBytes(content.getLengthBytes())
                    .addAllWorkerIds(content.getWorkerIdsList()))
            .setClose(true)
            .build();
    context.emit(committed(commit, version, context.nowNanos()));
    context.result().setInode(file);
    spot.export(file.build(), version, context);
    addTargets(chosen, file.getReplicas(), context);
  }

  /**
   * It is of this command, and at as many workers as the file asks for.
   *
   * @param available workers that could be named for a further file now
   */
  private static void requireContent(
      FirstContent content, InodeOrBuilder file, int available, Context context) throws Refused {
    long own = context.inodeOfCommand();
    if (own == InodeNumbers.NONE || content.getInode() != own) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "the content is of inode "
              + content.getInode()
              + "; allowed: "
              + own
              + ", which the command's session and number give");
    }
    long length = Integer.toUnsignedLong(content.getLengthBytes());
    if (length < 1 || length > file.getBlockSizeBytes()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "the content has " + length + " bytes; allowed: 1 to " + file.getBlockSizeBytes());
    }
    int workers = content.getWorkerIdsCount();
    int most = Math.max(1, file.getReplicas());
    int least = Math.max(1, Math.min(most, available));
    if (workers < least || workers > most) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "the content is at " + workers + " workers; allowed: " + least + " to " + most);
    }
  }

  private static void createOver(Inode existing, CreateFile command, Context context)
      throws Refused, NeedsUfs {
    if (command.getExclusive() || command.getComplete() || command.hasContent()) {
      throw new Refused(
          ErrorCode.ALREADY_EXISTS, PathResolver.describe(command.getAt()) + " exists already");
    }
    Inode file =
        existing.getType() == InodeType.SYMLINK
            ? context.resolver().entry(command.getAt(), true)
            : existing;
    openForWrite(file, PathResolver.describe(command.getAt()), true, context);
    addTargets(command.getFirstBlock().getChosenWorkerIdsList(), file.getReplicas(), context);
  }

  static void open(OpenForWrite command, Context context) throws Refused, NeedsUfs {
    Inode file = context.resolver().entry(command.getAt(), true);
    openForWrite(file, PathResolver.describe(command.getAt()), command.getTruncate(), context);
  }

  private static void openForWrite(Inode file, String what, boolean truncate, Context context)
      throws Refused {
    Places.requireFile(file, what);
    Places.requireWritable(file.getMountId(), context);
    if (file.hasLease()) {
      throw busy(what);
    }
    long version = context.newVersion();
    context.emit(
        Event.newBuilder()
            .setWriteOpened(
                WriteOpened.newBuilder()
                    .setInode(file.getId())
                    .setSessionId(context.sessionId())
                    .setWriteVersion(version)
                    .setTruncated(truncate)
                    .setVersion(truncate ? version : file.getVersion())));
    context.result().setInode(file).setWriteVersion(version);
  }

  private static Refused busy(String what) {
    return new Refused(ErrorCode.FILE_BUSY, what + " is open for writing; allowed: one writer");
  }

  static void allocate(AllocateBlock command, Context context) throws Refused {
    Inode file = leased(command.getInode(), command.getWriteVersion(), context);
    requireIndex(command.getIndex());
    // What is written for nothing had better not be written.
    Quotas.requireLength(file, (long) command.getIndex() * file.getBlockSizeBytes() + 1, context);
    if (command.getChosenWorkerIdsCount() == 0) {
      throw new Refused(
          ErrorCode.NO_SPACE,
          "no worker can take block " + command.getIndex() + " of inode " + file.getId());
    }
    addTargets(command.getChosenWorkerIdsList(), file.getReplicas(), context);
  }

  private static void addTargets(List<Integer> chosen, int replicas, Context context) {
    for (int id : chosen) {
      WorkerRecord worker = context.workers().find(id);
      if (worker != null && context.result().getTargetsCount() < Math.max(1, replicas)) {
        context
            .result()
            .addTargets(BlockTarget.newBuilder().setWorkerId(id).setAddress(worker.getAddress()));
      }
    }
  }

  static void commit(CommitFile command, Context context) throws Refused {
    Inode file = leased(command.getInode(), command.getWriteVersion(), context);
    requireBlocks(command, file);
    Quotas.requireLength(file, command.getLengthBytes(), context);
    boolean changed =
        command.getBlocksCount() > 0 || command.getLengthBytes() != file.getLengthBytes();
    long version = changed ? context.newVersion() : file.getVersion();
    long mtime = changed ? context.nowNanos() : file.getMtimeNanos();
    Event.Builder event = committed(command, version, mtime);
    boolean leavesTimes = !changed && command.getMtimeNanos() == 0;
    if (leavesTimes || command.getCtimeNanos() != 0) {
      // What its writer's mount showed before the publication stays.
      long ctime = Math.max(file.getCtimeNanos(), command.getCtimeNanos());
      event.getFileCommittedBuilder().setCtimeNanos(ctime);
    }
    context.emit(event);
    context.result().setInode(file);
    if (command.getClose() && file.getExportedVersion() < version) {
      Exports.export(file, version, context);
    }
  }

  /**
   * The event of a commit.
   *
   * @param otherwiseMtimeNanos where the commit does not say
   */
  private static Event.Builder committed(
      CommitFile commit, long version, long otherwiseMtimeNanos) {
    long mtime = commit.getMtimeNanos() != 0 ? commit.getMtimeNanos() : otherwiseMtimeNanos;
    return Event.newBuilder()
        .setFileCommitted(
            FileCommitted.newBuilder()
                .setInode(commit.getInode())
                .setVersion(version)
                .setLengthBytes(commit.getLengthBytes())
                .setMtimeNanos(mtime)
                .setWriteVersion(commit.getWriteVersion())
                .addAllBlocks(commit.getBlocksList())
                .setClosed(commit.getClose()));
  }

  private static void requireBlocks(CommitFile command, Inode file) throws Refused {
    if (command.getLengthBytes() < file.getLengthBytes()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "length is "
              + command.getLengthBytes()
              + "; allowed: from "
              + file.getLengthBytes()
              + ", what is published; TruncateFile cuts");
    }
    for (CommittedBlock block : command.getBlocksList()) {
      requireIndex(block.getIndex());
      long end =
          (long) block.getIndex() * file.getBlockSizeBytes()
              + Integer.toUnsignedLong(block.getLengthBytes());
      if (Integer.toUnsignedLong(block.getLengthBytes()) > file.getBlockSizeBytes()
          || end > command.getLengthBytes()) {
        throw new Refused(
            ErrorCode.INVALID_ARGUMENT,
            "block "
                + block.getIndex()
                + " has "
                + block.getLengthBytes()
                + " bytes; allowed: up to the block size and the length");
      }
    }
  }

  static void release(ReleaseLease command, Context context) throws Refused {
    Inode file = leased(command.getInode(), command.getWriteVersion(), context);
    context.emit(
        Event.newBuilder().setLeaseReleased(LeaseReleased.newBuilder().setInode(file.getId())));
    context.result().setInode(file);
    Exports.exportIfNewer(file, context);
  }

  /** A holder is asked once a second at most, again as it may not have had the file yet. */
  static void want(WantLease command, Context context) throws Refused, NeedsUfs {
    Inode file = context.resolver().entry(command.getAt(), true);
    Places.requireFile(file, PathResolver.describe(command.getAt()));
    WriteLease lease = file.getLease();
    boolean others = file.hasLease() && lease.getSessionId() != context.sessionId();
    long asked = lease.getWantedNanos();
    if (others && (asked == 0 || context.nowNanos() - asked > ASK_AGAIN_NANOS)) {
      context.emit(
          Event.newBuilder().setLeaseWanted(LeaseWanted.newBuilder().setInode(file.getId())));
    }
    context.result().setInode(file);
  }

  static void truncate(TruncateFile command, Context context) throws Refused, NeedsUfs {
    Inode file = context.resolver().entry(command.getAt(), true);
    String what = PathResolver.describe(command.getAt());
    Places.requireFile(file, what);
    Places.requireWritable(file.getMountId(), context);
    if (file.hasLease() && file.getLease().getSessionId() != context.sessionId()) {
      throw busy(what);
    }
    long max = (long) file.getBlockSizeBytes() * Integer.MAX_VALUE;
    if (command.getLengthBytes() < 0 || command.getLengthBytes() > max) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "length is "
              + Long.toUnsignedString(command.getLengthBytes())
              + "; allowed: 0 to "
              + max);
    }
    context.result().setInode(file);
    if (command.getLengthBytes() == file.getLengthBytes()) {
      // To POSIX it is a change like any other.
      context.emit(
          Event.newBuilder()
              .setAttributesSet(
                  AttributesSet.newBuilder()
                      .setInode(file.getId())
                      .setMtimeNanos(context.nowNanos())));
      return;
    }
    Quotas.requireLength(file, command.getLengthBytes(), context);
    long version = context.newVersion();
    context.emit(
        Event.newBuilder()
            .setFileTruncated(
                FileTruncated.newBuilder()
                    .setInode(file.getId())
                    .setLengthBytes(command.getLengthBytes())
                    .setVersion(version)));
    if (!file.hasLease()) {
      Exports.export(file, version, context);
    }
  }

  private static Inode leased(long id, long writeVersion, Context context) throws Refused {
    Inode file = context.namespace().find(id);
    if (file == null || !NamespaceView.isFile(file)) {
      throw new Refused(ErrorCode.NOT_FOUND, "no file with inode " + id);
    }
    if (!file.hasLease()
        || file.getLease().getSessionId() != context.sessionId()
        || file.getLease().getWriteVersion() != writeVersion) {
      throw new Refused(
          ErrorCode.LEASE_LOST, "inode " + id + " is not written under version " + writeVersion);
    }
    return file;
  }

  private static void requireIndex(int index) throws Refused {
    if (index < 0) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "block index is "
              + Integer.toUnsignedString(index)
              + "; allowed: up to "
              + Integer.MAX_VALUE);
    }
  }
}
