/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import io.curvine.master.leader.Failures;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.query.UfsLocation;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists the loaded directories of cache-mode mounts again, every {@code scan_interval_ms} of the
 * mount, so that changes made at the UFS are seen. Owned by one thread that calls {@link #tick} now
 * and then; a tick lasts as long as a round.
 */
public final class Scanner {
  private static final Logger LOG = LoggerFactory.getLogger(Scanner.class);
  private static final int PAGE_DIRECTORIES = 256;

  private final Supplier<QueryEngine> queries;
  private final UfsLoader loader;
  private final BooleanSupplier leading;
  private final int concurrency;
  private final Map<Integer, Long> lastRoundNanos = new HashMap<>();

  /**
   * @param concurrency directories listed at the same time
   */
  public Scanner(
      Supplier<QueryEngine> queries, UfsLoader loader, BooleanSupplier leading, int concurrency) {
    this.queries = queries;
    this.loader = loader;
    this.leading = leading;
    this.concurrency = concurrency;
  }

  /** One round over the mounts whose time has come. */
  public void tick() {
    if (!leading.getAsBoolean()) {
      lastRoundNanos.clear();
      return;
    }
    Set<Integer> due = dueMounts();
    if (due.isEmpty()) {
      return;
    }
    Deque<CompletableFuture<Void>> running = new ArrayDeque<>();
    long after = 0;
    List<Long> page;
    do {
      page = queries.get().loadedDirectories(after, PAGE_DIRECTORIES);
      for (long directory : page) {
        after = directory;
        Optional<UfsLocation> location = queries.get().ufsLocation(directory);
        if (location.isPresent() && due.contains(location.get().mount().getId())) {
          if (running.size() >= concurrency) {
            await(running.removeFirst());
          }
          running.addLast(loader.load(directory));
        }
      }
    } while (!page.isEmpty() && leading.getAsBoolean());
    running.forEach(Scanner::await);
  }

  private Set<Integer> dueMounts() {
    long now = System.nanoTime();
    Set<Integer> due = new HashSet<>();
    Set<Integer> known = new HashSet<>();
    for (Mount mount : queries.get().mountsWithSecrets()) {
      if (mount.getMode() != MountMode.CACHE || mount.getScanIntervalMs() <= 0) {
        continue;
      }
      known.add(mount.getId());
      long intervalNanos = TimeUnit.MILLISECONDS.toNanos(mount.getScanIntervalMs());
      long last = lastRoundNanos.computeIfAbsent(mount.getId(), id -> now);
      if (now - last >= intervalNanos) {
        lastRoundNanos.put(mount.getId(), now);
        due.add(mount.getId());
      }
    }
    lastRoundNanos.keySet().retainAll(known);
    return due;
  }

  private static void await(CompletableFuture<Void> listing) {
    try {
      listing.join();
    } catch (CompletionException e) {
      LOG.info("cannot list a directory again: {}", Failures.cause(e).getMessage());
    }
  }
}
