/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.protocol.proto.FeedFloor;

/** Writes the floors of the feed. */
public final class FloorsMutator {
  private final KvWriter writer;

  FloorsMutator(KvWriter writer) {
    this.writer = writer;
  }

  public void put(FeedFloor floor) {
    writer.put(ColumnFamily.FLOORS, Keys.of(floor.getName()), floor);
  }

  public void remove(String name) {
    writer.delete(ColumnFamily.FLOORS, Keys.of(name));
  }
}
