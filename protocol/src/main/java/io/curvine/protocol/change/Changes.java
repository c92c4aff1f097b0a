/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.change;

import com.google.protobuf.ByteString;
import io.curvine.protocol.proto.AttributesSet;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.HardLinkMade;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.JobFinished;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.XattrRemoved;
import io.curvine.protocol.proto.XattrSet;
import java.util.Optional;

/** What of the journal's events is a change of the namespace, in its public form. Stateless. */
public final class Changes {
  private Changes() {}

  /**
   * The change that the event is.
   *
   * @param offset of the event
   * @return empty where it changes nothing that a user of the namespace sees
   */
  public static Optional<Change> of(long offset, Event event) {
    if (!event.hasSubject()) {
      return Optional.empty();
    }
    return switch (event.getEventCase()) {
      case DIRECTORY_MADE -> made(offset, event, event.getDirectoryMade().getInode(), false);
      case FILE_CREATED -> made(offset, event, event.getFileCreated().getInode(), false);
      case SYMLINK_MADE -> made(offset, event, event.getSymlinkMade().getInode(), false);
      case SPECIAL_MADE -> made(offset, event, event.getSpecialMade().getInode(), false);
      case UFS_ENTRY_LOADED -> made(offset, event, event.getUfsEntryLoaded().getInode(), true);
      case HARD_LINK_MADE -> linked(offset, event);
      case WRITE_OPENED -> opened(offset, event);
      case FILE_COMMITTED ->
          change(offset, event, ChangeType.WRITTEN, event.getFileCommitted().getInode());
      case FILE_CONTENT_CHANGED -> {
        long inode = event.getFileContentChanged().getInode();
        yield done(common(offset, event, ChangeType.WRITTEN, inode).setByUfs(true));
      }
      case FILE_TRUNCATED ->
          change(offset, event, ChangeType.TRUNCATED, event.getFileTruncated().getInode());
      case ENTRY_RENAMED -> renamed(offset, event);
      case ENTRY_DELETED -> deleted(offset, event);
      case ATTRIBUTES_SET -> attributes(offset, event);
      case XATTR_SET, XATTR_REMOVED -> xattr(offset, event);
      case UFS_MOUNTED ->
          change(offset, event, ChangeType.MOUNTED, event.getUfsMounted().getRoot().getId());
      case UFS_UNMOUNTED ->
          change(offset, event, ChangeType.UNMOUNTED, event.getUfsUnmounted().getRootInode());
      case JOB_FINISHED -> finished(offset, event);
      case CLUSTER_FORMED,
          LEADERSHIP_CLAIMED,
          SESSION_OPENED,
          SESSION_CLOSED,
          WORKER_REGISTERED,
          WORKER_FORGOTTEN,
          WORKER_LEAVING_SET,
          BLOCK_PLACED,
          LEASE_RELEASED,
          LEASE_WANTED,
          DIRECTORY_LOADED,
          JOB_CREATED,
          JOB_ATTEMPTED,
          JOB_ADOPTED,
          FAILED_JOB_DROPPED,
          TREE_JOB_STARTED,
          TREE_JOB_ADVANCED,
          TREE_JOB_ENDED,
          ENTRIES_REAPED,
          CLUSTER_RESTORED,
          GROUP_SAVED,
          GROUP_OFFSETS_COMMITTED,
          GROUP_DELETED,
          GROUP_OFFSETS_DELETED,
          SOURCE_ADVANCED,
          SUBTREE_DIRTIED,
          SUBTREE_CLEANED,
          FEED_FLOOR_SET,
          FEED_FLOOR_REMOVED,
          STATE_REPAIRED,
          MOUNT_UPDATED,
          POLICY_SET,
          QUOTA_SET,
          QUOTA_CLEARED,
          QUOTA_CORRECTED,
          EVENT_NOT_SET ->
          Optional.empty();
    };
  }

