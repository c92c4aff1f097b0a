/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.journal.JournalLog;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcResponder;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers what is read out of the journal, after a wait where there is nothing yet. Thread-safe.
 */
final class JournalPoll {
  private final Supplier<JournalLog> journal;
  private final Executor executor;

  /**
   * @param journal the one in use
   * @param executor bounded; files are read there
   */
  JournalPoll(Supplier<JournalLog> journal, Executor executor) {
    this.journal = journal;
    this.executor = executor;
  }

  /** The journal in use. */
  JournalLog journal() {
    return journal.get();
  }

  /**
   * Answers with what is read; at the journal's end once there is more, or after the wait.
   *
   * @param read of the journal that is given to it; blocks, and does not throw
   */
  void answer(
      long fromOffset,
      long waitMillis,
      RpcResponder responder,
      Function<JournalLog, MasterResponse> read) {
    JournalLog log = journal.get();
    if (waitMillis == 0 || fromOffset != log.nextOffset()) {
      later(responder, () -> responder.respond(read.apply(log)));
      return;
    }
    CompletableFuture<Void> appended = log.onAppend(fromOffset);
    appended
        .copy()
        .completeOnTimeout(null, waitMillis, TimeUnit.MILLISECONDS)
        .whenComplete(
            (done, failure) -> {
              appended.cancel(false);
              // A snapshot may have put another journal in its place.
              JournalLog now = failure == null ? log : journal.get();
              later(responder, () -> responder.respond(read.apply(now)));
            });
  }

  /** Where files may be read; answers BUSY where too much waits. */
  void later(RpcResponder responder, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      responder.respond(Responses.busy("requests"));
    }
  }
}
