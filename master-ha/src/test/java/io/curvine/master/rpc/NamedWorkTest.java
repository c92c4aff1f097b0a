/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class NamedWorkTest {
  private final NamedWork<String> work = new NamedWork<>();
  private final List<CompletableFuture<String>> begun = new ArrayList<>();

  private CompletableFuture<String> ask(String name) {
    return work.joinOrBegin(
        name,
        () -> {
          begun.add(new CompletableFuture<>());
          return begun.get(begun.size() - 1);
        });
  }

  @Test
  void whoeverAsksWhileItGoesOnWaitsForIt() {
    CompletableFuture<String> first = ask("a");
    CompletableFuture<String> second = ask("b");
    CompletableFuture<String> nameless = ask("");
    assertThat(begun).hasSize(1);
    begun.get(0).complete("done");
    assertThat(List.of(first, second, nameless))
        .allSatisfy(each -> assertThat(each).isCompletedWithValue("done"));
  }

  @Test
  void theSameNameGetsWhatCameOfItAndAnotherBeginsAnew() {
    ask("a");
    begun.get(0).complete("done");
    assertThat(ask("a")).isCompletedWithValue("done");
    assertThat(begun).hasSize(1);
    assertThat(ask("b")).isNotDone();
    begun.get(1).complete("again");
    assertThat(ask("")).as("has no name to know it by").isNotDone();
    assertThat(begun).hasSize(3);
  }

  @Test
  void whatFailedIsTriedAgain() {
    ask("a");
    begun.get(0).completeExceptionally(new IllegalStateException("no"));
    assertThat(ask("a")).isNotDone();
    assertThat(begun).hasSize(2);
  }

  @Test
  void aCallerThatGivesUpEndsItForNobodyElse() {
    assertThat(ask("a").complete("not now")).isTrue();
    CompletableFuture<String> other = ask("a");
    assertThat(begun).hasSize(1);
    begun.get(0).complete("done");
    assertThat(other).isCompletedWithValue("done");
  }
}
