/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.DirectoryMade;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import java.util.ArrayList;
import java.util.List;

/** Makes inodes as a caller asked for them. */
final class NewInodes {
  private static final int SETGID = 02000;

  private NewInodes() {}

  /** Owner from the caller; a set-group-id directory hands its group on. */
  static Inode.Builder in(Inode parent, ByteString name, int mode, Context context) throws Refused {
    boolean inheritsGroup = (parent.getMode() & SETGID) != 0;
    return Inode.newBuilder()
        .setId(context.newInode())
        .setParent(parent.getId())
        .setName(name)
        .setMode(Places.requireMode(mode))
        .setUid(context.principal().getUid())
        .setGid(inheritsGroup ? parent.getGid() : context.principal().getGid())
        .setNlink(1)
        .setMountId(parent.getMountId())
        .setAtimeNanos(context.nowNanos())
        .setMtimeNanos(context.nowNanos())
        .setCtimeNanos(context.nowNanos());
  }

  static Inode.Builder directory(Inode parent, ByteString name, int mode, Context context)
      throws Refused {
    Inode.Builder directory =
        in(parent, name, mode, context).setType(InodeType.DIRECTORY).setNlink(2);
    // Nothing can be in the UFS below a directory that was not there.
    Mount mount = context.mounts().find(parent.getMountId());
    directory.setNamesLoaded(mount != null && mount.getMode() == MountMode.CACHE);
    return (parent.getMode() & SETGID) != 0
        ? directory.setMode(directory.getMode() | SETGID)
        : directory;
  }

  static Inode.Builder file(Inode parent, ByteString name, CreateFile wish, Context context)
      throws Refused {
    Mount mount = context.mounts().find(parent.getMountId());
    int blockSize =
        firstSet(
            wish.getBlockSizeBytes(),
            mount == null ? 0 : mount.getBlockSizeBytes(),
            Limits.BLOCK_SIZE_DEFAULT_BYTES);
    int replicas =
        firstSet(
            wish.getReplicas(), mount == null ? 0 : mount.getReplicas(), Limits.REPLICAS_DEFAULT);
    requireSizes(blockSize, replicas);
    long version = context.newVersion();
    return in(parent, name, wish.getMode(), context)
        .setType(InodeType.FILE)
        .setBlockSizeBytes(blockSize)
        .setReplicas(replicas)
        .setVersion(version)
        .setBaseVersion(version);
  }

  static void requireSizes(int blockSize, int replicas) throws Refused {
    if (blockSize < Limits.BLOCK_SIZE_MIN_BYTES
        || blockSize > Limits.BLOCK_SIZE_MAX_BYTES
        || blockSize % Limits.PAGE_SIZE_BYTES != 0) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "block size is " + blockSize + "; allowed: a multiple of 1 MiB from 1 MiB to 1 GiB");
    }
    if (replicas < 1 || replicas > Limits.REPLICAS_MAX) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "replicas is " + replicas + "; allowed: 1 to " + Limits.REPLICAS_MAX);
    }
  }

  private static int firstSet(int... values) {
    for (int value : values) {
      if (value != 0) {
        return value;
      }
    }
    return 0;
  }

  /** Makes the directories one below the other, in the UFS too; gives them from the top. */
  static List<Inode> makeDirectories(Inode top, List<ByteString> names, int mode, Context context)
      throws Refused {
    List<Inode> made = new ArrayList<>();
    Mount mount = context.mounts().exporting(top.getMountId());
    ByteString path = mount == null ? null : context.mounts().ufsPath(mount, top);
    Inode parent = top;
    for (ByteString name : names) {
      Inode directory = directory(parent, name, mode, context).build();
      context.emit(
          Event.newBuilder().setDirectoryMade(DirectoryMade.newBuilder().setInode(directory)));
      if (mount != null) {
        path = below(path, name);
        context.emitJob(
            mount,
            Job.newBuilder()
                .setKind(JobKind.UFS_MAKE_DIRECTORY)
                .setInode(directory.getId())
                .setUfsPath(path));
      }
      made.add(directory);
      parent = directory;
    }
    return made;
  }

  /** The path at a UFS of a name in a directory. */
  static ByteString below(ByteString path, ByteString name) {
    return path.isEmpty() ? name : path.concat(ByteString.copyFromUtf8("/")).concat(name);
  }
}
