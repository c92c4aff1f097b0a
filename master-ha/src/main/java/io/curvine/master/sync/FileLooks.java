/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import io.curvine.master.leader.Failures;
import io.curvine.protocol.proto.Inode;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Has single files compared with their UFS, so that no answer overwrites a newer one: a file is
 * looked at once at a time, not while its directory is being listed, and not while somebody has the
 * turn of its mount alone. Thread-safe; blocks nobody.
 */
final class FileLooks {
  private final Function<Inode, CompletableFuture<Void>> look;
  private final Function<Inode, Turn> turns;
  private final Function<Long, CompletableFuture<Void>> listings;
  private final Map<Long, CompletableFuture<Void>> byFile = new HashMap<>();
  private final Map<Long, Map<Long, CompletableFuture<Void>>> byDirectory = new HashMap<>();

  /**
   * The looks of one loader.
   *
   * @param look looks at a file and has the namespace follow
   * @param turns of the mount of a file
   * @param listings the listing of a directory that is under way; null: none is
   */
  FileLooks(
      Function<Inode, CompletableFuture<Void>> look,
      Function<Inode, Turn> turns,
      Function<Long, CompletableFuture<Void>> listings) {
    this.look = look;
    this.turns = turns;
    this.listings = listings;
  }

  /** Compares a file by a look, or a listing of its directory, that begins after this call. */
  CompletableFuture<Void> refresh(Inode file) {
    CompletableFuture<Void> running;
    synchronized (this) {
      running = byFile.get(file.getId());
    }
    return running == null
        ? joinOrBegin(file, true)
        : afterwards(running).thenCompose(ended -> joinOrBegin(file, true));
  }

  /** Whatever is found here under way has begun after the call, save a first listing. */
  private CompletableFuture<Void> joinOrBegin(Inode file, boolean firstListing) {
    CompletableFuture<Void> mine = new CompletableFuture<>();
    CompletableFuture<Void> listing;
    synchronized (this) {
      CompletableFuture<Void> running = byFile.get(file.getId());
      if (running != null) {
        return running;
      }
      listing = listings.apply(file.getParent());
      if (listing == null) {
        byFile.put(file.getId(), mine);
        byDirectory
            .computeIfAbsent(file.getParent(), id -> new HashMap<>())
            .put(file.getId(), mine);
      }
    }
    if (listing == null) {
      begin(file, mine);
      return mine;
    }
    return firstListing
        ? afterwards(listing).thenCompose(ended -> joinOrBegin(file, false))
        : listing;
  }

  private void begin(Inode file, CompletableFuture<Void> mine) {
    Turn turn = turns.apply(file);
    turn.share()
        .thenCompose(begun -> look.apply(file))
        .whenComplete(
            (done, failure) -> {
              turn.endShare();
              forget(file);
              if (failure == null) {
                mine.complete(null);
              } else {
                mine.completeExceptionally(Failures.cause(failure));
              }
            });
  }

  private synchronized void forget(Inode file) {
    byFile.remove(file.getId());
    Map<Long, CompletableFuture<Void>> others = byDirectory.get(file.getParent());
    others.remove(file.getId());
    if (others.isEmpty()) {
      byDirectory.remove(file.getParent());
    }
  }

  /**
   * Completes when the looks at files of a directory have ended that are under way. Those that come
   * later wait for the listing, which the caller has made known before.
   */
  synchronized CompletableFuture<Void> ended(long directory) {
    return CompletableFuture.allOf(
        byDirectory.getOrDefault(directory, Map.of()).values().stream()
            .map(FileLooks::afterwards)
            .toArray(CompletableFuture<?>[]::new));
  }

  private static CompletableFuture<Void> afterwards(CompletableFuture<Void> running) {
    return running.handle((done, failure) -> null);
  }
}
