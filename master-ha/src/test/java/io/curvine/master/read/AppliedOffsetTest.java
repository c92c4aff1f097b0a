/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AppliedOffsetTest {
  private static final Duration LONG = Duration.ofSeconds(50);

  private final AppliedOffset applied = new AppliedOffset();

  @Test
  void releasesWhatWasReachedAndNothingElse() {
    applied.advanced(10);
    assertThat(applied.reach(10, LONG)).isCompleted();
    CompletableFuture<Void> twelve = applied.reach(12, LONG);
    CompletableFuture<Void> eleven = applied.reach(11, LONG);
    applied.advanced(11);
    assertThat(eleven).isCompleted();
    assertThat(twelve).isNotDone();
    applied.advanced(40);
    assertThat(twelve).isCompleted();
    assertThat(applied.now()).isEqualTo(40);
  }

  @Test
  void saysWhereItIsWhenItTakesTooLong() {
    applied.advanced(3);
    assertThatThrownBy(() -> applied.reach(9, Duration.ofMillis(1)).join())
        .hasMessageContaining("at offset 3")
        .hasMessageContaining("asked for 9");
    CompletableFuture<Void> later = applied.reach(9, LONG);
    applied.advanced(9);
    assertThat(later).isCompleted();
  }

  @Test
  void missesNobodyWhoComesWhileItAdvances() throws Exception {
    int last = 200_000;
    Thread applier =
        new Thread(
            () -> {
              for (int i = 1; i <= last; i++) {
                applied.advanced(i);
              }
            });
    List<CompletableFuture<Void>> waits = new ArrayList<>();
    applier.start();
    for (long next = 1; next < last; next = applied.now() + 1) {
      waits.add(applied.reach(Math.min(next, last), LONG));
    }
    applier.join();
    CompletableFuture.allOf(waits.toArray(CompletableFuture<?>[]::new)).get(40, TimeUnit.SECONDS);
    assertThat(waits).isNotEmpty();
  }
}
