/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.curvine.protocol.proto.CloseSession;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.ReapSubtree;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the leader proposes of its own accord: the end of idle sessions and the reaping of deleted
 * subtrees, one bounded step at a time. Ticked by a timer; each part has one proposal in flight.
 */
public final class Housekeeping {
  private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
  private static final int REAP_ENTRIES = 500;
  private static final int SESSIONS_AT_ONCE = 64;

  private final Sessions sessions;
  private final BooleanSupplier reapPending;
  private final Function<Command, CompletableFuture<Reply>> propose;
  private final AtomicBoolean reaping = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();

  /**
   * @param reapPending whether a deleted subtree is left
   */
  public Housekeeping(
      Sessions sessions,
      BooleanSupplier reapPending,
      Function<Command, CompletableFuture<Reply>> propose) {
    this.sessions = sessions;
    this.reapPending = reapPending;
    this.propose = propose;
  }

  /** Called now and then while this master leads. */
  public void tick() {
    reap();
    closeIdle();
  }

  private void reap() {
    if (!reaping.get() && reapPending.getAsBoolean() && reaping.compareAndSet(false, true)) {
      reapStep();
    }
  }

  private void reapStep() {
    Command step =
        Command.newBuilder()
            .setReapSubtree(ReapSubtree.newBuilder().setLimit(REAP_ENTRIES))
            .build();
    propose
        .apply(step)
        .thenAccept(
            reply -> {
              if (reply.code() == ErrorCode.OK && reply.result().getMore()) {
                reapStep();
              } else {
                reaping.set(false);
              }
            });
  }

  private void closeIdle() {
    var idle = sessions.idle();
    if (idle.isEmpty() || !closing.compareAndSet(false, true)) {
      return;
    }
    CompletableFuture<?>[] closings =
        idle.stream()
            .limit(SESSIONS_AT_ONCE)
            .map(
                id -> {
                  LOG.info("session {} is idle and ends", id);
                  return propose.apply(
                      Command.newBuilder()
                          .setCloseSession(
                              CloseSession.newBuilder().setSessionId(id).setExpired(true))
                          .build());
                })
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(closings).whenComplete((done, failure) -> closing.set(false));
  }
}
