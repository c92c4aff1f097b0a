/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.SpecialType;
import io.curvine.protocol.proto.CreateHardLink;
import io.curvine.protocol.proto.CreateSymlink;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.HardLinkMade;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.MakeSpecial;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.SpecialMade;
import io.curvine.protocol.proto.SymlinkMade;
import java.util.List;
import java.util.Optional;

/** Commands that make names other than those of files. */
final class EntryDeciders {
  private static final int SYMLINK_MODE = 0777;

  private EntryDeciders() {}

  static void makeDirectory(MakeDirectory command, Context context) throws Refused, NeedsUfs {
    if (command.getParents()) {
      makeWithParents(command, context);
      return;
    }
    PathResolver.Place place = context.resolver().place(command.getAt());
    Places.requireFree(place);
    Places.requireWritable(place.parent().getMountId(), context);
    Quotas.requireRoom(place.parent().getId(), 0, 1, context);
    List<Inode> made =
        NewInodes.makeDirectories(
            place.parent(), List.of(place.name()), command.getMode(), context);
    context.result().setInode(made.get(0));
  }

  private static void makeWithParents(MakeDirectory command, Context context)
      throws Refused, NeedsUfs {
    PathResolver.Gap gap = context.resolver().gap(command.getAt());
    if (!NamespaceView.isDirectory(gap.existing())) {
      throw new Refused(
          ErrorCode.ALREADY_EXISTS,
          PathResolver.describe(command.getAt()) + " exists and is not a directory");
    }
    if (gap.missing().isEmpty()) {
      context.result().setInode(gap.existing());
      return;
    }
    Places.requireWritable(gap.existing().getMountId(), context);
    Quotas.requireRoom(gap.existing().getId(), 0, gap.missing().size(), context);
    List<Inode> made =
        NewInodes.makeDirectories(gap.existing(), gap.missing(), command.getMode(), context);
    context.result().setInode(made.get(made.size() - 1));
  }

  static void symlink(CreateSymlink command, Context context) throws Refused, NeedsUfs {
    int length = command.getTarget().size();
    if (length < 1 || length > Limits.SYMLINK_TARGET_MAX_BYTES) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "target has " + length + " bytes; allowed: 1 to " + Limits.SYMLINK_TARGET_MAX_BYTES);
    }
    PathResolver.Place place = context.resolver().place(command.getAt());
    Places.requireFree(place);
    Places.requireWritable(place.parent().getMountId(), context);
    Quotas.requireRoom(place.parent().getId(), 0, 1, context);
    Inode symlink =
        NewInodes.in(place.parent(), place.name(), SYMLINK_MODE, context)
            .setType(InodeType.SYMLINK)
            .setSymlinkTarget(command.getTarget())
            .setLengthBytes(length)
            .build();
    context.emit(Event.newBuilder().setSymlinkMade(SymlinkMade.newBuilder().setInode(symlink)));
    context.result().setInode(symlink);
    Mount mount = context.mounts().exporting(symlink.getMountId());
    if (mount != null) {
      context.emitJob(
          mount,
          Job.newBuilder()
              .setKind(JobKind.UFS_SYMLINK)
              .setInode(symlink.getId())
              .setUfsPath(context.mounts().ufsPath(mount, place.parent(), place.name()))
              .setSymlinkTarget(command.getTarget()));
    }
  }

  /** Makes a name that kernels know what to do with; a UFS hears nothing of it (ADR 047). */
  static void special(MakeSpecial command, Context context) throws Refused, NeedsUfs {
    requireType(command, context);
    PathResolver.Place place = context.resolver().place(command.getAt());
    Places.requireFree(place);
    Places.requireWritable(place.parent().getMountId(), context);
    Quotas.requireRoom(place.parent().getId(), 0, 1, context);
    Inode special =
        NewInodes.in(place.parent(), place.name(), command.getMode(), context)
            .setType(InodeType.SPECIAL)
            .setSpecialType(command.getSpecialType())
            .setDevice(command.getDevice())
            .build();
    context.emit(Event.newBuilder().setSpecialMade(SpecialMade.newBuilder().setInode(special)));
    context.result().setInode(special);
  }

  private static void requireType(MakeSpecial command, Context context) throws Refused {
    Optional<SpecialType> type = SpecialType.of(command.getSpecialType());
    if (type.isEmpty()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "special_type is 0"
              + Integer.toOctalString(command.getSpecialType())
              + "; allowed: 010000, a fifo, 020000, a character device, 060000, a block device, and"
              + " 0140000, a socket");
    }
    boolean device = type.get().isDevice();
    if (!device && command.getDevice() != 0) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "device is "
              + Integer.toUnsignedString(command.getDevice())
              + "; allowed for a "
              + type.get().text()
              + ": 0");
    }
    if (device && context.principal().getUid() != 0) {
      throw new Refused(
          ErrorCode.PERMISSION_DENIED,
          "the user is " + context.principal().getUid() + "; allowed to make a device: 0");
    }
  }

  static void hardLink(CreateHardLink command, Context context) throws Refused, NeedsUfs {
    Inode inode = context.resolver().entry(command.getExisting(), false);
    PathResolver.Place place = context.resolver().place(command.getAt());
    Places.requireFree(place);
    if (NamespaceView.isDirectory(inode)) {
      throw new Refused(ErrorCode.IS_A_DIRECTORY, "a directory cannot have a second name");
    }
    if (inode.getMountId() != place.parent().getMountId()) {
      throw new Refused(ErrorCode.CROSS_MOUNT, "a hard link cannot lead to another mount");
    }
    if (inode.getNlink() >= Limits.LINK_MAX) {
      throw new Refused(
          ErrorCode.TOO_MANY_LINKS, "the file has " + inode.getNlink() + " names; no more allowed");
    }
    Places.requireWritable(inode.getMountId(), context);
    context.emit(
        Event.newBuilder()
            .setHardLinkMade(
                HardLinkMade.newBuilder()
                    .setInode(inode.getId())
                    .setParent(place.parent().getId())
                    .setName(place.name())));
    context.result().setInode(inode);
    Mount mount = context.mounts().exporting(inode.getMountId());
    if (mount != null && NamespaceView.isFile(inode) && !inode.hasLease()) {
      // A UFS has no second names: it gets a second object.
      Exports.exportTo(
          context.mounts().ufsPath(mount, place.parent(), place.name()),
          inode.getId(),
          inode.getVersion(),
          mount,
          context);
    }
  }
}
