/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;

/** Counters and the cluster's name. As thread-safe as its reader. */
public final class MetaView {
  private final KvReader reader;

  MetaView(KvReader reader) {
    this.reader = reader;
  }

  /** The number; 0 where it was never set. */
  public long get(Counter counter) {
    Long value = reader.get(ColumnFamily.META, counter.key());
    return value == null ? 0 : value;
  }

  public long nextOffset() {
    return get(Counter.NEXT_OFFSET);
  }

  /** Empty before the cluster was formed. */
  public String clusterId() {
    String id = reader.get(ColumnFamily.CLUSTER, Keys.EMPTY);
    return id == null ? "" : id;
  }
}
