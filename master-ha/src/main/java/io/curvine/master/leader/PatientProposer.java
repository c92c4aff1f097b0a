/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Proposes again what the leader is too busy for, {@value #BUSY_TRIES} times. Thread-safe. */
public final class PatientProposer {
  private static final int BUSY_TRIES = 100;

  private final Function<Command, CompletableFuture<Reply>> propose;

  public PatientProposer(Function<Command, CompletableFuture<Reply>> propose) {
    this.propose = propose;
  }

  /** Completes when the command was taken; fails with why it was refused. */
  public CompletableFuture<Void> propose(Command command) {
    return ask(command).thenAccept(result -> {});
  }

  /** Completes with the result once the command was taken; fails with why it was refused. */
  public CompletableFuture<CommandResult> ask(Command command) {
    return propose(command, BUSY_TRIES);
  }

  private CompletableFuture<CommandResult> propose(Command command, int tries) {
    return propose
        .apply(command)
        .thenCompose(
            reply -> {
              if (reply.code() == ErrorCode.OK) {
                return CompletableFuture.completedFuture(reply.result());
              }
              if (reply.code() == ErrorCode.BUSY && tries > 0) {
                return CompletableFuture.supplyAsync(
                        () -> null,
                        CompletableFuture.delayedExecutor(
                            reply.retryAfterMs(), TimeUnit.MILLISECONDS))
                    .thenCompose(waited -> propose(command, tries - 1));
              }
              return CompletableFuture.failedFuture(reply.toException());
            });
  }
}
