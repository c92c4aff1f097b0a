/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.JobFinished;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class JobWaitersTest {
  private final JobWaiters waiters = new JobWaiters();

  private void finish(long job) {
    waiters.observe(
        Event.newBuilder().setJobFinished(JobFinished.newBuilder().setJobId(job)).build());
  }

  @Test
  void tellsWhenTheLastIsFinished() {
    CompletableFuture<Void> both = waiters.await(List.of(1L, 2L));
    CompletableFuture<Void> second = waiters.await(List.of(2L));
    finish(1);
    assertThat(both).isNotDone();
    finish(2);
    assertThat(both).isCompleted();
    assertThat(second).isCompleted();
  }

  @Test
  void forgetsWhoNoLongerWaitsAndWakesTheRest() {
    CompletableFuture<Void> gone = waiters.await(List.of(1L));
    gone.cancel(false);
    CompletableFuture<Void> waiting = waiters.await(List.of(1L, 3L));
    finish(1);
    assertThat(waiting).isNotDone();
    waiters.wakeAll();
    assertThat(waiting).isCompleted();
  }
}
