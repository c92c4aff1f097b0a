/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.Event;

/**
 * The registry of appliers: for each event the one method that changes the state by it. The same
 * for what the leader has decided and not yet applied, for what is applied, and for replay. An
 * event that contradicts the state throws {@link IllegalStateException}.
 */
final class EventAppliers {
  private EventAppliers() {}

  /** Changes the state by the event and counts its offset. */
  static void apply(Event event, MutableState state) {
    long now = event.getTimeNanos();
    switch (event.getEventCase()) {
      case CLUSTER_FORMED -> ClusterAppliers.formed(event.getClusterFormed(), state);
      case CLUSTER_RESTORED -> ClusterAppliers.restored(event.getClusterRestored(), state);
      case LEADERSHIP_CLAIMED -> ClusterAppliers.claimed(event.getLeadershipClaimed(), state);
      case WORKER_REGISTERED -> state.workers().put(event.getWorkerRegistered().getWorker());
      case WORKER_FORGOTTEN -> state.workers().remove(event.getWorkerForgotten().getWorker());
      case WORKER_LEAVING_SET -> state.workers().put(event.getWorkerLeavingSet().getWorker());
      case BLOCK_PLACED -> FileAppliers.placed(event.getBlockPlaced(), state);
      case SESSION_OPENED -> SessionAppliers.opened(event.getSessionOpened(), state);
      case SESSION_CLOSED -> SessionAppliers.closed(event.getSessionClosed(), state);
      case DIRECTORY_MADE -> state.namespace().add(event.getDirectoryMade().getInode(), now);
      case FILE_CREATED -> state.namespace().add(event.getFileCreated().getInode(), now);
      case SYMLINK_MADE -> state.namespace().add(event.getSymlinkMade().getInode(), now);
      case SPECIAL_MADE -> state.namespace().add(event.getSpecialMade().getInode(), now);
      case HARD_LINK_MADE -> EntryAppliers.linked(event.getHardLinkMade(), state, now);
      case ENTRY_RENAMED -> EntryAppliers.renamed(event.getEntryRenamed(), state, now);
      case ENTRY_DELETED -> EntryAppliers.deleted(event.getEntryDeleted(), state, now);
      case ENTRIES_REAPED -> ReapApplier.reaped(event.getEntriesReaped(), state, now);
      case WRITE_OPENED -> FileAppliers.writeOpened(event.getWriteOpened(), state, now);
      case FILE_COMMITTED -> FileAppliers.committed(event.getFileCommitted(), state, now);
      case LEASE_WANTED -> FileAppliers.wanted(event.getLeaseWanted(), state, now);
      case LEASE_RELEASED -> FileAppliers.released(event.getLeaseReleased(), state);
      case FILE_TRUNCATED -> FileAppliers.truncated(event.getFileTruncated(), state, now);
      case FILE_CONTENT_CHANGED -> FileAppliers.replaced(event.getFileContentChanged(), state, now);
      case ATTRIBUTES_SET -> AttributeAppliers.set(event.getAttributesSet(), state, now);
      case XATTR_SET -> AttributeAppliers.xattrSet(event.getXattrSet(), state, now);
      case XATTR_REMOVED -> AttributeAppliers.xattrRemoved(event.getXattrRemoved(), state, now);
      case UFS_MOUNTED -> MountAppliers.mounted(event.getUfsMounted(), state, now);
      case MOUNT_UPDATED -> MountAppliers.updated(event.getMountUpdated(), state);
      case UFS_UNMOUNTED -> MountAppliers.unmounted(event.getUfsUnmounted(), state, now);
      case UFS_ENTRY_LOADED -> state.namespace().add(event.getUfsEntryLoaded().getInode(), now);
      case DIRECTORY_LOADED -> MountAppliers.loaded(event.getDirectoryLoaded(), state);
      case JOB_CREATED -> JobAppliers.created(event.getJobCreated(), state);
      case JOB_ATTEMPTED -> JobAppliers.attempted(event.getJobAttempted(), state, now);
      case JOB_FINISHED -> JobAppliers.finished(event.getJobFinished(), state);
      case FAILED_JOB_DROPPED -> state.jobs().dropFailed(event.getFailedJobDropped().getJobId());
      case JOB_ADOPTED -> TreeJobAppliers.adopted(event.getJobAdopted(), state);
      case TREE_JOB_STARTED -> state.jobs().start(event.getTreeJobStarted().getJob());
      case TREE_JOB_ADVANCED -> TreeJobAppliers.advanced(event.getTreeJobAdvanced(), state);
      case TREE_JOB_ENDED -> TreeJobAppliers.ended(event.getTreeJobEnded(), state, now);
      case GROUP_SAVED -> GroupAppliers.saved(event.getGroupSaved(), state);
      case GROUP_OFFSETS_COMMITTED ->
          GroupAppliers.committed(event.getGroupOffsetsCommitted(), state);
      case GROUP_DELETED -> GroupAppliers.deleted(event.getGroupDeleted(), state);
      case GROUP_OFFSETS_DELETED ->
          GroupAppliers.offsetsDeleted(event.getGroupOffsetsDeleted(), state);
      case SOURCE_ADVANCED -> SyncAppliers.advanced(event.getSourceAdvanced(), state);
      case SUBTREE_DIRTIED -> SyncAppliers.dirtied(event.getSubtreeDirtied(), state);
      case SUBTREE_CLEANED -> SyncAppliers.cleaned(event.getSubtreeCleaned(), state);
      case FEED_FLOOR_SET -> FloorAppliers.set(event.getFeedFloorSet(), state);
      case FEED_FLOOR_REMOVED -> FloorAppliers.removed(event.getFeedFloorRemoved(), state);
      case POLICY_SET ->
          state.policies().put(event.getPolicySet().getInode(), event.getPolicySet().getPolicy());
      case QUOTA_SET -> state.quotas().put(event.getQuotaSet().getQuota());
      case QUOTA_CLEARED -> state.quotas().remove(event.getQuotaCleared().getInode());
      case QUOTA_CORRECTED -> QuotaAppliers.corrected(event.getQuotaCorrected(), state);
      case STATE_REPAIRED -> RepairApplier.repaired(event.getStateRepaired(), state);
      case EVENT_NOT_SET ->
          throw new IllegalStateException("an event of a kind that this version does not know");
    }
    state.passed(now);
  }
}
