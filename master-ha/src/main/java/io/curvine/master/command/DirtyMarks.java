/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.SubtreeDirtied;
import java.util.HashSet;
import java.util.Set;

/**
 * Marks parts of one mount as to be compared with its UFS, in one command. Where there are too many
 * to keep apart, all of the mount is dirty.
 */
final class DirtyMarks {
  private final Mount mount;
  private final Context context;
  private final Set<ByteString> marked = new HashSet<>();

  /** How many there are; less than 0: not counted yet. */
  private int count = -1;

  DirtyMarks(Mount mount, Context context) {
    this.mount = mount;
    this.context = context;
  }

  /** At a path in the location; once a command. */
  void mark(ByteString path, String why) {
    if (!marked.add(path)) {
      return;
    }
    if (context.sync().dirty(mount.getId(), path) == null) {
      if (count < 0) {
        count = context.sync().dirty(mount.getId(), Limits.DIRTY_SUBTREES_MAX).size();
      }
      if (count >= Limits.DIRTY_SUBTREES_MAX && !path.isEmpty()) {
        mark(ByteString.EMPTY, why);
        return;
      }
      count++;
    }
    context.emit(
        Event.newBuilder()
            .setSubtreeDirtied(
                SubtreeDirtied.newBuilder()
                    .setSubtree(
                        DirtySubtree.newBuilder()
                            .setMountId(mount.getId())
                            .setPath(path)
                            .setWhy(why)
                            .setSinceNanos(context.nowNanos())
                            .setMarkedAt(context.nextOffset()))));
  }
}
