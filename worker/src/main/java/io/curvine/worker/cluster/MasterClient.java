/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Asks masters: one of them, or whichever leads. Thread-safe. */
public final class MasterClient implements AutoCloseable {
  private static final long PAUSE_MS = 100;

  /** Another master, or the same one later, may do what this one could not. */
  private static final Set<ErrorCode> PASSING =
      Set.of(
          ErrorCode.NOT_LEADER,
          ErrorCode.NOT_READY,
          ErrorCode.BUSY,
          ErrorCode.UNKNOWN_OUTCOME,
          ErrorCode.INTERNAL);

  private volatile List<HostPort> masters;
  private final Duration timeout;
  private final RpcClient rpc;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CompletableFuture<MasterResponse> aborted = new CompletableFuture<>();
  private volatile HostPort leader;

  /** A client; {@code timeout} is for one answer of one master. */
  public MasterClient(List<HostPort> masters, Duration timeout) {
    this.masters = masters;
    this.timeout = timeout;
    this.rpc = new RpcClient(timeout);
    this.leader = masters.get(0);
  }

  /** All masters, as far as is known. */
  public List<HostPort> masters() {
    return masters;
  }

  /** These are the masters now. */
  void follow(List<HostPort> now) {
    masters = List.copyOf(now);
  }

  public boolean isClosed() {
    return closed.getCount() == 0;
  }

  /** Asks one master; ends as {@link RpcClient#call} does. */
  public CompletableFuture<MasterResponse> ask(
      HostPort master, MasterRequest request, Duration patience) {
    return rpc.call(master, request, patience);
  }

  /**
   * Asks one master and waits.
   *
   * @throws CurvineException where it refused
   * @throws IOException where there was no answer
   */
  public MasterResponse askAndWait(HostPort master, MasterRequest request, Duration extra)
      throws IOException {
    MasterResponse answer = await(ask(master, request, timeout.plus(extra)));
    if (answer.getCode() != ErrorCode.OK) {
      throw new CurvineException(answer.getCode(), answer.getMessage());
    }
    return answer;
  }

  /**
   * Asks the leader, going on to other masters until one leads. Only for what may be done twice.
   *
   * @param longPoll that the leader may take before it answers, on top of the timeout
   * @param patience for all attempts together
   * @throws CurvineException where the leader refused
   * @throws IOException where no master answered as leader in time
   */
  public MasterResponse askLeader(MasterRequest request, Duration longPoll, Duration patience)
      throws IOException {
    long deadline = System.nanoTime() + patience.plus(longPoll).toNanos();
    int turn = masters.indexOf(leader);
    while (true) {
      HostPort master = leader;
      IOException failure;
      long pauseMs = PAUSE_MS;
      try {
        MasterResponse answer = await(ask(master, request, timeout.plus(longPoll)));
        if (answer.getCode() == ErrorCode.OK) {
          return answer;
        }
        failure = new CurvineException(answer.getCode(), answer.getMessage());
        if (!PASSING.contains(answer.getCode())) {
          throw failure;
        }
        if (!answer.getLeaderRpc().isEmpty()) {
          leader = HostPort.parse(answer.getLeaderRpc());
          pauseMs = leader.equals(master) ? PAUSE_MS : 1;
        }
        pauseMs = Math.max(pauseMs, Math.min(answer.getRetryAfterMs(), 1000));
      } catch (CurvineException e) {
        throw e;
      } catch (IOException e) {
        failure = e;
      }
      if (leader.equals(master)) {
        turn++;
        List<HostPort> now = masters;
        leader = now.get(Math.floorMod(turn, now.size()));
      }
      if (System.nanoTime() - deadline > 0) {
        throw failure;
      }
      pause(pauseMs);
    }
  }

  /**
   * Waits a while, less where the client is closed.
   *
   * @throws IOException where it is closed
   */
  public void pause(long millis) throws IOException {
    try {
      if (closed.await(millis, TimeUnit.MILLISECONDS)) {
        throw new IOException("the worker is closing");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private MasterResponse await(CompletableFuture<MasterResponse> answer) throws IOException {
    try {
      return (MasterResponse) CompletableFuture.anyOf(answer, aborted).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
  }

  @Override
  public void close() {
    closed.countDown();
    aborted.completeExceptionally(new IOException("the worker is closing"));
    rpc.close();
  }
}
