/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.protocol.proto.Mount;

/** Writes the mount table and its version. */
public final class MountsMutator {
  private final KvWriter writer;
  private final MetaMutator meta;

  MountsMutator(KvWriter writer, MetaMutator meta) {
    this.writer = writer;
    this.meta = meta;
  }

  public void put(Mount mount) {
    writer.put(ColumnFamily.MOUNTS, Keys.of(mount.getId()), mount);
    meta.raise(Counter.LAST_MOUNT, mount.getId());
    meta.add(Counter.MOUNTS_VERSION, 1);
  }

  public void remove(int mountId) {
    writer.delete(ColumnFamily.MOUNTS, Keys.of(mountId));
    meta.add(Counter.MOUNTS_VERSION, 1);
  }
}
