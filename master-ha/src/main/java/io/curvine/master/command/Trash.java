/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver.Place;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.TrashNames;
import io.curvine.protocol.proto.DirectoryMade;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.PurgeTrash;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Moves what is deleted aside where the policy of its directory says so: into the trash at the root
 * of its mount, or of the namespace. What emits here is a rename with the directories that it
 * needs, so the UFS sees one too. See {@link TrashNames} for how it is found again.
 */
final class Trash {
  private static final ByteString SLASH = ByteString.copyFromUtf8("/");

  /** Only the superuser sees what is in there, since it was seen by fewer where it was. */
  private static final int MODE = 0700;

  private final Place place;
  private final Context context;
  private final Inode top;

  private Trash(Place place, Context context) {
    this.place = place;
    this.context = context;
    this.top = context.namespace().require(context.mounts().top(place.parent().getMountId()));
  }

  /**
   * Moves an entry into the trash if it belongs there: not so what is in the trash, an empty
   * directory, and a name of a file that has others.
   *
   * @return false where it is to be deleted instead; nothing is emitted then
   */
  static boolean takes(Place place, Context context) throws Refused, NeedsUfs {
    if (!context.policies().any()) {
      return false;
    }
    long keptMillis = context.policies().effective(place.parent()).getTrashMs();
    return keptMillis > 0 && new Trash(place, context).take(keptMillis);
  }

  private boolean take(long keptMillis) throws Refused, NeedsUfs {
    Inode inode = place.inode();
    boolean worth =
        NamespaceView.isDirectory(inode)
            ? context.namespace().hasChildren(inode.getId()) || context.mounts().namesMissing(inode)
            : inode.getNlink() <= 1;
    if (!worth || context.isDetached(place.parent().getId()) || isTrash()) {
      return false;
    }
    Inode trash = child(top, TrashNames.DIRECTORY);
    if (trash != null && !NamespaceView.isDirectory(trash)) {
      throw new Refused(
          ErrorCode.NOT_A_DIRECTORY,
          ".trash is not a directory; allowed: one, or nothing of that name, or to skip the trash");
    }
    if (trash != null && context.namespace().isAtOrAbove(trash.getId(), place.parent().getId())) {
      return false;
    }
    move(names(trash, keptMillis));
    return true;
  }

  private boolean isTrash() {
    return place.parent().getId() == top.getId() && place.name().equals(TrashNames.DIRECTORY);
  }

  /** The directories below the top that the entry goes to; a name there is free. */
  private List<ByteString> names(Inode trash, long keptMillis) throws NeedsUfs {
    Instant now = Instant.ofEpochSecond(0, context.nowNanos());
    ByteString until = TrashNames.until(now, Duration.ofMillis(keptMillis));
    List<ByteString> names = new ArrayList<>(List.of(TrashNames.DIRECTORY, until));
    names.addAll(TrashNames.encode(context.namespace().pathBelow(top.getId(), place.parent())));
    Inode at = trash;
    boolean blocked = false;
    for (ByteString name : names.subList(1, names.size())) {
      at = at == null ? null : child(at, name);
      blocked |= at != null && !NamespaceView.isDirectory(at);
      at = blocked ? null : at;
    }
    if (blocked || (at != null && child(at, place.name()) != null)) {
      names.set(1, TrashNames.further(until, context.nextOffset()));
    }
    return names;
  }

  /** The child of a directory, or null, once that is known. */
  private Inode child(Inode directory, ByteString name) throws NeedsUfs {
    Inode child = context.namespace().child(directory.getId(), name);
    if (child == null && context.mounts().namesMissing(directory)) {
      throw new NeedsUfs(List.of(directory.getId()));
    }
    return child;
  }

  private void move(List<ByteString> names) throws Refused {
    Mount mount = context.mounts().exporting(top.getMountId());
    Inode parent = top;
    long existing = top.getId();
    ByteString path = ByteString.EMPTY;
    boolean made = false;
    for (ByteString name : names) {
      path = path.isEmpty() ? name : path.concat(SLASH).concat(name);
      Inode next = made ? null : context.namespace().child(parent.getId(), name);
      if (next == null) {
        made = true;
        next = make(parent, name, path, mount);
      } else {
        existing = next.getId();
      }
      parent = next;
    }
    rename(parent.getId(), existing, path.concat(SLASH).concat(place.name()), mount);
  }

  private Inode make(Inode parent, ByteString name, ByteString path, Mount mount) throws Refused {
    Inode directory =
        NewInodes.directory(parent, name, MODE, context).setMode(MODE).setUid(0).setGid(0).build();
    context.emit(
        Event.newBuilder().setDirectoryMade(DirectoryMade.newBuilder().setInode(directory)));
    if (mount != null) {
      context.emitJob(
          mount,
          Job.newBuilder()
              .setKind(JobKind.UFS_MAKE_DIRECTORY)
              .setInode(directory.getId())
              .setUfsPath(path));
    }
    return directory;
  }

  /**
   * Moves the entry.
   *
   * @param existing the nearest directory above the new place that was there before: quotas are
   *     over that
   */
  private void rename(long directory, long existing, ByteString target, Mount mount)
      throws Refused {
    Inode moved = place.inode();
    EntryRenamed.Builder renamed =
        EntryRenamed.newBuilder()
            .setInode(moved.getId())
            .setFromParent(place.parent().getId())
            .setFromName(place.name())
            .setToParent(existing)
            .setToName(place.name());
    Quotas.move(moved, null, renamed, context);
    context.emit(Event.newBuilder().setEntryRenamed(renamed.setToParent(directory)));
    if (mount == null) {
      return;
    }
    ByteString source = context.mounts().ufsPath(mount, place.parent(), place.name());
    if (NamespaceView.isDirectory(moved) || Exports.reachesUfs(mount, place, source, context)) {
      context.emitJob(
          mount,
          Job.newBuilder()
              .setKind(JobKind.UFS_RENAME)
              .setInode(moved.getId())
              .setUfsPath(source)
              .setUfsTargetPath(target));
    }
  }

  /** Deletes for real what was kept for long enough. */
  static void purge(PurgeTrash command, Context context) throws Refused {
    Inode kept = context.namespace().find(command.getInode());
    Inode trash = kept == null ? null : context.namespace().find(kept.getParent());
    Mount mount = kept == null ? null : context.mounts().find(kept.getMountId());
    if (trash == null
        || (mount != null && !Places.isWritable(mount))
        || !context.mounts().isTrash(trash)
        || context.isDetached(kept.getId())
        || !NamespaceView.isDirectory(kept)
        || !isOver(kept, context)
        || DeleteDeciders.mountBelow(kept, context).isPresent()) {
      return;
    }
    DeleteDeciders.remove(new Place(trash, kept.getName(), kept), true, context);
  }

  private static boolean isOver(Inode kept, Context context) {
    Optional<Instant> until = TrashNames.keptUntil(kept.getName());
    return until.isPresent() && !until.get().isAfter(Instant.ofEpochSecond(0, context.nowNanos()));
  }
}
