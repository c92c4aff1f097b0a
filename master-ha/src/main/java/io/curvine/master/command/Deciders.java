/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;

/**
 * The registry of deciders: for each command the one method that decides it. A decider reads the
 * context, emits events there, or ends early with a refusal.
 */
final class Deciders {
  private Deciders() {}

  static void decide(Command command, Context context) throws Refused, NeedsUfs {
    switch (command.getCommandCase()) {
      case OPEN_SESSION -> SessionDeciders.open(command.getOpenSession(), context);
      case CLOSE_SESSION -> SessionDeciders.close(command.getCloseSession(), context);
      case MAKE_DIRECTORY -> EntryDeciders.makeDirectory(command.getMakeDirectory(), context);
      case CREATE_SYMLINK -> EntryDeciders.symlink(command.getCreateSymlink(), context);
      case MAKE_SPECIAL -> EntryDeciders.special(command.getMakeSpecial(), context);
      case CREATE_HARD_LINK -> EntryDeciders.hardLink(command.getCreateHardLink(), context);
      case RENAME_ENTRY -> RenameDecider.rename(command.getRenameEntry(), context);
      case EXCHANGE_ENTRIES -> ExchangeDecider.exchange(command.getExchangeEntries(), context);
      case DELETE_ENTRY -> DeleteDeciders.delete(command.getDeleteEntry(), context);
      case REAP_SUBTREE -> ReapDecider.reap(command.getReapSubtree(), context);
      case CREATE_FILE -> FileDeciders.create(command.getCreateFile(), context);
      case OPEN_FOR_WRITE -> FileDeciders.open(command.getOpenForWrite(), context);
      case ALLOCATE_BLOCK -> FileDeciders.allocate(command.getAllocateBlock(), context);
      case COMMIT_FILE -> FileDeciders.commit(command.getCommitFile(), context);
      case RELEASE_LEASE -> FileDeciders.release(command.getReleaseLease(), context);
      case WANT_LEASE -> FileDeciders.want(command.getWantLease(), context);
      case TRUNCATE_FILE -> FileDeciders.truncate(command.getTruncateFile(), context);
      case SET_ATTRIBUTES -> AttributeDeciders.set(command.getSetAttributes(), context);
      case SET_XATTR -> AttributeDeciders.setXattr(command.getSetXattr(), context);
      case REMOVE_XATTR -> AttributeDeciders.removeXattr(command.getRemoveXattr(), context);
      case MOUNT_UFS -> MountDeciders.mount(command.getMountUfs(), context);
      case UNMOUNT_UFS -> MountDeciders.unmount(command.getUnmountUfs(), context);
      case UPDATE_MOUNT -> MountUpdateDecider.update(command.getUpdateMount(), context);
      case SET_POLICY -> PolicyDeciders.set(command.getSetPolicy(), context);
      case SET_QUOTA -> QuotaDeciders.set(command.getSetQuota(), context);
      case CLEAR_QUOTA -> QuotaDeciders.clear(command.getClearQuota(), context);
      case CORRECT_QUOTA -> QuotaDeciders.correct(command.getCorrectQuota(), context);
      case EXPIRE_FILES -> ExpireDecider.expire(command.getExpireFiles(), context);
      case PURGE_TRASH -> Trash.purge(command.getPurgeTrash(), context);
      case RECONCILE_DIRECTORY -> SyncDeciders.reconcile(command.getReconcileDirectory(), context);
      case START_TREE_JOB -> TreeJobDeciders.start(command.getStartTreeJob(), context);
      case ADVANCE_TREE_JOB -> TreeJobDeciders.advance(command.getAdvanceTreeJob(), context);
      case CANCEL_JOB -> FailedJobDeciders.cancel(command.getCancelJob(), context);
      case RETRY_JOB -> FailedJobDeciders.retry(command.getRetryJob(), context);
      case FINISH_JOB -> JobDeciders.finish(command.getFinishJob(), context);
      case REGISTER_WORKER -> ClusterDeciders.register(command.getRegisterWorker(), context);
      case FORGET_WORKER -> ClusterDeciders.forget(command.getForgetWorker(), context);
      case SET_WORKER_LEAVING -> ClusterDeciders.setLeaving(command.getSetWorkerLeaving(), context);
      case PLACE_BLOCK -> PlacementDeciders.place(command.getPlaceBlock(), context);
      case CLAIM_LEADERSHIP -> ClusterDeciders.claim(command.getClaimLeadership(), context);
      case SAVE_GROUP -> GroupDeciders.save(command.getSaveGroup(), context);
      case COMMIT_GROUP_OFFSETS -> GroupDeciders.commit(command.getCommitGroupOffsets(), context);
      case DELETE_GROUP -> GroupDeciders.delete(command.getDeleteGroup(), context);
      case DELETE_GROUP_OFFSETS ->
          GroupDeciders.deleteOffsets(command.getDeleteGroupOffsets(), context);
      case FOLLOW_SOURCE -> SyncDeciders.follow(command.getFollowSource(), context);
      case MARK_DIRTY -> SyncDeciders.mark(command.getMarkDirty(), context);
      case CLEAN_SUBTREE -> SyncDeciders.clean(command.getCleanSubtree(), context);
      case SET_FEED_FLOOR -> FloorDeciders.set(command.getSetFeedFloor(), context);
      case REMOVE_FEED_FLOOR -> FloorDeciders.remove(command.getRemoveFeedFloor(), context);
      case REPAIR_STATE -> RepairDecider.repair(command.getRepairState(), context);
      case BARRIER -> context.requireEntry();
      case COMMAND_NOT_SET ->
          throw new Refused(
              ErrorCode.UNSUPPORTED, "the command is of a kind that this master does not know");
    }
  }

  /** Whether only the owner of a session may ask this; the rest is asked by the cluster itself. */
  static boolean needsSession(Command command) {
    return switch (command.getCommandCase()) {
      case OPEN_SESSION,
          CLOSE_SESSION,
          RECONCILE_DIRECTORY,
          FINISH_JOB,
          REAP_SUBTREE,
          REGISTER_WORKER,
          FORGET_WORKER,
          SET_WORKER_LEAVING,
          PLACE_BLOCK,
          CLAIM_LEADERSHIP,
          SAVE_GROUP,
          COMMIT_GROUP_OFFSETS,
          DELETE_GROUP,
          DELETE_GROUP_OFFSETS,
          FOLLOW_SOURCE,
          MARK_DIRTY,
          CLEAN_SUBTREE,
          ADVANCE_TREE_JOB,
          SET_FEED_FLOOR,
          REMOVE_FEED_FLOOR,
          REPAIR_STATE,
          CORRECT_QUOTA,
          EXPIRE_FILES,
          PURGE_TRASH,
          BARRIER,
          COMMAND_NOT_SET ->
          false;
      default -> true;
    };
  }
}
