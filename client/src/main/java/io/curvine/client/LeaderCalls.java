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
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
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
   * Asks until an answer is not one of "elsewhere" or "later".
   *
   * @param request made anew for each attempt
   * @param changes the outcome matters: where it is not known in the end, the failure says so
   * @param wait how long the master may take by the request's own wish
   * @param deadline by {@link System#nanoTime}
   */
  Outcome call(Supplier<MasterRequest> request, boolean changes, Duration wait, long deadline)
      throws IOException {
    Attempts attempts = new Attempts(wait, deadline);
    while (true) {
      HostPort target = leader;
      MasterResponse response = attempts.ask(target, request.get());
      if (response != null) {
        switch (response.getCode()) {
          case NOT_LEADER -> attempts.elsewhere(target, response);
          case NOT_READY -> attempts.next(target, response.getMessage());
          case UNKNOWN_OUTCOME -> {
            attempts.open = true;
            attempts.next(target, response.getMessage());
          }
          case BUSY -> attempts.later(response);
          default -> {
            return new Outcome(response, attempts.open);
          }
        }
      }
      attempts.checkTime(changes, request);
    }
  }

  @Override
  public void close() {
    rpc.close();
  }

  private HostPort after(HostPort master) {
    int index = masters.indexOf(master);
    return masters.get((index + 1) % masters.size());
  }

  /** The attempts of one call. */
  private final class Attempts {
    private final Duration wait;
    private final long deadline;
    private final Backoff backoff = new Backoff();
    private final Set<HostPort> unreachable = new HashSet<>();
    private boolean open;
    private String lastFailure = "no attempt was made";

    Attempts(Duration wait, long deadline) {
      this.wait = wait;
      this.deadline = deadline;
    }

    /** The answer; null where there was none, and another master is next. */
    MasterResponse ask(HostPort target, MasterRequest request) throws IOException {
      long left = deadline - System.nanoTime();
      long patience = Math.min(config.attemptTimeout().plus(wait).toNanos(), left);
      Duration timeout = Duration.ofNanos(Math.max(patience, TimeUnit.MILLISECONDS.toNanos(1)));
      try {
        MasterResponse response = rpc.call(target, request, timeout).get();
        unreachable.remove(target);
        return response;
      } catch (InterruptedException e) {
        throw Pauses.interrupted(e);
      } catch (ExecutionException e) {
        if (pauses.isClosed()) {
          throw new IOException("the client is closed", e);
        }
        Throwable failure = e.getCause();
        open |= !(failure.getCause() instanceof ConnectException);
        boolean again = !unreachable.add(target);
        move(target, after(target));
        lastFailure = String.valueOf(failure.getMessage());
        if (again || unreachable.size() == masters.size()) {
          pause(backoff.nextNanos());
        }
        return null;
      }
    }

    void elsewhere(HostPort target, MasterResponse response) throws IOException {
      lastFailure = "master " + target + " does not lead";
      HostPort named = parse(response.getLeaderRpc());
      if (named != null && !named.equals(target) && !unreachable.contains(named)) {
        move(target, named);
        // Two masters that name each other are not asked in a tight loop.
        unreachable.add(target);
        return;
      }
      unreachable.clear();
      next(target, lastFailure);
    }

    void next(HostPort target, String failure) throws IOException {
      lastFailure = failure;
      move(target, after(target));
      pause(backoff.nextNanos());
    }

    void later(MasterResponse response) throws IOException {
      lastFailure = response.getMessage();
      long asked = TimeUnit.MILLISECONDS.toNanos(response.getRetryAfterMs());
      pause(Math.max(asked, backoff.nextNanos()));
    }

    void checkTime(boolean changes, Supplier<MasterRequest> request) throws CurvineException {
      if (System.nanoTime() - deadline < 0) {
        return;
      }
      if (changes && open) {
        throw new CurvineException(
            ErrorCode.UNKNOWN_OUTCOME,
            "whether "
                + request.get().getCommand().getCommandCase()
                + " took effect is not known: "
                + lastFailure);
      }
      throw new CurvineException(
          ErrorCode.NOT_READY, "no master of " + masters + " could answer in time: " + lastFailure);
    }

    private void pause(long nanos) throws IOException {
      pauses.await(Math.max(0, Math.min(nanos, deadline - System.nanoTime())));
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
