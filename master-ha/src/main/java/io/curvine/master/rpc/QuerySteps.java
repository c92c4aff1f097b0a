/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.leader.Failures;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcResponder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has queries wait for what they need, boundedly many, and go on in the pool. Each is answered
 * whatever happens. Thread-safe.
 */
final class QuerySteps {
  private static final Logger LOG = LoggerFactory.getLogger(QuerySteps.class);

  private final NodeView node;
  private final QueryPool pool;
  private final int waitingMax;
  private final AtomicInteger waiting = new AtomicInteger();

  QuerySteps(NodeView node, QueryPool pool, int waitingMax) {
    this.node = node;
    this.pool = pool;
    this.waitingMax = waitingMax;
  }

  /** Goes on in the pool. */
  void inPool(RpcResponder responder, Runnable step) {
    if (!pool.offer(() -> run(responder, step))) {
      responder.respond(Responses.busy("queries"));
    }
  }

  private static void run(RpcResponder responder, Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.error("a query failed", e);
      responder.respond(Responses.failure(e));
    }
  }

  /** Goes on in the pool when {@code first} is done, and answers for its failure. */
  <T> void after(CompletableFuture<T> first, RpcResponder responder, Consumer<T> step) {
    if (first.isDone() && !first.isCompletedExceptionally()) {
      T value = first.join();
      inPool(responder, () -> step.accept(value));
    } else {
      await(first, responder, value -> inPool(responder, () -> step.accept(value)));
    }
  }

  /** Goes on when {@code first} is done, on its thread, and answers for its failure. */
  <T> void await(CompletableFuture<T> first, RpcResponder responder, Consumer<T> step) {
    if (waiting.incrementAndGet() > waitingMax) {
      waiting.decrementAndGet();
      responder.respond(Responses.busy("queries"));
      return;
    }
    first.whenComplete(
        (value, failure) -> {
          waiting.decrementAndGet();
          if (failure == null) {
            step.accept(value);
          } else {
            responder.respond(failed(failure));
          }
        });
  }

  private MasterResponse failed(Throwable failure) {
    boolean led =
        Failures.cause(failure) instanceof CurvineException known
            && known.code() == ErrorCode.NOT_LEADER;
    return led ? notLeader() : Responses.failure(failure);
  }

  MasterResponse notLeader() {
    return Responses.notLeader(node);
  }
}
