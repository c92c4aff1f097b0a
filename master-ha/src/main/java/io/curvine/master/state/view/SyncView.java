/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.DirtySubtree;
import io.curvine.protocol.proto.FollowedSource;
import java.util.ArrayList;
import java.util.List;

/**
 * How far the change sources of mounts have come, and what is to be compared with a UFS. As
 * thread-safe as its reader.
 */
public final class SyncView {
  private final KvReader reader;

  SyncView(KvReader reader) {
    this.reader = reader;
  }

  /** The source, or null where it has told nothing yet. */
  public FollowedSource source(int mountId, String kind) {
    return reader.get(ColumnFamily.SOURCES, Keys.ofMount(mountId, ByteString.copyFromUtf8(kind)));
  }

  /** Those of a mount that have told something, by kind. */
  public List<FollowedSource> sources(int mountId) {
    List<FollowedSource> sources = new ArrayList<>();
    reader.scan(
        ColumnFamily.SOURCES,
        Keys.of(mountId),
        Keys.after(Keys.of(mountId)),
        (key, source) -> sources.add(source));
    return sources;
  }

  /** The mark at exactly this path, or null. */
  public DirtySubtree dirty(int mountId, ByteString path) {
    return reader.get(ColumnFamily.DIRTY, Keys.ofMount(mountId, path));
  }

  /** The dirty parts of a mount by path, at most so many. */
  public List<DirtySubtree> dirty(int mountId, int limit) {
    List<DirtySubtree> subtrees = new ArrayList<>();
    reader.scan(
        ColumnFamily.DIRTY,
        Keys.of(mountId),
        Keys.after(Keys.of(mountId)),
        (key, subtree) -> {
          subtrees.add(subtree);
          return subtrees.size() < limit;
        });
    return subtrees;
  }
}
