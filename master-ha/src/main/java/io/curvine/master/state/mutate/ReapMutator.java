/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.view.ReapView;

/** Writes the queue of directories that were deleted as a whole. */
public final class ReapMutator {
  private final KvWriter writer;
  private final ReapView view;
  private final MetaMutator meta;

  ReapMutator(KvWriter writer, ReapView view, MetaMutator meta) {
    this.writer = writer;
    this.view = view;
    this.meta = meta;
  }

  public void add(long directory) {
    writer.put(ColumnFamily.REAP, Keys.of(meta.count(Counter.REAP_NEXT)), directory);
    meta.add(Counter.REAP_NEXT, 1);
  }

  /** Takes the oldest, whose content is gone. */
  public void removeFirst(long directory) {
    if (view.first() != directory) {
      throw new IllegalStateException(
          "detached inode " + directory + " is not next; that is " + view.first());
    }
    writer.delete(ColumnFamily.REAP, Keys.of(meta.count(Counter.REAP_FIRST)));
    meta.add(Counter.REAP_FIRST, 1);
  }
}
