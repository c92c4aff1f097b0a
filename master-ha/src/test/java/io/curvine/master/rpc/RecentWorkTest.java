/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class RecentWorkTest {
  private long now;
  private final RecentWork<String> work = new RecentWork<>(2, () -> now);
  private final List<CompletableFuture<String>> begun = new ArrayList<>();
  private final List<Wanted> wanted = new ArrayList<>();

  private CompletableFuture<String> ask(String name) {
    return work.joinOrBegin(
        name,
        wants -> {
          wanted.add(wants);
          begun.add(new CompletableFuture<>());
          return begun.get(begun.size() - 1);
        });
  }

  @Test
  void theSameNameWaitsForTheSameAndGetsItLater() {
    CompletableFuture<String> first = ask("a");
    CompletableFuture<String> second = ask("a");
    begun.get(0).complete("done");
    assertThat(first).isCompletedWithValue("done");
    assertThat(second).isCompletedWithValue("done");
    assertThat(ask("a")).isCompletedWithValue("done");
    assertThat(begun).hasSize(1);
  }

  @Test
  void moreThanItsNumberAreRefusedUntilOneIsDone() {
    ask("a");
    ask("");
    assertThat(ask("c")).isCompletedExceptionally();
    begun.get(1).complete("done");
    assertThat(ask("c")).isNotDone();
  }

  @Test
  void whatFailedIsBegunAnew() {
    ask("a");
    begun.get(0).completeExceptionally(new IllegalStateException("failed"));
    assertThat(ask("a")).isNotDone();
    assertThat(begun).hasSize(2);
  }

  @Test
  void itIsWantedWhileSomebodyAsksAgain() throws Exception {
    ask("a");
    ask("b");
    now += Wanted.ABANDONED_AFTER.toNanos();
    ask("a");
    now += 1;
    assertThatCode(() -> wanted.get(0).require()).doesNotThrowAnyException();
    wanted.get(0).pace(0).await(1);
    assertThatThrownBy(() -> wanted.get(1).pace(0).await(1))
        .hasMessageContaining("nobody has asked");
    now += Wanted.ABANDONED_AFTER.toNanos();
    assertThatThrownBy(() -> wanted.get(0).require()).hasMessageContaining("ask again");
  }
}
