/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.NotSentException;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Finds the leader and asks it again until it gives an answer that ends the call. Thread-safe. */
final class LeaderCalls implements AutoCloseable {
  private final ClientConfig config;
  private final List<HostPort> masters;
  private final RpcClient rpc;
  private final Pauses pauses;

  /** Who answered last, or was named as the leader. */
  private volatile HostPort leader;

  LeaderCalls(ClientConfig config, RpcClient rpc, Pauses pauses) {
    this.config = config;
    this.masters = config.masters();
    this.rpc = rpc;
    this.pauses = pauses;
    this.leader = masters.get(0);
  }

  /**
   * How a call ended.
   *
   * @param outcomeWasOpen an attempt before the last may have taken effect
   */
  record Outcome(MasterResponse response, boolean outcomeWasOpen) {}

  /**
   * Asks until an answer is not one of "elsewhere" or "later". Ends with it, or with an {@link
   * IOException}. What is chained to it must not block.
   *
   * @param request made anew for each attempt
   * @param changes the outcome matters: where it is not known in the end, the failure says so
   * @param wait how long the master may take by the request's own wish
   * @param deadline by {@link System#nanoTime}
   */
  CompletableFuture<Outcome> call(
      Supplier<MasterRequest> request, boolean changes, Duration wait, long deadline) {
    Attempts attempts = new Attempts(request, changes, wait, deadline);
    attempts.ask();
    return attempts.outcome;
  }

  @Override
  public void close() {
    rpc.close();
  }

  private HostPort after(HostPort master) {
    int index = masters.indexOf(master);
    return masters.get((index + 1) % masters.size());
  }

  /** The attempts of one call, one after the other, each on the thread that ended the last. */
  private final class Attempts {
    private final Supplier<MasterRequest> request;
    private final boolean changes;
    private final Duration wait;
    private final long deadline;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private final Backoff backoff = new Backoff();

    /** Masters that are not worth asking next. */
    private Set<HostPort> unreachable = Set.of();

    private boolean open;
    private String lastFailure = "no attempt was made";

    Attempts(Supplier<MasterRequest> request, boolean changes, Duration wait, long deadline) {
      this.request = request;
      this.changes = changes;
      this.wait = wait;
      this.deadline = deadline;
    }

    void ask() {
      HostPort target = leader;
      long left = deadline - System.nanoTime();
      long patience = Math.min(config.attemptTimeout().plus(wait).toNanos(), left);
      Duration timeout = Duration.ofNanos(Math.max(patience, TimeUnit.MILLISECONDS.toNanos(1)));
      rpc.call(target, request.get(), timeout)
          .whenComplete((response, failure) -> ended(target, response, failure));
    }

    private void ended(HostPort target, MasterResponse response, Throwable failure) {
      try {
        if (failure != null) {
          failed(target, failure);
        } else {
          answered(target, response);
        }
      } catch (RuntimeException e) {
        outcome.completeExceptionally(e);
      }
    }

    private void answered(HostPort target, MasterResponse response) {
      if (!unreachable.isEmpty()) {
        unreachable.remove(target);
      }
      open |= response.getInPart();
      switch (response.getCode()) {
        case NOT_LEADER -> elsewhere(target, response);
        case NOT_READY -> next(target, response.getMessage());
        case UNKNOWN_OUTCOME -> {
          open = true;
          next(target, response.getMessage());
        }
        case BUSY -> {
          long asked = TimeUnit.MILLISECONDS.toNanos(response.getRetryAfterMs());
          again(response.getMessage(), Math.max(asked, backoff.nextNanos()));
        }
        default -> outcome.complete(new Outcome(response, open));
      }
    }

    private void failed(HostPort target, Throwable failure) {
      if (pauses.isClosed()) {
        outcome.completeExceptionally(new IOException("the client is closed", failure));
        return;
      }
      if (failure instanceof CurvineException) {
        outcome.completeExceptionally(failure); // no master would take it
        return;
      }
      open |= !(failure instanceof NotSentException);
      boolean again = !avoid(target);
      move(target, after(target));
      boolean all = again || unreachable.size() == masters.size();
      again(String.valueOf(failure.getMessage()), all ? backoff.nextNanos() : 0);
    }

    private void elsewhere(HostPort target, MasterResponse response) {
      String failure = "master " + target + " does not lead";
      HostPort named = parse(response.getLeaderRpc());
      if (named != null && !named.equals(target) && !unreachable.contains(named)) {
        move(target, named);
        // Two masters that name each other are not asked in a tight loop.
        boolean unused = avoid(target);
        again(failure, 0);
      } else {
        unreachable = Set.of();
        next(target, failure);
      }
    }

    private void next(HostPort target, String failure) {
      move(target, after(target));
      again(failure, backoff.nextNanos());
    }

    /** False where it was avoided already. */
    private boolean avoid(HostPort master) {
      if (unreachable.isEmpty()) {
        unreachable = new HashSet<>();
      }
      return unreachable.add(master);
    }

    private void again(String failure, long pauseNanos) {
      lastFailure = failure;
      if (pauseNanos <= 0) {
        askInTime();
        return;
      }
      long left = deadline - System.nanoTime();
      pauses
          .later(Math.max(0, Math.min(pauseNanos, left)))
          .whenComplete(
              (over, closed) -> {
                if (closed != null) {
                  outcome.completeExceptionally(Pauses.closedFailure());
                } else {
                  askInTime();
                }
              });
    }

    private void askInTime() {
      if (System.nanoTime() - deadline < 0) {
        ask();
      } else {
        outcome.completeExceptionally(outOfTime());
      }
    }

    private CurvineException outOfTime() {
      if (changes && open) {
        return new CurvineException(
            ErrorCode.UNKNOWN_OUTCOME,
            "whether " + words(request.get()) + " took effect is not known: " + lastFailure);
      }
      return new CurvineException(
          ErrorCode.NOT_READY, "no master of " + masters + " could answer in time: " + lastFailure);
    }

    private static String words(MasterRequest request) {
      return request.hasCommandBatch()
          ? new Submission.Many(request.getCommandBatch()).words()
          : new Submission.Single(request.getCommand()).words();
    }

    /** Unless another call has found the leader meanwhile. */
    private void move(HostPort from, HostPort to) {
      if (leader.equals(from)) {
        leader = to;
      }
    }
  }

  private static HostPort parse(String address) {
    if (address.isEmpty()) {
      return null;
    }
    try {
      return HostPort.parse(address);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
