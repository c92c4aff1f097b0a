/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.PathResolver.Place;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.UsageWalk;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.EntryDeleted;
import io.curvine.protocol.proto.EntryRenamed;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Quota;
import java.util.ArrayList;
import java.util.List;

/** What quotas refuse, and what events have to say for their use to be right. */
final class Quotas {
  private Quotas() {}

  /**
   * Refuses what would go past a quota over the directory.
   *
   * @param bytes by which files there grow
   * @param inodes that are made there
   */
  static void requireRoom(long directory, long bytes, long inodes, Context context) throws Refused {
    if (bytes > 0 || inodes > 0) {
      requireRoom(context.quotas().over(directory), bytes, inodes, context);
    }
  }

  /** Refuses a length that a file may not grow to. */
  static void requireLength(Inode file, long lengthBytes, Context context) throws Refused {
    requireRoom(file.getParent(), lengthBytes - file.getLengthBytes(), 0, context);
  }

  private static void requireRoom(List<Quota> quotas, long bytes, long inodes, Context context)
      throws Refused {
    for (Quota quota : quotas) {
      if (quota.getCounting()) {
        continue;
      }
      require(quota, "bytes", quota.getUsedBytes(), quota.getMaxBytes(), bytes, context);
      require(quota, "inodes", quota.getUsedInodes(), quota.getMaxInodes(), inodes, context);
    }
  }

  private static void require(
      Quota quota, String unit, long used, long max, long more, Context context) throws Refused {
    if (more > 0 && max != 0 && used > max - more) {
      throw new Refused(
          ErrorCode.QUOTA_EXCEEDED,
          "below "
              + path(quota.getInode(), context.namespace())
              + " are "
              + used
              + " "
              + unit
              + ", and "
              + more
              + " more are asked for; allowed: "
              + max
              + " by its quota");
    }
  }

  private static String path(long directory, NamespaceView namespace) {
    return namespace.isAttached(directory)
        ? namespace.path(namespace.require(directory)).toStringUtf8()
        : "inode " + directory;
  }

  /**
   * Says what a tree that is deleted held, where that is soon counted; otherwise it goes on to
   * count until it is reaped.
   */
  static void countDeleted(EntryDeleted.Builder deleted, Context context) {
    if (context.quotas().over(deleted.getParent()).isEmpty()) {
      return;
    }
    UsageWalk tree = new UsageWalk(context.namespace(), deleted.getInode());
    if (tree.finish(Limits.QUOTA_COUNTED_AT_ONCE_MAX_ENTRIES)) {
      deleted.setCounted(true).setTreeBytes(tree.bytes()).setTreeInodes(tree.inodes());
    }
  }

  /**
   * Refuses a move that would go past a quota. Says what a directory holds that leaves or comes
   * below one.
   *
   * @param replaced what is at the new name; null: nothing
   */
  static void move(Inode moved, Inode replaced, EntryRenamed.Builder renamed, Context context)
      throws Refused {
    long fromParent = renamed.getFromParent();
    if (!isPrimary(moved, fromParent, renamed.getFromName())
        || fromParent == renamed.getToParent()
        || !context.quotas().any()) {
      return;
    }
    List<Long> left = directories(context.quotas().over(fromParent));
    List<Quota> entered = new ArrayList<>(context.quotas().over(renamed.getToParent()));
    if (left.equals(directories(entered))) {
      return;
    }
    countTree(moved, renamed, context);
    entered.removeIf(quota -> left.contains(quota.getInode()));
    boolean frees =
        replaced != null && isGone(replaced, renamed.getToParent(), renamed.getToName());
    requireRoom(
        entered,
        renamed.getTreeBytes()
            + UsageWalk.bytesOf(moved)
            - (frees ? UsageWalk.bytesOf(replaced) : 0),
        renamed.getTreeInodes() + (frees ? 0 : 1),
        context);
  }

  /**
   * Refuses an exchange after which more would be below a quota than it allows: what comes counts
   * less what leaves. Says what directories hold that leave or come below one.
   *
   * @param there how the inode of the first place gets to the second one
   * @param here how that of the second place gets to the first one
   */
  static void exchange(
      Place first,
      Place second,
      EntryRenamed.Builder there,
      EntryRenamed.Builder here,
      Context context)
      throws Refused {
    if (first.parent().getId() == second.parent().getId() || !context.quotas().any()) {
      return;
    }
    List<Quota> overFirst = context.quotas().over(first.parent().getId());
    List<Quota> overSecond = context.quotas().over(second.parent().getId());
    if (directories(overFirst).equals(directories(overSecond))) {
      return;
    }
    long bytes = 0;
    long inodes = 0;
    if (isPrimary(first.inode(), first.parent().getId(), first.name())) {
      countTree(first.inode(), there, context);
      bytes += UsageWalk.bytesOf(first.inode()) + there.getTreeBytes();
      inodes += 1 + there.getTreeInodes();
    }
    if (isPrimary(second.inode(), second.parent().getId(), second.name())) {
      countTree(second.inode(), here, context);
      bytes -= UsageWalk.bytesOf(second.inode()) + here.getTreeBytes();
      inodes -= 1 + here.getTreeInodes();
    }
    requireRoom(without(overSecond, overFirst), bytes, inodes, context);
    requireRoom(without(overFirst, overSecond), -bytes, -inodes, context);
  }

  private static List<Quota> without(List<Quota> quotas, List<Quota> others) {
    List<Long> left = directories(others);
    return quotas.stream().filter(quota -> !left.contains(quota.getInode())).toList();
  }

  /** Says in the event what a directory holds, if that is soon counted. */
  private static void countTree(Inode moved, EntryRenamed.Builder renamed, Context context)
      throws Refused {
    if (!NamespaceView.isDirectory(moved)) {
      return;
    }
    UsageWalk tree = new UsageWalk(context.namespace(), moved.getId());
    if (!tree.finish(Limits.QUOTA_MOVED_MAX_ENTRIES)) {
      throw new Refused(
          ErrorCode.CROSS_MOUNT,
          "directory '"
              + moved.getName().toStringUtf8()
              + "' holds more than "
              + Limits.QUOTA_MOVED_MAX_ENTRIES
              + " entries; allowed: up to that many to move into or out of a quota; copy it");
    }
    renamed.setTreeBytes(tree.bytes()).setTreeInodes(tree.inodes());
  }

  /** Whether an inode counts where that name is. */
  private static boolean isPrimary(Inode inode, long parent, ByteString name) {
    return inode.getParent() == parent && inode.getName().equals(name);
  }

  /** Whether an inode goes, or counts elsewhere, when this name does. */
  private static boolean isGone(Inode replaced, long parent, ByteString name) {
    return isPrimary(replaced, parent, name)
        && (NamespaceView.isDirectory(replaced) || replaced.getNlink() <= 1);
  }

  private static List<Long> directories(List<Quota> quotas) {
    return quotas.stream().map(Quota::getInode).toList();
  }
}
