/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.CleanSubtree;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FollowSource;
import io.curvine.protocol.proto.FollowedSource;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.MarkDirty;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.protocol.proto.SourceAdvanced;
import io.curvine.protocol.proto.SubtreeCleaned;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commands that keep a cache-mode mount like its UFS. Asked by the leader itself. */
final class SyncDeciders {
  /** Of one directory; where more are passed over, the directory is marked. */
  private static final int NAMES_MARKED_MAX = 16;

  private SyncDeciders() {}

  static void follow(FollowSource command, Context context) throws Refused {
    Mount mount = requireCacheMount(command.getMountId(), context);
    if (command.getCursor().length() > Limits.SOURCE_CURSOR_MAX_CHARACTERS) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "the cursor of "
              + command.getKind()
              + " has "
              + command.getCursor().length()
              + " characters; allowed: up to "
              + Limits.SOURCE_CURSOR_MAX_CHARACTERS);
    }
    DirtyMarks marks = new DirtyMarks(mount, context);
    Set<Long> gone = new HashSet<>();
    for (ReconcileDirectory seen : command.getSeenList()) {
      take(seen, mount, gone, marks, context);
    }
    String told = "a change source could not tell all that changed: ";
    for (ByteString path : command.getDirtyList()) {
      marks.mark(path, told + command.getKind());
    }
    if (!command.getGap().isEmpty()) {
      marks.mark(ByteString.EMPTY, command.getKind() + ": " + command.getGap());
    }
    context.emit(
        Event.newBuilder()
            .setSourceAdvanced(SourceAdvanced.newBuilder().setSource(after(command, context))));
  }

  /**
   * What was seen in a directory that an event of this command takes away is passed over: an event
   * in it would find nothing to change.
   */
  private static void take(
      ReconcileDirectory seen, Mount mount, Set<Long> gone, DirtyMarks marks, Context context) {
    Inode directory = context.namespace().find(seen.getDirectory());
    boolean there =
        directory != null
            && directory.getMountId() == mount.getId()
            && !context.isDetached(directory.getId())
            && gone.stream()
                .noneMatch(each -> context.namespace().isAtOrAbove(each, directory.getId()));
    if (!there) {
      return;
    }
    int before = context.events().size();
    try {
      reconcile(seen, marks, context);
    } catch (Refused e) {
      return; // it is not a directory any more
    }
    List<Event.Builder> events = context.events();
    for (Event.Builder event : events.subList(before, events.size())) {
      if (event.hasEntryDeleted()) {
        gone.add(event.getEntryDeleted().getInode());
      }
    }
  }

  static void reconcile(ReconcileDirectory command, Context context) throws Refused {
    Inode directory = context.namespace().find(command.getDirectory());
    Mount mount = directory == null ? null : context.mounts().find(directory.getMountId());
    reconcile(command, mount == null ? null : new DirtyMarks(mount, context), context);
  }

  /** What differs and cannot be taken over now is looked at again later. */
  private static void reconcile(ReconcileDirectory command, DirtyMarks marks, Context context)
      throws Refused {
    List<ByteString> names = ReconcileDecider.reconcile(command, context);
    if (names.isEmpty()) {
      return;
    }
    Inode directory = context.namespace().require(command.getDirectory());
    Mount mount = context.mounts().find(directory.getMountId());
    String why = "it changed at the UFS while a change made here was under way";
    if (names.size() > NAMES_MARKED_MAX || names.contains(ReconcileDecider.ALL)) {
      marks.mark(context.mounts().ufsPath(mount, directory), why);
      return;
    }
    for (ByteString name : names) {
      marks.mark(context.mounts().ufsPath(mount, directory, name), why);
    }
  }

  private static FollowedSource after(FollowSource command, Context context) {
    FollowedSource before = context.sync().source(command.getMountId(), command.getKind());
    FollowedSource.Builder source =
        (before == null ? FollowedSource.getDefaultInstance() : before)
            .toBuilder()
                .setMountId(command.getMountId())
                .setKind(command.getKind())
                .setCursor(command.getCursor())
                .setAdvancedNanos(context.nowNanos());
    source.setHints(source.getHints() + Integer.toUnsignedLong(command.getHints()));
    source.setNewestNanos(Math.max(source.getNewestNanos(), command.getNewestNanos()));
    if (!command.getGap().isEmpty()) {
      source
          .setGaps(source.getGaps() + 1)
          .setLastGap(command.getGap())
          .setLastGapNanos(context.nowNanos());
    }
    return source.build();
  }

  static void mark(MarkDirty command, Context context) throws Refused, NeedsUfs {
    Inode at =
        context.resolver().entry(EntryRef.newBuilder().setPath(command.getPath()).build(), false);
    Mount mount = context.mounts().find(at.getMountId());
    if (mount == null || mount.getMode() != MountMode.CACHE) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          command.getPath().toStringUtf8()
              + " is not under a cache-mode mount; allowed: a path whose authority is a UFS");
    }
    new DirtyMarks(mount, context).mark(context.mounts().ufsPath(mount, at), command.getWhy());
  }

  static void clean(CleanSubtree command, Context context) {
    DirtySubtree row = context.sync().dirty(command.getMountId(), command.getPath());
    if (row != null && row.getMarkedAt() == command.getMarkedAt()) {
      context.emit(
          Event.newBuilder()
              .setSubtreeCleaned(
                  SubtreeCleaned.newBuilder()
                      .setMountId(command.getMountId())
                      .setPath(command.getPath())));
    }
  }

  private static Mount requireCacheMount(int id, Context context) throws Refused {
    Mount mount = context.mounts().find(id);
    if (mount == null || mount.getMode() != MountMode.CACHE) {
      throw new Refused(ErrorCode.NOT_FOUND, "no cache-mode mount " + id);
    }
    return mount;
  }
}
