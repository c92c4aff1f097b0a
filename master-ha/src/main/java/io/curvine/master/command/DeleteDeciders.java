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
import io.curvine.protocol.proto.DeleteEntry;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Mount;
import java.util.List;
import java.util.Optional;

/** Takes names away; what lay below a directory is reaped afterwards, see {@link ReapDecider}. */
final class DeleteDeciders {
  private DeleteDeciders() {}

  static void delete(DeleteEntry command, Context context) throws Refused, NeedsUfs {
    Place place = context.resolver().place(command.getAt());
    Inode inode = place.inode();
    if (inode == null) {
      throw new Refused(
          ErrorCode.NOT_FOUND,
          PathResolver.describe(command.getAt()) + ": no such file or directory");
    }
    requireType(inode, command);
    Places.requireNotMountPoint(inode, context);
    Places.requireWritable(place.parent().getMountId(), context);
    boolean tree = NamespaceView.isDirectory(inode) && command.getRecursive();
    if (tree) {
      requireNoMountBelow(inode, context);
    } else if (NamespaceView.isDirectory(inode)) {
      requireEmpty(inode, context);
    }
    if (command.getSkipTrash() || !Trash.takes(place, context)) {
      remove(place, tree, context);
    }
    context.result().clearInode();
  }

  /** Takes a name away, and has the UFS lose what it has there. */
  static void remove(Place place, boolean tree, Context context) {
    Inode inode = place.inode();
    Event.Builder deleted = deleted(place, tree, false);
    NamespaceView.Name heir = Exports.heir(place, context);
    deleted.getEntryDeletedBuilder().setObjectMoves(heir != null);
    if (tree) {
      Quotas.countDeleted(deleted.getEntryDeletedBuilder(), context);
    }
    context.emit(deleted);
    Mount mount = context.mounts().exporting(inode.getMountId());
    if (mount == null) {
      return;
    }
    ByteString path = context.mounts().ufsPath(mount, place.parent(), place.name());
    if (heir != null) {
      Exports.moveToHeir(mount, path, inode, heir, context);
    } else if (NamespaceView.isDirectory(inode)
        || Exports.reachesUfs(mount, place, path, context)) {
      Exports.delete(mount, path, tree, place, context);
    }
  }

  static Event.Builder deleted(Place place, boolean subtree, boolean byUfs) {
    return Event.newBuilder()
        .setEntryDeleted(
            EntryDeleted.newBuilder()
                .setInode(place.inode().getId())
                .setParent(place.parent().getId())
                .setName(place.name())
                .setSubtree(subtree)
                .setByUfs(byUfs));
  }

  private static void requireType(Inode inode, DeleteEntry command) throws Refused {
    boolean directory = NamespaceView.isDirectory(inode);
    if (command.getMustBe() == InodeType.DIRECTORY && !directory) {
      throw new Refused(
          ErrorCode.NOT_A_DIRECTORY, PathResolver.describe(command.getAt()) + ": not a directory");
    }
    if (command.getMustBe() == InodeType.FILE && directory) {
      throw new Refused(
          ErrorCode.IS_A_DIRECTORY, PathResolver.describe(command.getAt()) + ": is a directory");
    }
  }

  static void requireEmpty(Inode directory, Context context) throws Refused, NeedsUfs {
    if (context.namespace().hasChildren(directory.getId())) {
      throw new Refused(
          ErrorCode.NOT_EMPTY,
          "directory '" + directory.getName().toStringUtf8() + "' is not empty");
    }
    if (context.mounts().namesMissing(directory)) {
      throw new NeedsUfs(List.of(directory.getId()));
    }
  }

  /** A mount that is at or below a directory. */
  static Optional<Mount> mountBelow(Inode directory, Context context) {
    return context.mounts().all().stream()
        .filter(mount -> context.namespace().isAtOrAbove(directory.getId(), mount.getRootInode()))
        .findFirst();
  }

  static void requireNoMountBelow(Inode directory, Context context) throws Refused {
    Optional<Mount> mount = mountBelow(directory, context);
    if (mount.isPresent()) {
      throw new Refused(
          ErrorCode.MOUNT_CONFLICT,
          "below it is the mount " + mount.get().getPath() + "; unmount first");
    }
  }
}
