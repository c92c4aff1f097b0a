/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal;

import io.curvine.protocol.proto.Event;
import java.util.OptionalLong;

/** What an event is about: the id of its inode, mount or worker, which is the record's key. */
final class EventKeys {
  private EventKeys() {}

  /** Empty where the event is about no single thing. */
  static OptionalLong subject(Event event) {
    return switch (event.getEventCase()) {
      case DIRECTORY_MADE -> of(event.getDirectoryMade().getInode().getId());
      case FILE_CREATED -> of(event.getFileCreated().getInode().getId());
      case WRITE_OPENED -> of(event.getWriteOpened().getInode());
      case FILE_COMMITTED -> of(event.getFileCommitted().getInode());
      case LEASE_WANTED -> of(event.getLeaseWanted().getInode());
      case LEASE_RELEASED -> of(event.getLeaseReleased().getInode());
      case ENTRY_RENAMED -> of(event.getEntryRenamed().getInode());
      case ENTRY_DELETED -> of(event.getEntryDeleted().getInode());
      case ATTRIBUTES_SET -> of(event.getAttributesSet().getInode());
      case XATTR_SET -> of(event.getXattrSet().getInode());
      case XATTR_REMOVED -> of(event.getXattrRemoved().getInode());
      case FILE_TRUNCATED -> of(event.getFileTruncated().getInode());
      case SYMLINK_MADE -> of(event.getSymlinkMade().getInode().getId());
      case SPECIAL_MADE -> of(event.getSpecialMade().getInode().getId());
      case HARD_LINK_MADE -> of(event.getHardLinkMade().getInode());
      case UFS_MOUNTED -> of(event.getUfsMounted().getMount().getId());
      case MOUNT_UPDATED -> of(event.getMountUpdated().getMount().getId());
      case UFS_UNMOUNTED -> of(event.getUfsUnmounted().getMountId());
      case WORKER_REGISTERED -> of(event.getWorkerRegistered().getWorker().getId());
      case WORKER_FORGOTTEN -> of(event.getWorkerForgotten().getWorker().getId());
      case WORKER_LEAVING_SET -> of(event.getWorkerLeavingSet().getWorker().getId());
      case BLOCK_PLACED -> of(event.getBlockPlaced().getBlock().getInode());
      case UFS_ENTRY_LOADED -> of(event.getUfsEntryLoaded().getInode().getId());
      case FILE_CONTENT_CHANGED -> of(event.getFileContentChanged().getInode());
      case DIRECTORY_LOADED -> of(event.getDirectoryLoaded().getInode());
      case SOURCE_ADVANCED -> of(event.getSourceAdvanced().getSource().getMountId());
      case SUBTREE_DIRTIED -> of(event.getSubtreeDirtied().getSubtree().getMountId());
      case SUBTREE_CLEANED -> of(event.getSubtreeCleaned().getMountId());
      case POLICY_SET -> of(event.getPolicySet().getInode());
      case QUOTA_SET -> of(event.getQuotaSet().getQuota().getInode());
      case QUOTA_CLEARED -> of(event.getQuotaCleared().getInode());
      case QUOTA_CORRECTED -> of(event.getQuotaCorrected().getInode());
      case JOB_CREATED -> of(event.getJobCreated().getJob().getInode());
      case JOB_FINISHED -> of(event.getJobFinished().getInode());
      case CLUSTER_FORMED -> of(event.getClusterFormed().getRoot().getId());
      case LEADERSHIP_CLAIMED,
          SESSION_OPENED,
          SESSION_CLOSED,
          JOB_ATTEMPTED,
          JOB_ADOPTED,
          FAILED_JOB_DROPPED,
          TREE_JOB_STARTED,
          TREE_JOB_ADVANCED,
          TREE_JOB_ENDED,
          ENTRIES_REAPED,
          GROUP_SAVED,
          GROUP_OFFSETS_COMMITTED,
          GROUP_DELETED,
          GROUP_OFFSETS_DELETED,
          FEED_FLOOR_SET,
          FEED_FLOOR_REMOVED,
          STATE_REPAIRED,
          CLUSTER_RESTORED,
          EVENT_NOT_SET ->
          OptionalLong.empty();
    };
  }

  private static OptionalLong of(long id) {
    return OptionalLong.of(id);
  }
}
