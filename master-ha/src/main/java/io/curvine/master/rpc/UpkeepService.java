/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.snapshot.Replica;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.CompactState;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.proto.SnapshotTaken;
import io.curvine.protocol.proto.StateCompacted;
import io.curvine.protocol.proto.TakeSnapshot;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** What a master does to its own files because an operator asked. Thread-safe. */
public final class UpkeepService {
  private static final long WAIT_MAX_MILLIS = 30_000;

  private final Replica replica;
  private final Executor compactor;
  private final NamedWork<SnapshotTaken> snapshots = new NamedWork<>();
  private final NamedWork<StateCompacted> compactions = new NamedWork<>();

  /**
   * @param compactor one thread of its own: a compaction can take minutes
   */
  public UpkeepService(Replica replica, Executor compactor) {
    this.replica = replica;
    this.compactor = compactor;
  }

  void take(TakeSnapshot request, RpcResponder responder) {
    CompletableFuture<SnapshotTaken> taken =
        snapshots.joinOrBegin(
            request.getRequest(), () -> replica.takeSnapshot().thenApply(UpkeepService::taken));
    answer(
        taken.thenApply(done -> AdminReply.newBuilder().setSnapshotTaken(done)),
        AdminReply.newBuilder().setSnapshotTaken(SnapshotTaken.getDefaultInstance()),
        request.getWaitMs(),
        responder);
  }

  private static SnapshotTaken taken(SnapshotManifest manifest) {
    return SnapshotTaken.newBuilder()
        .setFinished(true)
        .setName(manifest.getName())
        .setIndex(manifest.getIndex())
        .setOffset(manifest.getOffset())
        .setBytes(manifest.getFilesList().stream().mapToLong(SnapshotFile::getLengthBytes).sum())
        .build();
  }

  void compact(CompactState request, RpcResponder responder) {
    CompletableFuture<StateCompacted> compacted =
        compactions.joinOrBegin(request.getRequest(), this::compact);
    answer(
        compacted.thenApply(done -> AdminReply.newBuilder().setStateCompacted(done)),
        AdminReply.newBuilder().setStateCompacted(StateCompacted.getDefaultInstance()),
        request.getWaitMs(),
        responder);
  }

  private CompletableFuture<StateCompacted> compact() {
    try {
      return CompletableFuture.supplyAsync(this::compactNow, compactor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.failedFuture(
          new CurvineException(ErrorCode.BUSY, "a compaction is under way; try later"));
    }
  }

  private StateCompacted compactNow() {
    try {
      Replica.Compacted compacted = replica.compact();
      return StateCompacted.newBuilder()
          .setFinished(true)
          .setBytesBefore(compacted.bytesBefore())
          .setBytesAfter(compacted.bytesAfter())
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How long a caller waits at most. */
  static long waitMillis(int asked) {
    return Math.min(Integer.toUnsignedLong(asked), WAIT_MAX_MILLIS);
  }

  /** Answers when it is done, or after so long that it is not. */
  static void answer(
      CompletableFuture<AdminReply.Builder> done,
      AdminReply.Builder unfinished,
      int waitMs,
      RpcResponder responder) {
    done.completeOnTimeout(unfinished, waitMillis(waitMs), TimeUnit.MILLISECONDS)
        .whenComplete(
            (reply, failure) ->
                responder.respond(
                    failure == null
                        ? MasterResponse.newBuilder().setAdmin(reply).build()
                        : Responses.failure(failure)));
  }
}
