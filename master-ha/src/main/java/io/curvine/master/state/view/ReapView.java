/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;

/**
 * The queue of directories that were deleted as a whole and whose content is still to be reaped. As
 * thread-safe as its reader.
 */
public final class ReapView {
  private final KvReader reader;
  private final MetaView meta;

  ReapView(KvReader reader, MetaView meta) {
    this.reader = reader;
    this.meta = meta;
  }

  /** How many wait. */
  public long count() {
    return meta.get(Counter.REAP_NEXT) - meta.get(Counter.REAP_FIRST);
  }

  /** Inode of the oldest; 0 where none waits. */
  public long first() {
    if (count() == 0) {
      return 0;
    }
    Long inode = reader.get(ColumnFamily.REAP, Keys.of(meta.get(Counter.REAP_FIRST)));
    if (inode == null) {
      throw new IllegalStateException("the queue of detached directories has a hole");
    }
    return inode;
  }
}
