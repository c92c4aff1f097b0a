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
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.ReconcileDirectory;
import io.curvine.ufs.UfsPaths;
import io.curvine.ufs.change.ChangeHint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at what hints point to. Blocks its caller; thread-safe. */
final class UfsLooks {
  private static final Logger LOG = LoggerFactory.getLogger(UfsLooks.class);

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
   * @param unseen paths at which nothing is known: more may have changed below, the UFS failed
   *     there, or a listing is under way that may be older than the hint
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

  /** See {@link UfsLoader#turn}. */
  Turn turn(Mount mount) {
    return loader.turn(mount);
  }

  /**
   * Looks at what the hints need, many at a time. The caller holds the mount's {@link #turn}.
   *
   * @throws IOException where the UFS cannot be reached: nothing is known then
   */
  Seen look(Mount mount, List<ChangeHint> hints) throws IOException {
    Set<String> unseen = new TreeSet<>();
    LookPlan before = state.get().read(view -> LookPlan.of(mount, hints, view));
    before
        .directories()
        .forEach(
            (directory, path) -> {
              if (loader.isLoading(directory)) {
                unseen.add(path);
              }
            });
    // Again: a listing that has ended by now is in the state.
    LookPlan plan = state.get().read(view -> LookPlan.of(mount, hints, view));
    unseen.addAll(plan.trees());
    Map<String, ReconcileDirectory> seen = new TreeMap<>();
    List<Look> next = plan.looks();
    while (!next.isEmpty()) {
      List<ChangeHint> above = new ArrayList<>();
      for (Map.Entry<String, ReconcileDirectory> each : ask(next, unseen).entrySet()) {
        seen.put(each.getKey(), each.getValue());
        String parent = UfsPaths.parent(each.getKey());
        // Where directories are only what keys begin with, the last entry takes its own along.
        if (each.getValue().getEntriesCount() == 0
            && !parent.isEmpty()
            && !seen.containsKey(parent)) {
          above.add(ChangeHint.at(parent));
        }
      }
      next = state.get().read(view -> LookPlan.of(mount, above, view)).looks();
    }
    return new Seen(
        List.copyOf(seen.values()), unseen.stream().map(ByteString::copyFromUtf8).toList());
  }

  private Map<String, ReconcileDirectory> ask(List<Look> looks, Set<String> unseen)
      throws IOException {
    Map<String, CompletableFuture<ReconcileDirectory>> asked = new TreeMap<>();
    for (Look look : looks) {
      asked.put(look.path(), loader.look(look));
    }
    Map<String, ReconcileDirectory> answers = new TreeMap<>();
    for (Map.Entry<String, CompletableFuture<ReconcileDirectory>> each : asked.entrySet()) {
      try {
        answers.put(each.getKey(), each.getValue().join());
      } catch (CompletionException e) {
        passedOver(each.getKey(), Failures.asCurvine(e), unseen);
      }
    }
    return answers;
  }

  /** Only where it is this path alone that cannot be looked at. */
  private static void passedOver(String path, CurvineException failure, Set<String> unseen)
      throws CurvineException {
    switch (failure.code()) {
      case UFS_UNREACHABLE, BUSY, NOT_READY, INTERNAL -> throw failure;
      case INVALID_ARGUMENT, UNSUPPORTED ->
          LOG.debug("'{}' cannot be in the namespace: {}", path, failure.getMessage());
      default -> unseen.add(path);
    }
  }
}
