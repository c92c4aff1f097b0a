/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import com.google.protobuf.ByteString;
import io.curvine.master.snapshot.Replica;
import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.master.snapshot.SnapshotStore;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.store.FrozenState;
import io.curvine.master.tool.KeyRange;
import io.curvine.master.tool.RangeDigest;
import io.curvine.master.tool.StateDigest;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.Pace;
import io.curvine.protocol.proto.AdminReply;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FamilyHash;
import io.curvine.protocol.proto.HashState;
import io.curvine.protocol.proto.HashedRange;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.PruneSnapshots;
import io.curvine.protocol.proto.SnapshotList;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.proto.SnapshotsPruned;
import io.curvine.protocol.proto.StateHashed;
import io.curvine.protocol.proto.StepHash;
import io.curvine.protocol.rpc.RpcResponder;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** What a master tells of its own state and snapshots. Thread-safe. */
public final class StateService {
  /** How fast a state is read for its digests; nobody waits for them but the operator. */
  private static final long DIGEST_RATE = 64L << 20;

  /** What is said where more cannot wait. */
  static final String BUSY = "too much work on the state is waiting already; try later";

  private static final int HASHES_MAX = 4;
  private static final int STEP_KEYS_MAX = 1_000_000;

  private final Replica replica;
  private final SnapshotStore snapshots;
  private final Executor threads;
  private final RecentWork<StateHashed> hashes = new RecentWork<>(HASHES_MAX);

  /**
   * @param threads bounded; digests take long
   */
  public StateService(Replica replica, SnapshotStore snapshots, Executor threads) {
    this.replica = replica;
    this.snapshots = snapshots;
    this.threads = threads;
  }

  void list(RpcResponder responder) {
    answer(
        () -> {
          SnapshotList.Builder list = SnapshotList.newBuilder();
          snapshots
              .manifests()
              .forEach(manifest -> list.addSnapshots(SnapshotManifests.info(manifest)));
          return AdminReply.newBuilder().setSnapshotList(list);
        },
        responder);
  }

  void prune(PruneSnapshots request, RpcResponder responder) {
    answer(
        () -> {
          // A number beyond what an int holds keeps all of them too.
          int keep = request.getKeep() < 0 ? Integer.MAX_VALUE : request.getKeep();
          List<SnapshotManifest> before = snapshots.manifests();
          List<SnapshotManifest> gone = snapshots.prune(keep, request.getDryRun());
          SnapshotsPruned.Builder pruned = SnapshotsPruned.newBuilder();
          for (SnapshotManifest manifest : before) {
            if (gone.contains(manifest)) {
              pruned.addRemoved(manifest.getName());
            } else {
              pruned.addKept(manifest.getName());
            }
          }
          return AdminReply.newBuilder().setSnapshotsPruned(pruned);
        },
        responder);
  }

  private void answer(BlockingWork<AdminReply.Builder> work, RpcResponder responder) {
    BlockingWork.begin(threads, BUSY, work)
        .whenComplete(
            (reply, failure) ->
                responder.respond(
                    failure == null
                        ? MasterResponse.newBuilder().setAdmin(reply).build()
                        : Responses.failure(failure)));
  }

  void hash(HashState request, RpcResponder responder) {
    CompletableFuture<StateHashed> hashed =
        hashes.joinOrBegin(
            request.getRequest(), wanted -> begin(request, wanted.pace(DIGEST_RATE)));
    UpkeepService.answer(
        hashed.thenApply(done -> AdminReply.newBuilder().setStateHashed(done)),
        AdminReply.newBuilder().setStateHashed(StateHashed.getDefaultInstance()),
        request.getWaitMs(),
        responder);
  }

  private CompletableFuture<StateHashed> begin(HashState request, Pace pace) {
    try {
      KeyRange range = request.hasRange() ? range(request.getRange()) : null;
      return replica
          .freezeAt(request.getAtOffset())
          .thenCompose(state -> digest(state, range, request.getRange(), pace));
    } catch (CurvineException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private static KeyRange range(HashedRange range) throws CurvineException {
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      if (family.storedName().equals(range.getFamily())) {
        return new KeyRange(
            family, key(range.getFrom()), range.getTo().isEmpty() ? null : key(range.getTo()));
      }
    }
    throw new CurvineException(
        ErrorCode.INVALID_ARGUMENT,
        "family is '" + range.getFamily() + "'; allowed: " + ColumnFamily.all());
  }

  private static Key key(ByteString bytes) {
    return Key.of(bytes.toByteArray());
  }

  private CompletableFuture<StateHashed> digest(
      FrozenState state, KeyRange range, HashedRange asked, Pace pace) {
    return BlockingWork.begin(
            threads,
            BUSY,
            () -> range == null ? whole(state, pace) : steps(state, range, asked, pace))
        .whenComplete((done, failure) -> state.close());
  }

  private static StateHashed whole(FrozenState state, Pace pace) throws IOException {
    StateDigest digest = StateDigest.of(state, pace);
    StateHashed.Builder hashed =
        StateHashed.newBuilder().setFinished(true).setOffset(digest.offset());
    for (StateDigest.Family family : digest.families()) {
      hashed.addFamilies(
          FamilyHash.newBuilder()
              .setFamily(family.family().storedName())
              .setKeys(family.keys())
              .setBytes(family.bytes())
              .setSha256(family.sha256())
              .setFolded(family.folded()));
    }
    return hashed.build();
  }

  private static StateHashed steps(FrozenState state, KeyRange range, HashedRange asked, Pace pace)
      throws IOException {
    RangeDigest digest;
    if (asked.getStepsCount() > 0) {
      List<Key> begins = asked.getStepsList().stream().map(StateService::key).toList();
      digest = RangeDigest.of(state, range, begins, pace);
    } else {
      int keys = Math.max(1, Math.min(asked.getStepKeys(), STEP_KEYS_MAX));
      digest = RangeDigest.of(state, range, keys, pace);
    }
    StateHashed.Builder hashed =
        StateHashed.newBuilder().setFinished(true).setOffset(state.view().meta().nextOffset());
    for (RangeDigest.Step step : digest.steps()) {
      hashed.addSteps(
          StepHash.newBuilder()
              .setFirst(ByteString.copyFrom(step.first().bytes()))
              .setKeys(step.keys())
              .setSha256(step.sha256()));
    }
    return hashed.build();
  }
}
