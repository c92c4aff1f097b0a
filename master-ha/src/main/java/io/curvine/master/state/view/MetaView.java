/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import java.nio.charset.StandardCharsets;

/** Counters and the cluster's name. As thread-safe as its reader. */
public final class MetaView {
  /** Key of the cluster's name. */
  public static final String CLUSTER_ID_KEY = "cluster_id";

  private final KvReader reader;

  MetaView(KvReader reader) {
    this.reader = reader;
  }

  /** The number; 0 where it was never set. */
  public long get(Counter counter) {
    byte[] value = reader.get(ColumnFamily.META, counter.key());
    return value == null ? 0 : Keys.longAt(value, 0);
  }

  public long nextOffset() {
    return get(Counter.NEXT_OFFSET);
  }

  /** Empty before the cluster was formed. */
  public String clusterId() {
    byte[] value = reader.get(ColumnFamily.META, CLUSTER_ID_KEY.getBytes(StandardCharsets.UTF_8));
    return value == null ? "" : new String(value, StandardCharsets.UTF_8);
  }
}
