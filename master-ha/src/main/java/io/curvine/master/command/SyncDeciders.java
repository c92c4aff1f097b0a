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
import io.curvine.protocol.proto.SubtreeDirtied;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Commands that keep a cache-mode mount like its UFS. Asked by the leader itself. */
final class SyncDeciders {
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
    Set<Long> gone = new HashSet<>();
    for (ReconcileDirectory seen : command.getSeenList()) {
      take(seen, mount, gone, context);
    }
    String told = "a change source could not tell all that changed: ";
    for (ByteString path : command.getDirtyList()) {
      dirty(mount, path, told + command.getKind(), context);
    }
    if (!command.getGap().isEmpty()) {
      dirty(mount, ByteString.EMPTY, command.getKind() + ": " + command.getGap(), context);
    }
    context.emit(
        Event.newBuilder()
            .setSourceAdvanced(SourceAdvanced.newBuilder().setSource(after(command, context))));
  }

  /**
   * What was seen in a directory that an event of this command takes away is passed over: an event
   * in it would find nothing to change.
   */
  private static void take(ReconcileDirectory seen, Mount mount, Set<Long> gone, Context context) {
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
      reconcile(seen, context);
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

  /** What differs and cannot be taken over now is looked at again later. */
  static void reconcile(ReconcileDirectory command, Context context) throws Refused {
    for (ByteString name : ReconcileDecider.reconcile(command, context)) {
      Inode directory = context.namespace().require(command.getDirectory());
      Mount mount = context.mounts().find(directory.getMountId());
      ByteString path = context.mounts().ufsPath(mount, directory, name);
      dirty(mount, path, "it changed at the UFS while a change made here was under way", context);
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
    dirty(mount, context.mounts().ufsPath(mount, at), command.getWhy(), context);
  }

  /** Where there are too many marks to keep apart, all of the mount is dirty. */
  private static void dirty(Mount mount, ByteString path, String why, Context context) {
    boolean many =
        context.sync().dirty(mount.getId(), path) == null
            && context.sync().dirty(mount.getId(), Limits.DIRTY_SUBTREES_MAX).size()
                >= Limits.DIRTY_SUBTREES_MAX;
    context.emit(
        Event.newBuilder()
            .setSubtreeDirtied(
                SubtreeDirtied.newBuilder()
                    .setSubtree(
                        DirtySubtree.newBuilder()
                            .setMountId(mount.getId())
                            .setPath(many ? ByteString.EMPTY : path)
                            .setWhy(why)
                            .setSinceNanos(context.nowNanos())
                            .setMarkedAt(context.nextOffset()))));
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
