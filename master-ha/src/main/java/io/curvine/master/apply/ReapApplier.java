/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.apply;

import com.google.protobuf.ByteString;
import io.curvine.master.state.mutate.MutableState;
import io.curvine.protocol.proto.EntriesReaped;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ReapedEntry;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One step through a tree that was deleted as a whole. A step takes the names of a directory in
 * their order and none is left between them, so what it takes is marked as ranges.
 */
final class ReapApplier {
  /** Fewer names or inodes in a row are not worth a range. */
  private static final int RANGE_MIN = 16;

  private ReapApplier() {}

  /** Names of one directory that a step takes. */
  private static final class Names {
    private final ByteString first;
    private ByteString last;
    private int count;

    Names(ByteString first) {
      this.first = first;
    }

    void add(ByteString name) {
      last = name;
      count++;
    }
  }

  static void reaped(EntriesReaped event, MutableState state, long now) {
    Map<Long, Names> names = new LinkedHashMap<>();
    for (ReapedEntry entry : event.getEntriesList()) {
      state.namespace().unlink(entry.getParent(), entry.getName(), entry.getInode(), false, now);
      names
          .computeIfAbsent(entry.getParent(), parent -> new Names(entry.getName()))
          .add(entry.getName());
    }
    names.forEach(
        (parent, taken) -> {
          if (taken.count >= RANGE_MIN) {
            state.namespace().joinDeletedNames(parent, taken.first, taken.last);
          }
        });
    joinInodes(event, state);
    if (event.getFinishedRoot() != 0) {
      finish(event.getFinishedRoot(), state);
    }
  }

  private static void joinInodes(EntriesReaped event, MutableState state) {
    long[] gone =
        event.getEntriesList().stream()
            .filter(ReapedEntry::getLastLink)
            .mapToLong(ReapedEntry::getInode)
            .sorted()
            .distinct()
            .toArray();
    int start = 0;
    for (int i = 1; i <= gone.length; i++) {
      if (i == gone.length || gone[i] != gone[i - 1] + 1) {
        if (i - start >= RANGE_MIN) {
          state.namespace().joinDeletedInodes(gone[start], gone[i - 1]);
        }
        start = i;
      }
    }
  }

  private static void finish(long rootId, MutableState state) {
    Inode root = state.view().namespace().require(rootId);
    if (state.view().namespace().hasChildren(rootId)) {
      throw new IllegalStateException("detached inode " + rootId + " is not empty");
    }
    state.quotas().reaped(rootId);
    state.namespace().drop(root);
    state.reap().removeFirst(rootId);
  }
}
