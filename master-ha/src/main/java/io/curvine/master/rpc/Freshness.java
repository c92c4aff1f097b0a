/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.UfsUses;
import io.curvine.master.store.StoreException;
import io.curvine.master.sync.UfsLoader;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Has what a query uses compared with the UFS first, where its mount bounds how long ago that may
 * have been. Thread-safe; blocks nobody.
 */
final class Freshness {
  private final NodeView node;
  private final UfsLoader loader;
  private final LongSupplier nanoTime;
  private volatile Bounds known = new Bounds(-1, Map.of());

  /** The mounts that bound anything, by id, in one version of the mount table. */
  private record Bounds(long version, Map<Integer, Mount> mounts) {}

  Freshness(NodeView node, UfsLoader loader, LongSupplier nanoTime) {
    this.node = node;
    this.loader = loader;
    this.nanoTime = nanoTime;
  }

  private Map<Integer, Mount> bounds(QueryEngine queries) {
    long version = queries.mountsVersion();
    Bounds last = known;
    if (last.version != version) {
      last =
          new Bounds(
              version,
              queries.boundedMounts().stream()
                  .collect(Collectors.toUnmodifiableMap(Mount::getId, mount -> mount)));
      known = last;
    }
    return last.mounts;
  }

  /** Whether the query uses something that only the leader knows the age of. */
  boolean concerns(Query query) {
    QueryEngine queries = node.queries();
    try {
      return concerns(query, queries);
    } catch (StoreException e) {
      // A snapshot may have taken the state's place just then.
      if (node.queries() == queries) {
        throw e;
      }
      return concerns(query, node.queries());
    }
  }

  private boolean concerns(Query query, QueryEngine queries) {
    if (bounds(queries).isEmpty()) {
      return false;
    }
    UfsUses uses = queries.ufsUses(query);
    return uses.file() != null || !uses.directories().isEmpty();
  }

  /** The comparisons that come before the answer; null where there are none. */
  CompletableFuture<Void> before(Query query) {
    QueryEngine queries = node.queries();
    Map<Integer, Mount> bounds = bounds(queries);
    if (bounds.isEmpty()) {
      return null;
    }
    UfsUses uses = queries.ufsUses(query);
    List<CompletableFuture<Void>> comparisons = new ArrayList<>();
    for (Inode directory : uses.directories()) {
      Mount mount = bounds.get(directory.getMountId());
      if (mount != null && old(directory.getId(), mount.getListTtlMs())) {
        comparisons.add(loader.loadAnew(directory.getId()));
      }
    }
    Inode file = uses.file();
    Mount mount = file == null ? null : bounds.get(file.getMountId());
    if (mount != null
        && old(file.getId(), mount.getVerifyMs())
        && old(file.getParent(), mount.getVerifyMs())) {
      comparisons.add(loader.refresh(file));
    }
    return comparisons.isEmpty()
        ? null
        : CompletableFuture.allOf(comparisons.toArray(CompletableFuture<?>[]::new));
  }

  /**
   * @param maxAgeMs less than 0: whatever is known is too old
   */
  private boolean old(long inode, long maxAgeMs) {
    OptionalLong last = loader.comparisons().last(inode);
    return maxAgeMs < 0
        || last.isEmpty()
        || nanoTime.getAsLong() - last.getAsLong() >= TimeUnit.MILLISECONDS.toNanos(maxAgeMs);
  }
}
