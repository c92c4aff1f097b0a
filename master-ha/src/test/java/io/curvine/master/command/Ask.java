/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.ClearQuota;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommitFile;
import io.curvine.protocol.proto.CommitGroupOffsets;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.ConsumerGroup;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.CreateHardLink;
import io.curvine.protocol.proto.CreateSymlink;
import io.curvine.protocol.proto.DeleteEntry;
import io.curvine.protocol.proto.DeleteGroupOffsets;
import io.curvine.protocol.proto.ExchangeEntries;
import io.curvine.protocol.proto.GroupMember;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.MakeSpecial;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.OpenForWrite;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.RenameEntry;
import io.curvine.protocol.proto.SaveGroup;
import io.curvine.protocol.proto.SetPolicy;
import io.curvine.protocol.proto.SetQuota;
import io.curvine.protocol.proto.TruncateFile;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.protocol.proto.WantLease;

/** Commands as tests write them. */
final class Ask {
  static final int MIB = 1 << 20;

  private Ask() {}

  static Command.Builder mkdir(String path) {
    return Command.newBuilder()
        .setMakeDirectory(MakeDirectory.newBuilder().setAt(Core.ref(path)).setMode(0755));
  }

  static Command.Builder mkdirs(String path) {
    Command.Builder command = mkdir(path);
    command.getMakeDirectoryBuilder().setParents(true);
    return command;
  }

  static Command.Builder create(String path) {
    return Command.newBuilder()
        .setCreateFile(
            CreateFile.newBuilder()
                .setAt(Core.ref(path))
                .setMode(0644)
                .setExclusive(true)
                .setBlockSizeBytes(MIB));
  }

  static Command.Builder open(String path, boolean truncate) {
    return Command.newBuilder()
        .setOpenForWrite(OpenForWrite.newBuilder().setAt(Core.ref(path)).setTruncate(truncate));
  }

  static Command.Builder want(String path) {
    return Command.newBuilder().setWantLease(WantLease.newBuilder().setAt(Core.ref(path)));
  }

  static Command.Builder commit(long inode, long writeVersion, long length, boolean close) {
    CommitFile.Builder commit =
        CommitFile.newBuilder()
            .setInode(inode)
            .setWriteVersion(writeVersion)
            .setLengthBytes(length)
            .setClose(close);
    for (int index = 0; (long) index * MIB < length; index++) {
      commit.addBlocks(
          CommittedBlock.newBuilder()
              .setIndex(index)
              .setLengthBytes((int) Math.min(MIB, length - (long) index * MIB))
              .addWorkerIds(1));
    }
    return Command.newBuilder().setCommitFile(commit);
  }

  static Command.Builder rename(String from, String to) {
    return Command.newBuilder()
        .setRenameEntry(RenameEntry.newBuilder().setFrom(Core.ref(from)).setTo(Core.ref(to)));
  }

  static Command.Builder unlink(String path) {
    return Command.newBuilder()
        .setDeleteEntry(DeleteEntry.newBuilder().setAt(Core.ref(path)).setMustBe(InodeType.FILE));
  }

  static Command.Builder rmdir(String path) {
    return Command.newBuilder()
        .setDeleteEntry(
            DeleteEntry.newBuilder().setAt(Core.ref(path)).setMustBe(InodeType.DIRECTORY));
  }

  static Command.Builder deleteTree(String path) {
    return Command.newBuilder()
        .setDeleteEntry(DeleteEntry.newBuilder().setAt(Core.ref(path)).setRecursive(true));
  }

  static Command.Builder link(String existing, String path) {
    return Command.newBuilder()
        .setCreateHardLink(
            CreateHardLink.newBuilder().setExisting(Core.ref(existing)).setAt(Core.ref(path)));
  }

  static Command.Builder symlink(String path, String target) {
    return Command.newBuilder()
        .setCreateSymlink(
            CreateSymlink.newBuilder()
                .setAt(Core.ref(path))
                .setTarget(ByteString.copyFromUtf8(target)));
  }

