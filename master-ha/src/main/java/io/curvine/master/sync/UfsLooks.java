/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import com.google.protobuf.ByteString;
import io.curvine.master.leader.Failures;
import io.curvine.master.store.StateStore;
import io.curvine.master.sync.LookPlan.Look;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.change.ChangeHint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Looks at what hints point to. Blocks its caller; thread-safe. */
final class UfsLooks {
  private final UfsLoader loader;
  private final Supplier<StateStore> state;

  UfsLooks(UfsLoader loader, Supplier<StateStore> state) {
    this.loader = loader;
    this.state = state;
  }

  /**
   * What was seen.
   *
   * @param names each looked at alone; a directory before what is in it
   * @param unseen paths at which nothing is known: more may have changed below, or the UFS failed
   *     there
   */
  record Seen(List<ReconcileDirectory> names, List<ByteString> unseen) {
    Seen {
      names = List.copyOf(names);
      unseen = List.copyOf(unseen);
    }

    boolean isEmpty() {
      return names.isEmpty() && unseen.isEmpty();
    }
  }

  /**
   * Looks at what the hints need, many at a time.
   *
   * @throws IOException where the UFS cannot be reached or denies: nothing is known then
   */
  Seen look(Mount mount, List<ChangeHint> hints) throws IOException {
    LookPlan plan = state.get().read(view -> LookPlan.of(mount, hints, view));
    Map<String, ReconcileDirectory> seen = new TreeMap<>();
    List<ByteString> unseen = new ArrayList<>();
    plan.trees().forEach(path -> unseen.add(ByteString.copyFromUtf8(path)));
    List<Look> next = plan.looks();
    while (!next.isEmpty()) {
      Map<Look, CompletableFuture<ReconcileDirectory>> asked = new HashMap<>();
      for (Look look : next) {
        asked.put(look, loader.look(mount, look));
      }
      List<ChangeHint> above = new ArrayList<>();
      for (Map.Entry<Look, CompletableFuture<ReconcileDirectory>> each : asked.entrySet()) {
        String path = each.getKey().path();
        ReconcileDirectory found = await(each.getValue(), path, unseen);
        if (found != null) {
          seen.put(path, found);
          String parent = UfsPaths.parent(path);
          // Where directories are only what keys begin with, the last entry takes its directory
          // along.
          if (found.getEntriesCount() == 0 && !parent.isEmpty() && !seen.containsKey(parent)) {
            above.add(ChangeHint.at(parent));
          }
        }
      }
      next = state.get().read(view -> LookPlan.of(mount, above, view)).looks();
    }
    return new Seen(List.copyOf(seen.values()), unseen);
  }

  /** Null where only this path cannot be looked at. */
  private static ReconcileDirectory await(
      CompletableFuture<ReconcileDirectory> look, String path, List<ByteString> unseen)
      throws IOException {
    try {
      return look.join();
    } catch (CompletionException e) {
      Throwable cause = Failures.cause(e);
      if (cause instanceof CurvineException failure && failure.code() == ErrorCode.UFS_ERROR) {
        unseen.add(ByteString.copyFromUtf8(path));
        return null;
      }
      throw cause instanceof IOException failure ? failure : new IOException(cause);
    }
  }
}
