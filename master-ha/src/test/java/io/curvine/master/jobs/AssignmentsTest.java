/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobAttempted;
import io.curvine.protocol.proto.JobCreated;
import io.curvine.protocol.proto.JobFinished;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class AssignmentsTest {
  private final AtomicLong clock = new AtomicLong();
  private final Set<String> live = new HashSet<>(Set.of("1/run-1", "2/run-1"));
  private final Assignments assignments =
      new Assignments(
          Duration.ofMinutes(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          (worker, incarnation) -> live.contains(worker + "/" + incarnation),
          clock::get);

  private static Job job(int attempts) {
    return Job.newBuilder().setId(5).setAttempts(attempts).build();
  }

  private void seconds(int count) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(count));
  }

  @Test
  void aJobIsGivenOnceWhileItsWorkerLives() {
    assertThat(assignments.free(job(0))).isTrue();
    assignments.assign(5, 1, "run-1");
    assertThat(assignments.free(job(0))).isFalse();
    live.remove("1/run-1");
    assertThat(assignments.free(job(0))).isTrue();
  }

  @Test
  void aJobThatTakesTooLongIsGivenAgain() {
    assignments.assign(5, 1, "run-1");
    seconds(59);
    assertThat(assignments.free(job(0))).isFalse();
    seconds(1);
    assertThat(assignments.free(job(0))).isTrue();
  }

  @Test
  void aFailedJobWaitsLongerEachTime() {
    int[] waits = {1, 2, 4, 5, 5};
    for (int attempt = 1; attempt <= waits.length; attempt++) {
      assignments.assign(5, 1, "run-1");
      assertThat(
              assignments.observe(
                  Event.newBuilder()
                      .setJobAttempted(JobAttempted.newBuilder().setJobId(5))
                      .build()))
          .isFalse();
      seconds(waits[attempt - 1] - 1);
      assertThat(assignments.free(job(attempt))).as("attempt %d", attempt).isFalse();
      seconds(1);
      assertThat(assignments.free(job(attempt))).as("attempt %d", attempt).isTrue();
    }
  }

  @Test
  void wakesForNewAndFinishedJobs() {
    assertThat(
            assignments.observe(
                Event.newBuilder().setJobCreated(JobCreated.newBuilder().setJob(job(0))).build()))
        .isTrue();
    assignments.assign(5, 1, "run-1");
    assertThat(
            assignments.observe(
                Event.newBuilder().setJobFinished(JobFinished.newBuilder().setJobId(5)).build()))
        .isTrue();
    assertThat(assignments.count()).isZero();
    assertThat(assignments.observe(Event.getDefaultInstance())).isFalse();
  }
}