  static Command.Builder fifo(String path) {
    return special(path, SpecialType.FIFO, 0);
  }

  static Command.Builder special(String path, SpecialType type, int device) {
    return Command.newBuilder()
        .setMakeSpecial(
            MakeSpecial.newBuilder()
                .setAt(Core.ref(path))
                .setMode(0640)
                .setSpecialType(type.bits())
                .setDevice(device));
  }

  static Command.Builder exchange(String first, String second) {
    return Command.newBuilder()
        .setExchangeEntries(
            ExchangeEntries.newBuilder().setFirst(Core.ref(first)).setSecond(Core.ref(second)));
  }

  static Command.Builder truncate(String path, long length) {
    return Command.newBuilder()
        .setTruncateFile(TruncateFile.newBuilder().setAt(Core.ref(path)).setLengthBytes(length));
  }

  /** A quota; 0: without that limit. */
  static Command.Builder setQuota(String path, long bytes, long inodes) {
    return Command.newBuilder()
        .setSetQuota(
            SetQuota.newBuilder().setAt(Core.ref(path)).setMaxBytes(bytes).setMaxInodes(inodes));
  }

  static Command.Builder clearQuota(String path) {
    return Command.newBuilder().setClearQuota(ClearQuota.newBuilder().setAt(Core.ref(path)));
  }

  /** What an entry says itself, besides what it says already. */
  static Command.Builder policy(String path, Policy policy) {
    return Command.newBuilder()
        .setSetPolicy(
            SetPolicy.newBuilder()
                .setAt(Core.ref(path))
                .setChange(PolicyChange.newBuilder().setSet(policy)));
  }

  static Command.Builder mount(String path, String uri) {
    return Command.newBuilder()
        .setMountUfs(
            MountUfs.newBuilder()
                .setMount(Mount.newBuilder().setPath(path).setUri(uri).setBlockSizeBytes(MIB))
                .setChecked(UfsBinding.getDefaultInstance()));
  }

  static Command.Builder reconcile(long directory, UfsEntry... entries) {
    return Command.newBuilder()
        .setReconcileDirectory(
            ReconcileDirectory.newBuilder()
                .setDirectory(directory)
                .addAllEntries(java.util.List.of(entries))
                .setComplete(true));
  }

  static UfsEntry file(String name, String version, long length) {
    return UfsEntry.newBuilder()
        .setName(ByteString.copyFromUtf8(name))
        .setType(InodeType.FILE)
        .setUfs(UfsBinding.newBuilder().setVersion(version).setLengthBytes(length).setMtimeNanos(7))
        .build();
  }

  static UfsEntry directory(String name) {
    return UfsEntry.newBuilder()
        .setName(ByteString.copyFromUtf8(name))
        .setType(InodeType.DIRECTORY)
        .setUfs(UfsBinding.getDefaultInstance())
        .build();
  }

  static SaveGroup saveGroup(String group, int generation, int members) {
    ConsumerGroup.Builder saved =
        ConsumerGroup.newBuilder().setName(group).setGeneration(generation);
    for (int i = 0; i < members; i++) {
      saved.addMembers(GroupMember.newBuilder().setId("member " + i));
    }
    return SaveGroup.newBuilder().setGroup(saved).build();
  }

  static CommitGroupOffsets commitGroupOffset(String group, int generation, long offset) {
    return CommitGroupOffsets.newBuilder()
        .setGroup(group)
        .setGeneration(generation)
        .addOffsets(GroupOffset.newBuilder().setTopic("t").setOffset(offset))
        .build();
  }

  static DeleteGroupOffsets deleteGroupOffset(String group) {
    return DeleteGroupOffsets.newBuilder()
        .setGroup(group)
        .addPartitions(GroupPartition.newBuilder().setTopic("t"))
        .build();
  }
}
