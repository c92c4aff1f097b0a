/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetSnapshotChunk;
import io.curvine.protocol.proto.SnapshotChunk;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Gives the own snapshots to other masters, no faster than set, on a thread of its own: a follower
 * that fetches takes neither the disk nor the threads of those who serve clients. Thread-safe.
 */
public final class SnapshotSource {
  /** Some followers with all their requests; more are told to come later. */
  private static final int WAITING_MAX = 32;

  private final SnapshotStore store;
  private final Throttle throttle;
  private final ScheduledExecutorService thread;
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong served = new AtomicLong();

  /**
   * @param bytesPerSecond to all who fetch, together; 0: no limit
   * @param thread one, which blocks on reads
   */
  public SnapshotSource(SnapshotStore store, long bytesPerSecond, ScheduledExecutorService thread) {
    this.store = store;
    this.throttle = new Throttle(bytesPerSecond);
    this.thread = thread;
  }

  /**
   * A snapshot's manifest; it stays while its files are asked for.
   *
   * @param name empty: the newest
   */
  public Optional<SnapshotManifest> manifest(String name) throws IOException {
    return store.pin(name);
  }

  /** Part of a file; fails with NOT_FOUND where the snapshot is not kept, BUSY where many wait. */
  public CompletableFuture<SnapshotChunk> read(GetSnapshotChunk chunk) {
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      return busy();
    }
    CompletableFuture<SnapshotChunk> answer = new CompletableFuture<>();
    long bytes = Math.min(chunk.getLengthBytes(), SnapshotStore.CHUNK_MAX_BYTES);
    try {
      thread.schedule(
          () -> read(chunk, answer),
          throttle.reserve(bytes, System.nanoTime()),
          TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      waiting.decrementAndGet();
      return busy();
    }
    return answer;
  }

  private static CompletableFuture<SnapshotChunk> busy() {
    return CompletableFuture.failedFuture(
        new CurvineException(ErrorCode.BUSY, "too many parts of snapshots are waited for already"));
  }

  private void read(GetSnapshotChunk chunk, CompletableFuture<SnapshotChunk> answer) {
    waiting.decrementAndGet();
    try {
      SnapshotChunk read =
          store.read(
              chunk.getSnapshot(), chunk.getPath(), chunk.getOffsetBytes(), chunk.getLengthBytes());
      served.addAndGet(read.getData().size());
      answer.complete(read);
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /** Bytes given since the start. */
  public long servedBytes() {
    return served.get();
  }
}
