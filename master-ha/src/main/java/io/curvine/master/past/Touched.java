/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.past;

import io.curvine.protocol.proto.EntriesReaped;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.ReapedEntry;
import io.curvine.protocol.proto.RepairedFinding;
import java.util.function.LongConsumer;

/** Which inodes an event may have made different. Stateless. */
final class Touched {
  private Touched() {}

  /**
   * Tells the inodes that the event names.
   *
   * @param inodes that it changed, made, took away or gave other names
   * @param roots directories of which all that was below may have gone with it
   */
  static void by(Event event, LongConsumer inodes, LongConsumer roots) {
    switch (event.getEventCase()) {
      case CLUSTER_FORMED -> inodes.accept(event.getClusterFormed().getRoot().getId());
      case DIRECTORY_MADE -> inodes.accept(event.getDirectoryMade().getInode().getId());
      case FILE_CREATED -> inodes.accept(event.getFileCreated().getInode().getId());
      case SYMLINK_MADE -> inodes.accept(event.getSymlinkMade().getInode().getId());
      case SPECIAL_MADE -> inodes.accept(event.getSpecialMade().getInode().getId());
      case UFS_ENTRY_LOADED -> inodes.accept(event.getUfsEntryLoaded().getInode().getId());
      case HARD_LINK_MADE -> inodes.accept(event.getHardLinkMade().getInode());
      case WRITE_OPENED -> inodes.accept(event.getWriteOpened().getInode());
      case FILE_COMMITTED -> inodes.accept(event.getFileCommitted().getInode());
      case FILE_TRUNCATED -> inodes.accept(event.getFileTruncated().getInode());
      case FILE_CONTENT_CHANGED -> inodes.accept(event.getFileContentChanged().getInode());
      case ATTRIBUTES_SET -> inodes.accept(event.getAttributesSet().getInode());
      case XATTR_SET -> inodes.accept(event.getXattrSet().getInode());
      case XATTR_REMOVED -> inodes.accept(event.getXattrRemoved().getInode());
      case ENTRY_RENAMED -> renamed(event.getEntryRenamed(), inodes);
      case ENTRY_DELETED -> {
        inodes.accept(event.getEntryDeleted().getInode());
        if (event.getEntryDeleted().getSubtree()) {
          roots.accept(event.getEntryDeleted().getInode());
        }
      }
      case UFS_MOUNTED -> {
        inodes.accept(event.getUfsMounted().getRoot().getId());
        roots.accept(event.getUfsMounted().getRoot().getId());
      }
      case UFS_UNMOUNTED -> {
        inodes.accept(event.getUfsUnmounted().getRootInode());
        roots.accept(event.getUfsUnmounted().getRootInode());
      }
      case ENTRIES_REAPED -> reaped(event.getEntriesReaped(), inodes);
      case STATE_REPAIRED ->
          event.getStateRepaired().getFindingsList().forEach(each -> mended(each, inodes, roots));
      case LEADERSHIP_CLAIMED,
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
          SOURCE_ADVANCED,
          SUBTREE_DIRTIED,
          SUBTREE_CLEANED,
          JOB_ATTEMPTED,
          JOB_ADOPTED,
          FAILED_JOB_DROPPED,
          TREE_JOB_STARTED,
          TREE_JOB_ADVANCED,
          TREE_JOB_ENDED,
          JOB_FINISHED,
          CLUSTER_RESTORED,
          GROUP_SAVED,
          GROUP_OFFSETS_COMMITTED,
          GROUP_DELETED,
          GROUP_OFFSETS_DELETED,
          FEED_FLOOR_SET,
          FEED_FLOOR_REMOVED,
          MOUNT_UPDATED,
          POLICY_SET,
          QUOTA_SET,
          QUOTA_CLEARED,
          QUOTA_CORRECTED,
          EVENT_NOT_SET -> {}
    }
  }

  private static void renamed(EntryRenamed moved, LongConsumer inodes) {
    inodes.accept(moved.getInode());
    if (moved.getReplacedInode() != 0) {
      inodes.accept(moved.getReplacedInode());
    }
  }

  private static void reaped(EntriesReaped event, LongConsumer inodes) {
    for (ReapedEntry entry : event.getEntriesList()) {
      inodes.accept(entry.getInode());
    }
  }

  private static void mended(RepairedFinding finding, LongConsumer inodes, LongConsumer roots) {
    if (finding.getInode() != 0) {
      inodes.accept(finding.getInode());
      roots.accept(finding.getInode());
    }
  }
}
