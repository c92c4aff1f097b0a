/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.PathResolver.Place;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.RenameEntry;

/** Moves a name, with POSIX's rules on what may replace what. */
final class RenameDecider {
  private RenameDecider() {}

  static void rename(RenameEntry command, Context context) throws Refused, NeedsUfs {
    Place from = context.resolver().place(command.getFrom());
    if (from.inode() == null) {
      throw new Refused(
          ErrorCode.NOT_FOUND,
          PathResolver.describe(command.getFrom()) + ": no such file or directory");
    }
    Place to = context.resolver().place(command.getTo());
    if (to.inode() != null && command.getNoReplace()) {
      Places.requireFree(to);
    }
    context.result().setInode(from.inode());
    if (to.inode() != null && to.inode().getId() == from.inode().getId()) {
      return; // Two names of one file, or one name: POSIX leaves both.
    }
    requireOneMount(from, to, context);
    if (NamespaceView.isDirectory(from.inode())) {
      requireOutside(from.inode(), to.parent(), context);
    }
    if (to.inode() != null) {
      requireReplaceable(from.inode(), to.inode(), context);
      if (Trash.takes(to, context)) {
        to = new Place(to.parent(), to.name(), null);
      }
    }
    emit(from, to, context);
  }

  static void requireOneMount(Place from, Place to, Context context) throws Refused {
    Places.requireNotMountPoint(from.inode(), context);
    if (to.inode() != null) {
      Places.requireNotMountPoint(to.inode(), context);
    }
    if (from.parent().getMountId() != to.parent().getMountId()) {
      throw new Refused(ErrorCode.CROSS_MOUNT, "a rename cannot lead to another mount");
    }
    Places.requireWritable(from.parent().getMountId(), context);
  }

  static void requireOutside(Inode moved, Inode target, Context context) throws Refused {
    if (context.namespace().isAtOrAbove(moved.getId(), target.getId())) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, "a directory cannot be moved into itself or below itself");
    }
    DeleteDeciders.requireNoMountBelow(moved, context);
  }

  private static void requireReplaceable(Inode moved, Inode replaced, Context context)
      throws Refused, NeedsUfs {
    String name = "'" + replaced.getName().toStringUtf8() + "'";
    if (!NamespaceView.isDirectory(replaced)) {
      if (NamespaceView.isDirectory(moved)) {
        throw new Refused(
            ErrorCode.NOT_A_DIRECTORY, name + " is not a directory; a directory cannot replace it");
      }
      return;
    }
    if (!NamespaceView.isDirectory(moved)) {
      throw new Refused(
          ErrorCode.IS_A_DIRECTORY, name + " is a directory; only a directory can replace it");
    }
    DeleteDeciders.requireEmpty(replaced, context);
  }

  private static void emit(Place from, Place to, Context context) throws Refused {
    Inode moved = from.inode();
    EntryRenamed.Builder renamed =
        EntryRenamed.newBuilder()
            .setInode(moved.getId())
            .setFromParent(from.parent().getId())
            .setFromName(from.name())
            .setToParent(to.parent().getId())
            .setToName(to.name())
            .setReplacedInode(to.inode() == null ? 0 : to.inode().getId());
    Quotas.move(moved, to.inode(), renamed, context);
    NamespaceView.Name heir = to.inode() == null ? null : Exports.heir(to, context);
    context.emit(Event.newBuilder().setEntryRenamed(renamed.setReplacedMoves(heir != null)));
    Mount mount = context.mounts().exporting(moved.getMountId());
    if (mount == null) {
      return;
    }
    ByteString source = context.mounts().ufsPath(mount, from.parent(), from.name());
    ByteString target = context.mounts().ufsPath(mount, to.parent(), to.name());
    if (heir != null) {
      Exports.moveToHeir(mount, target, to.inode(), heir, context);
      to = new Place(to.parent(), to.name(), null);
    }
    if (NamespaceView.isDirectory(moved) || Exports.reachesUfs(mount, from, source, context)) {
      Job.Builder job =
          Job.newBuilder()
              .setKind(JobKind.UFS_RENAME)
              .setInode(moved.getId())
              .setUfsPath(source)
              .setUfsTargetPath(target);
      if (!NamespaceView.isDirectory(moved)) {
        Exports.expect(to, job, context);
      }
      context.emitJob(mount, job);
    } else if (to.inode() != null && !NamespaceView.isSpecial(to.inode())) {
      Exports.delete(mount, target, false, to, context);
    }
  }
}
