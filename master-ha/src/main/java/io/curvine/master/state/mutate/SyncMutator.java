/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.view.SyncView;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.FollowedSource;

/** Writes how far change sources have come, and what is to be compared with a UFS. */
public final class SyncMutator {
  private final KvWriter writer;

  SyncMutator(KvWriter writer) {
    this.writer = writer;
  }

  public void put(FollowedSource source) {
    writer.put(
        ColumnFamily.SOURCES,
        Keys.ofMount(source.getMountId(), ByteString.copyFromUtf8(source.getKind())),
        source);
  }

  public void put(DirtySubtree subtree) {
    writer.put(ColumnFamily.DIRTY, Keys.ofMount(subtree.getMountId(), subtree.getPath()), subtree);
  }

  public void clean(int mountId, ByteString path) {
    writer.delete(ColumnFamily.DIRTY, Keys.ofMount(mountId, path));
  }

  public void forget(FollowedSource source) {
    writer.delete(
        ColumnFamily.SOURCES,
        Keys.ofMount(source.getMountId(), ByteString.copyFromUtf8(source.getKind())));
  }

  /** Takes away all that is known of a mount. */
  public void forget(int mountId, SyncView view) {
    view.sources(mountId).forEach(this::forget);
    for (DirtySubtree subtree : view.dirty(mountId, Integer.MAX_VALUE)) {
      clean(mountId, subtree.getPath());
    }
  }
}
