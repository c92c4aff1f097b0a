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
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.ExchangeEntries;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;

/**
 * Gives each of two names what the other one has. In events it is three renames by way of a name
 * beside the first one that nothing has; no state that anybody reads has that name, since a
 * command's events take effect together. A UFS gets three renames too (ADR 047).
 */
final class ExchangeDecider {
  private final Place first;
  private final Place second;
  private final ByteString meanwhile;
  private final Context context;

  private ExchangeDecider(Place first, Place second, Context context) {
    this.first = first;
    this.second = second;
    this.context = context;
    this.meanwhile = freeName(first.parent(), context);
  }

  static void exchange(ExchangeEntries command, Context context) throws Refused, NeedsUfs {
    Place first = existing(command.getFirst(), context);
    Place second = existing(command.getSecond(), context);
    context.result().setInode(first.inode());
    if (first.inode().getId() == second.inode().getId()) {
      return; // Two names of one file, or one name: nothing would be another.
    }
    RenameDecider.requireOneMount(first, second, context);
    requireMovable(first, second, context);
    requireMovable(second, first, context);
    new ExchangeDecider(first, second, context).emit();
  }

  private static Place existing(EntryRef at, Context context) throws Refused, NeedsUfs {
    Place place = context.resolver().place(at);
    if (place.inode() == null) {
      throw new Refused(
          ErrorCode.NOT_FOUND, PathResolver.describe(at) + ": no such file or directory");
    }
    return place;
  }

  private static void requireMovable(Place moved, Place to, Context context) throws Refused {
    if (NamespaceView.isDirectory(moved.inode())) {
      RenameDecider.requireOutside(moved.inode(), to.parent(), context);
    }
  }

  private static ByteString freeName(Inode directory, Context context) {
    String name = ".exchange-" + context.nextOffset();
    ByteString free = ByteString.copyFromUtf8(name);
    for (int i = 1; context.namespace().childId(directory.getId(), free) != 0; i++) {
      free = ByteString.copyFromUtf8(name + "-" + i);
    }
    return free;
  }

  private void emit() throws Refused {
    EntryRenamed.Builder away =
        renamed(first.inode(), first.parent(), first.name(), first.parent(), meanwhile);
    EntryRenamed.Builder here =
        renamed(second.inode(), second.parent(), second.name(), first.parent(), first.name());
    EntryRenamed.Builder there =
        renamed(first.inode(), first.parent(), meanwhile, second.parent(), second.name());
    Quotas.exchange(first, second, there, here, context);
    context.emit(Event.newBuilder().setEntryRenamed(away));
    context.emit(Event.newBuilder().setEntryRenamed(here));
    context.emit(Event.newBuilder().setEntryRenamed(there));
    Mount mount = context.mounts().exporting(first.inode().getMountId());
    if (mount != null) {
      export(mount);
    }
  }

  private static EntryRenamed.Builder renamed(
      Inode inode, Inode from, ByteString fromName, Inode to, ByteString toName) {
    return EntryRenamed.newBuilder()
        .setInode(inode.getId())
        .setFromParent(from.getId())
        .setFromName(fromName)
        .setToParent(to.getId())
        .setToName(toName);
  }

  /** What the UFS has of one name only is moved to the other one, which is free there. */
  private void export(Mount mount) {
    ByteString firstPath = context.mounts().ufsPath(mount, first.parent(), first.name());
    ByteString secondPath = context.mounts().ufsPath(mount, second.parent(), second.name());
    boolean firstThere = reachesUfs(mount, first, firstPath);
    boolean secondThere = reachesUfs(mount, second, secondPath);
    if (firstThere && secondThere) {
      ByteString aside = context.mounts().ufsPath(mount, first.parent(), meanwhile);
      move(mount, first.inode(), firstPath, aside, true);
      move(mount, second.inode(), secondPath, firstPath, true);
      move(mount, first.inode(), aside, secondPath, true);
    } else if (firstThere) {
      move(mount, first.inode(), firstPath, secondPath, false);
    } else if (secondThere) {
      move(mount, second.inode(), secondPath, firstPath, false);
    }
  }

  private boolean reachesUfs(Mount mount, Place place, ByteString path) {
    return NamespaceView.isDirectory(place.inode())
        || Exports.reachesUfs(mount, place, path, context);
  }

  /**
   * Nothing is there when its turn has come; an object of others that is there is kept.
   *
   * @param inStep where it cannot be done, none behind it may be: that would write over this one
   */
  private void move(Mount mount, Inode inode, ByteString from, ByteString to, boolean inStep) {
    context.emitJob(
        mount,
        Job.newBuilder()
            .setKind(JobKind.UFS_RENAME)
            .setInode(inode.getId())
            .setUfsPath(from)
            .setUfsTargetPath(to)
            .setInStep(inStep)
            .setChecked(!NamespaceView.isDirectory(inode)));
  }
}
