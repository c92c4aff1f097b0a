/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Asks one question for all who want its answer: a round serves everyone who came before it began,
 * one is in flight at a time, and who comes meanwhile waits for the next. So the answer is never
 * older than the wish for it, and the number of questions does not grow with that of the askers.
 * Thread-safe.
 */
final class SharedRound<T> {
  private final Supplier<CompletableFuture<T>> question;

  private CompletableFuture<T> next;
  private boolean asking;

  /**
   * Nothing is asked yet.
   *
   * @param question asked once a round; its failure is that of the round
   */
  SharedRound(Supplier<CompletableFuture<T>> question) {
    this.question = question;
  }

  /** The answer of a round that begins after this call; completes on the question's thread. */
  CompletableFuture<T> join() {
    CompletableFuture<T> answer;
    synchronized (this) {
      if (next == null) {
        next = new CompletableFuture<>();
      }
      answer = next;
      if (asking) {
        return answer;
      }
      asking = true;
    }
    ask();
    return answer;
  }

  /** Begins a round for nobody, unless one is in flight. */
  void begin() {
    synchronized (this) {
      if (asking) {
        return;
      }
      asking = true;
    }
    ask();
  }

  /** Rounds that end at once follow each other in a loop: recursion would have no bound. */
  private void ask() {
    boolean more = true;
    while (more) {
      CompletableFuture<T> round = takeNext();
      CompletableFuture<T> answer = put();
      if (answer.isDone()) {
        more = end(answer, round);
      } else {
        answer.whenComplete(
            (value, failure) -> {
              if (end(answer, round)) {
                ask();
              }
            });
        return;
      }
    }
  }

  private CompletableFuture<T> put() {
    try {
      return question.get();
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private synchronized CompletableFuture<T> takeNext() {
    CompletableFuture<T> round = next == null ? new CompletableFuture<>() : next;
    next = null;
    return round;
  }

  /** Whether another round is wanted. */
  private boolean end(CompletableFuture<T> answer, CompletableFuture<T> round) {
    answer.whenComplete(
        (value, failure) -> {
          boolean unused =
              failure == null ? round.complete(value) : round.completeExceptionally(failure);
        });
    synchronized (this) {
      asking = next != null;
      return asking;
    }
  }
}
