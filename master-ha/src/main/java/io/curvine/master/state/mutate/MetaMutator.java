/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.view.MetaView;

/** Writes counters. */
public final class MetaMutator {
  private final KvWriter writer;
  private final MetaView view;

  MetaMutator(KvWriter writer, MetaView view) {
    this.writer = writer;
    this.view = view;
  }

  long count(Counter counter) {
    return view.get(counter);
  }

  public void set(Counter counter, long value) {
    writer.put(ColumnFamily.META, counter.key(), value);
  }

  public void add(Counter counter, long change) {
    set(counter, view.get(counter) + change);
  }

  /** Sets it where it is lower. */
  public void raise(Counter counter, long value) {
    if (view.get(counter) < value) {
      set(counter, value);
    }
  }

  public void clusterId(String id) {
    writer.put(ColumnFamily.CLUSTER, Keys.EMPTY, id);
  }
}
