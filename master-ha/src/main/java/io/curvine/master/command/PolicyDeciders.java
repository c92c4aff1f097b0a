/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Admission;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.PolicyChange;
import io.curvine.protocol.proto.PolicySet;
import io.curvine.protocol.proto.SetPolicy;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TtlAction;

/** Commands on how entries are to be treated. */
final class PolicyDeciders {
  private static final Policy SILENT = Policy.getDefaultInstance();

  private PolicyDeciders() {}

  static void set(SetPolicy command, Context context) throws Refused, NeedsUfs {
    Inode entry = context.resolver().entry(command.getAt(), true);
    String path = PathResolver.describe(command.getAt());
    if (entry.getType() != InodeType.DIRECTORY && entry.getType() != InodeType.FILE) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, path + " is neither; allowed: a directory or a file");
    }
    if (entry.getType() == InodeType.DIRECTORY && context.isDetached(entry.getId())) {
      throw new Refused(ErrorCode.NOT_FOUND, path + ": no such file or directory");
    }
    int uid = context.principal().getUid();
    if (uid != 0 && uid != entry.getUid()) {
      throw new Refused(
          ErrorCode.PERMISSION_DENIED,
          "the user is "
              + uid
              + "; allowed: 0, the superuser, and "
              + entry.getUid()
              + ", the owner of "
              + path);
    }
    change(entry.getId(), command.getChange(), context);
    context.result().setInode(entry);
  }

  /** Changes what an entry says itself, which may not have been made before this command. */
  static void change(long inode, PolicyChange change, Context context) throws Refused {
    Policy before = context.policies().own(inode);
    Policy now = changed(before, change);
    requireSane(now);
    if (now.equals(before)) {
      return;
    }
    if (before.equals(SILENT) && context.meta().get(Counter.POLICY_COUNT) >= Limits.POLICIES_MAX) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "so many entries have a policy of their own: "
              + Limits.POLICIES_MAX
              + ", as many as are allowed; one of a directory holds for all below it");
    }
    context.emit(
        Event.newBuilder().setPolicySet(PolicySet.newBuilder().setInode(inode).setPolicy(now)));
  }

  private static Policy changed(Policy before, PolicyChange change) throws Refused {
    Policy.Builder now = change.getUnsetAll() ? Policy.newBuilder() : before.toBuilder();
    for (int number : change.getUnsetList()) {
      FieldDescriptor field = Policy.getDescriptor().findFieldByNumber(number);
      if (field == null || change.getSet().hasField(field)) {
        throw new Refused(
            ErrorCode.INVALID_ARGUMENT,
            "field "
                + number
                + " of a policy is to be unset; allowed: one that there is, and that is not set in"
                + " the same change");
      }
      now.clearField(field);
    }
    return now.mergeFrom(change.getSet()).build();
  }

  private static void requireSane(Policy policy) throws Refused {
    requireNotNegative("ttl_ms", policy.getTtlMs());
    requireNotNegative("trash_ms", policy.getTrashMs());
    requireReplicas("min_replicas", policy.getMinReplicas());
    requireReplicas("max_replicas", policy.getMaxReplicas());
    if (policy.getMaxReplicas() > 0 && policy.getMaxReplicas() < policy.getMinReplicas()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "max_replicas is "
              + policy.getMaxReplicas()
              + "; allowed: from min_replicas, which is "
              + policy.getMinReplicas()
              + ", or 0");
    }
    requireKnown("ttl_action", policy.getTtlAction() != TtlAction.UNRECOGNIZED);
    requireKnown("admission", policy.getAdmission() != Admission.UNRECOGNIZED);
    requireKnown("tier", policy.getTier() != TierKind.UNRECOGNIZED);
  }

  private static void requireNotNegative(String what, long value) throws Refused {
    if (value < 0) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, what + " is " + value + "; allowed: from 0, which is none");
    }
  }

  private static void requireReplicas(String what, int value) throws Refused {
    if (value < 0 || value > Limits.REPLICAS_MAX) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          what
              + " is "
              + Integer.toUnsignedString(value)
              + "; allowed: 0 to "
              + Limits.REPLICAS_MAX);
    }
  }

  private static void requireKnown(String what, boolean known) throws Refused {
    if (!known) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          what + " is of a kind that this master does not know; newer clients need newer masters");
    }
  }
}
