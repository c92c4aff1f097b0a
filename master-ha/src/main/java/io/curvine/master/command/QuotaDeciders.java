/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.Counter;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.UsageWalk;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ClearQuota;
import io.curvine.protocol.proto.CorrectQuota;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.QuotaCleared;
import io.curvine.protocol.proto.QuotaCorrected;
import io.curvine.protocol.proto.QuotaSet;
import io.curvine.protocol.proto.SetQuota;

/** Commands on quotas. */
final class QuotaDeciders {
  private QuotaDeciders() {}

  static void set(SetQuota command, Context context) throws Refused, NeedsUfs {
    requireSuperuser(context);
    Inode directory = directory(command.getAt(), context);
    Quota before = context.quotas().find(directory.getId());
    Quota.Builder quota =
        before == null ? Quota.newBuilder().setInode(directory.getId()) : before.toBuilder();
    if (command.hasMaxBytes()) {
      quota.setMaxBytes(requireLimit("bytes", command.getMaxBytes()));
    }
    if (command.hasMaxInodes()) {
      quota.setMaxInodes(requireLimit("inodes", command.getMaxInodes()));
    }
    if (quota.getMaxBytes() == 0 && quota.getMaxInodes() == 0) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, "the quota limits nothing; allowed: bytes, inodes, or both");
    }
    if (before == null) {
      begin(quota, context);
    }
    context.result().setInode(directory);
    if (!quota.build().equals(before)) {
      context.emit(Event.newBuilder().setQuotaSet(QuotaSet.newBuilder().setQuota(quota)));
    }
  }

  /** What is there already is counted at once, or later where it is much. */
  private static void begin(Quota.Builder quota, Context context) throws Refused {
    if (context.meta().get(Counter.QUOTA_COUNT) >= Limits.QUOTAS_MAX) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "there are " + Limits.QUOTAS_MAX + " quotas, as many as are allowed");
    }
    quota.setSince(context.nextOffset());
    UsageWalk tree = new UsageWalk(context.namespace(), quota.getInode());
    if (tree.finish(Limits.QUOTA_COUNTED_AT_ONCE_MAX_ENTRIES)) {
      quota
          .setUsedBytes(tree.bytes())
          .setUsedInodes(tree.inodes())
          .setCorrected(context.nextOffset() + 1);
    } else {
      quota.setCounting(true);
    }
  }

  private static long requireLimit(String unit, long limit) throws Refused {
    if (limit < 0) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          "a quota's limit of "
              + unit
              + " is "
              + Long.toUnsignedString(limit)
              + "; allowed: up to "
              + Long.MAX_VALUE
              + ", and 0 for none");
    }
    return limit;
  }

  static void clear(ClearQuota command, Context context) throws Refused, NeedsUfs {
    requireSuperuser(context);
    Inode directory = directory(command.getAt(), context);
    if (context.quotas().find(directory.getId()) == null) {
      throw new Refused(
          ErrorCode.NOT_FOUND, PathResolver.describe(command.getAt()) + " has no quota of its own");
    }
    context.result().setInode(directory);
    context.emit(
        Event.newBuilder().setQuotaCleared(QuotaCleared.newBuilder().setInode(directory.getId())));
  }

  /** The count is of a state of before; where the quota is another one by now, it is void. */
  static void correct(CorrectQuota command, Context context) {
    Quota quota = context.quotas().find(command.getDirectory());
    if (quota == null
        || !quota.getCounting()
        || quota.getSince() != command.getSince()
        || quota.getCorrected() > command.getOffset()) {
      return;
    }
    context.emit(
        Event.newBuilder()
            .setQuotaCorrected(
                QuotaCorrected.newBuilder()
                    .setInode(quota.getInode())
                    .setAddBytes(command.getAddBytes())
                    .setAddInodes(command.getAddInodes())));
  }

  private static Inode directory(EntryRef at, Context context) throws Refused, NeedsUfs {
    Inode directory = context.resolver().entry(at, true);
    if (!NamespaceView.isDirectory(directory)) {
      throw new Refused(ErrorCode.NOT_A_DIRECTORY, PathResolver.describe(at) + ": not a directory");
    }
    if (context.isDetached(directory.getId())) {
      throw new Refused(
          ErrorCode.NOT_FOUND, PathResolver.describe(at) + ": no such file or directory");
    }
    return directory;
  }

  private static void requireSuperuser(Context context) throws Refused {
    if (context.principal().getUid() != 0) {
      throw new Refused(
          ErrorCode.PERMISSION_DENIED,
          "the user is " + context.principal().getUid() + "; allowed: 0, the superuser");
    }
  }
}
