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
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;

/** Asks a master for what each of them has, and another one where it fails. Thread-safe. */
final class FeedCalls {
  private final ClientConfig config;
  private final List<HostPort> masters;
  private final RpcClient rpc;
  private final Pauses pauses;

  /** Which one answered last. */
  private volatile int turn;

  FeedCalls(ClientConfig config, RpcClient rpc, Pauses pauses) {
    this.config = config;
    this.masters = config.masters();
    this.rpc = rpc;
    this.pauses = pauses;
  }

  /**
   * @param wait how long the master may take by the request's own wish
   * @throws CurvineException the refusal, or NOT_READY where none could answer in the request
   *     timeout
   */
  MasterResponse ask(MasterRequest request, Duration wait) throws IOException {
    long deadline = System.nanoTime() + config.requestTimeout().plus(wait).toNanos();
    Backoff backoff = new Backoff();
    int failed = 0;
    int gone = 0;
    while (true) {
      int asked = turn;
      HostPort master = masters.get(Math.floorMod(asked, masters.size()));
      String failure = "master " + master + " does not answer";
      try {
        MasterResponse response =
            Answers.await(rpc.call(master, request, config.attemptTimeout().plus(wait)));
        switch (response.getCode()) {
          case OK -> {
            return response;
          }
          case NOT_READY, BUSY, NOT_LEADER -> failure = response.getMessage();
          case OFFSET_OUT_OF_RANGE -> {
            // Each drops old events by itself: another one may have these still.
            if (++gone == masters.size()) {
              throw new CurvineException(response.getCode(), response.getMessage());
            }
            failure = response.getMessage();
          }
          default -> throw new CurvineException(response.getCode(), response.getMessage());
        }
      } catch (CurvineException | InterruptedIOException e) {
        throw e; // No master would take it, or nobody waits for it.
      } catch (IOException e) {
        if (pauses.isClosed()) {
          throw Pauses.closedFailure();
        }
        failure += ": " + e.getMessage();
      }
      turn = asked + 1;
      failed++;
      if (System.nanoTime() - deadline >= 0) {
        throw new CurvineException(
            ErrorCode.NOT_READY, "no master of " + masters + " could answer in time: " + failure);
      }
      if (failed % masters.size() == 0) {
        pauses.await(backoff.nextNanos());
      }
    }
  }
}
