/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.CommandReply;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Principal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sends lists of commands of one user in requests of a size that is allowed. Thread-safe. */
final class BatchCalls {
  private final MasterCalls masters;
  private final Jobs jobs;
  private final Principal principal;

  BatchCalls(MasterCalls masters, Jobs jobs, Principal principal) {
    this.masters = masters;
    this.jobs = jobs;
    this.principal = principal;
  }

  /** As {@link Batch#submit}. */
  CompletableFuture<List<Outcome>> submit(List<Command> commands) {
    Requests requests = new Requests(commands);
    requests.next();
    return requests.all;
  }

  /**
   * Until the UFS has what they caused; those of which it has not are UFS_ERROR or UFS_CONFLICT
   * then.
   */
  List<Outcome> awaitJobs(List<Outcome> outcomes) throws IOException {
    List<Long> ids = outcomes.stream().flatMap(outcome -> outcome.jobs().stream()).toList();
    Map<Long, CurvineException> failures = ids.isEmpty() ? Map.of() : jobs.failures(ids);
    return failures.isEmpty()
        ? outcomes
        : outcomes.stream().map(outcome -> withFailure(outcome, failures)).toList();
  }

  private static Outcome withFailure(Outcome outcome, Map<Long, CurvineException> failures) {
    return outcome.jobs().stream()
        .filter(failures::containsKey)
        .findFirst()
        .map(
            job ->
                new Outcome(
                    failures.get(job).code(),
                    failures.get(job).getMessage(),
                    outcome.inode(),
                    outcome.jobs()))
        .orElse(outcome);
  }

  /** One after the other, each sent on the thread that heard the answer to the last. */
  private final class Requests {
    private final List<Command> commands;
    private final List<Outcome> outcomes;
    private final CompletableFuture<List<Outcome>> all = new CompletableFuture<>();

    Requests(List<Command> commands) {
      this.commands = commands;
      this.outcomes = new ArrayList<>(commands.size());
    }

    void next() {
      int from = outcomes.size();
      if (from == commands.size()) {
        all.complete(List.copyOf(outcomes));
        return;
      }
      int to = Math.min(commands.size(), from + Limits.BATCH_MAX_COMMANDS);
      CommandBatch batch =
          CommandBatch.newBuilder()
              .setPrincipal(principal)
              .addAllCommands(commands.subList(from, to))
              .build();
      masters
          .submitBatch(batch)
          .whenComplete(
              (replies, failure) -> {
                if (failure == null) {
                  replies.forEach(reply -> outcomes.add(outcome(reply)));
                  next();
                } else {
                  failed(to, Answers.cause(failure));
                }
              });
    }

    private static Outcome outcome(CommandReply reply) {
      return new Outcome(
          reply.getCode(),
          reply.getMessage(),
          reply.getResult().getInode(),
          reply.getResult().getJobIdsList());
    }

    /** What was answered before it is not lost. */
    private void failed(int to, Throwable failure) {
      if (!(failure instanceof CurvineException refused)) {
        all.completeExceptionally(failure);
        return;
      }
      Outcome unanswered = Outcome.failed(refused.code(), refused.getMessage());
      while (outcomes.size() < to) {
        outcomes.add(unanswered);
      }
      Outcome unsent =
          Outcome.failed(
              ErrorCode.NOT_READY,
              "not sent, as what is before it in the batch failed: " + refused.getMessage());
      while (outcomes.size() < commands.size()) {
        outcomes.add(unsent);
      }
      all.complete(List.copyOf(outcomes));
    }
  }
}
