/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Consistency;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.rpc.RpcClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Reads from the masters in turn where the client is set so. What one of them cannot answer is
 * asked of the leader, and one that fails is left out for a while. No answer is from an earlier
 * state than any that was seen before, of a read or of a change. Thread-safe.
 */
final class ReadCalls {
  private final ClientConfig config;
  private final List<HostPort> masters;
  private final RpcClient rpc;
  private final LeaderCalls leader;
  private final Suspects suspects = new Suspects();
  private final AtomicInteger turn = new AtomicInteger();

  /** The state that the next answer is from holds all events below this. */
  private final AtomicLong seen = new AtomicLong();

  ReadCalls(ClientConfig config, RpcClient rpc, LeaderCalls leader) {
    this.config = config;
    this.masters = config.masters();
    this.rpc = rpc;
    this.leader = leader;
  }

  /** A change up to the event with this offset was acknowledged. */
  void changed(long offset) {
    seen.accumulateAndGet(offset + 1, Math::max);
  }

  /**
   * The answer or the refusal; fails with NOT_READY where no master could answer in time. What is
   * chained to it must not block.
   */
  CompletableFuture<MasterResponse> read(Query query) {
    long deadline = System.nanoTime() + config.requestTimeout().toNanos();
    MasterRequest request = MasterRequest.newBuilder().setQuery(asSet(query)).build();
    HostPort first = config.readFrom() == ReadFrom.LEADER ? null : next();
    CompletableFuture<MasterResponse> answer =
        first == null
            ? askLeader(request, deadline)
            : ask(first, request)
                .thenCompose(
                    found ->
                        found.isPresent()
                            ? CompletableFuture.completedFuture(found.get())
                            : askLeader(request, deadline));
    return answer.whenComplete(
        (response, failure) -> {
          if (failure == null && response.hasQuery()) {
            seen.accumulateAndGet(response.getQuery().getOffset(), Math::max);
          }
        });
  }

  private CompletableFuture<MasterResponse> askLeader(MasterRequest request, long deadline) {
    return leader
        .call(() -> request, false, Duration.ZERO, deadline)
        .thenApply(LeaderCalls.Outcome::response);
  }

  private Query asSet(Query query) {
    return switch (config.readFrom()) {
      case LEADER -> query;
      case ANY ->
          query.toBuilder()
              .setConsistency(Consistency.LINEARIZABLE_ANY)
              .setMinOffset(seen.get())
              .build();
      case STALE ->
          query.toBuilder()
              .setConsistency(Consistency.BOUNDED_STALE)
              .setMaxStalenessMs(Math.toIntExact(config.maxStaleness().toMillis()))
              .setMinOffset(seen.get())
              .build();
    };
  }

  /** Whose turn it is; null where all failed lately. */
  private HostPort next() {
    int from = turn.getAndIncrement();
    for (int i = 0; i < masters.size(); i++) {
      HostPort master = masters.get(Math.floorMod(from + i, masters.size()));
      if (!suspects.contains(master)) {
        return master;
      }
    }
    return null;
  }

  /** One attempt; empty where the leader has to be asked. */
  private CompletableFuture<Optional<MasterResponse>> ask(HostPort master, MasterRequest request) {
    return rpc.call(master, request, config.attemptTimeout())
        .handle(
            (response, failure) -> {
              if (failure != null) {
                // Why is of no consequence: the leader is asked next, and its failure is told.
                suspects.add(master);
                return Optional.empty();
              }
              return usable(master, response);
            });
  }

  private Optional<MasterResponse> usable(HostPort master, MasterResponse response) {
    switch (response.getCode()) {
      case NOT_LEADER, BUSY -> {
        return Optional.empty();
      }
      case NOT_READY -> {
        suspects.add(master);
        return Optional.empty();
      }
      default -> {
        suspects.clear(master);
        return Optional.of(response);
      }
    }
  }
}