  /**
   * What the event asks of those who follow the changes, and that is none: WRITE_WANTED. It is for
   * who is there when it happens, and in no history.
   *
   * @param offset of the event
   * @return empty where it asks nothing
   */
  public static Optional<Change> asks(long offset, Event event) {
    return event.hasLeaseWanted() && event.hasSubject()
        ? change(offset, event, ChangeType.WRITE_WANTED, event.getLeaseWanted().getInode())
        : Optional.empty();
  }

  private static Optional<Change> made(long offset, Event event, Inode inode, boolean byUfs) {
    return done(
        common(offset, event, ChangeType.CREATED, inode.getId())
            .setParent(inode.getParent())
            .setByUfs(byUfs));
  }

  private static Optional<Change> linked(long offset, Event event) {
    HardLinkMade link = event.getHardLinkMade();
    return done(
        common(offset, event, ChangeType.LINKED, link.getInode()).setParent(link.getParent()));
  }

  private static Optional<Change> renamed(long offset, Event event) {
    EntryRenamed moved = event.getEntryRenamed();
    return done(
        common(offset, event, ChangeType.RENAMED, moved.getInode())
            .setOldPath(event.getSubject().getOldPath())
            .setParent(moved.getToParent())
            .setOldParent(moved.getFromParent()));
  }

  private static Optional<Change> deleted(long offset, Event event) {
    EntryDeleted gone = event.getEntryDeleted();
    return done(
        common(offset, event, ChangeType.DELETED, gone.getInode())
            .setParent(gone.getParent())
            .setByUfs(gone.getByUfs()));
  }

  private static Optional<Change> opened(long offset, Event event) {
    return event.getWriteOpened().getTruncated()
        ? change(offset, event, ChangeType.TRUNCATED, event.getWriteOpened().getInode())
        : Optional.empty();
  }

  private static Optional<Change> xattr(long offset, Event event) {
    XattrSet set = event.getXattrSet();
    XattrRemoved removed = event.getXattrRemoved();
    long inode = event.hasXattrSet() ? set.getInode() : removed.getInode();
    ByteString name = event.hasXattrSet() ? set.getName() : removed.getName();
    return done(
        common(offset, event, ChangeType.XATTR_CHANGED, inode).setXattr(name.toStringUtf8()));
  }

  private static Optional<Change> attributes(long offset, Event event) {
    AttributesSet set = event.getAttributesSet();
    Change.Builder change = common(offset, event, ChangeType.ATTRIBUTES_CHANGED, set.getInode());
    if (set.hasMode()) {
      change.setMode(set.getMode());
    }
    if (set.hasUid()) {
      change.setOwnerUid(set.getUid());
    }
    if (set.hasGid()) {
      change.setOwnerGid(set.getGid());
    }
    return done(change);
  }

  private static Optional<Change> finished(long offset, Event event) {
    JobFinished job = event.getJobFinished();
    boolean ofPrimaryName = job.getFurtherParent() == 0 && !job.getOfNoName();
    boolean persisted =
        job.getKind() == JobKind.EXPORT_FILE && job.getSucceeded() && job.hasUfs() && ofPrimaryName;
    return persisted
        ? done(
            common(offset, event, ChangeType.PERSISTED, job.getInode())
                .setVersion(job.getVersion())
                .setLengthBytes(job.getUfs().getLengthBytes()))
        : Optional.empty();
  }

  private static Optional<Change> change(long offset, Event event, ChangeType type, long inode) {
    return done(common(offset, event, type, inode));
  }

  private static Optional<Change> done(Change.Builder change) {
    return Optional.of(change.build());
  }

  private static Change.Builder common(long offset, Event event, ChangeType type, long inode) {
    return Change.newBuilder()
        .setOffset(offset)
        .setTimeNanos(event.getTimeNanos())
        .setType(type)
        .setPath(event.getSubject().getPath())
        .setKind(event.getSubject().getType())
        .setInode(inode)
        .setVersion(event.getSubject().getVersion())
        .setLengthBytes(event.getSubject().getLengthBytes())
        .setUser(event.getPrincipal().getUser())
        .setUid(event.getPrincipal().getUid())
        .setGid(event.getPrincipal().getGid())
        .setClient(event.getPrincipal().getHost())
        .setSession(event.getSessionId());
  }
}
