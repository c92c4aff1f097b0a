/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SnapshotTriggerTest {
  private final AtomicLong clock = new AtomicLong(Long.MAX_VALUE - 5);
  private final SnapshotTrigger trigger =
      new SnapshotTrigger(100, 1_000, Duration.ofHours(1), clock::get);

  @Test
  void isDueByEntriesBytesOrAge() {
    trigger.begun(10, Duration.ZERO);
    assertThat(trigger.due(109)).isFalse();
    assertThat(trigger.due(110)).isTrue();
    trigger.applied(999);
    assertThat(trigger.due(11)).isFalse();
    trigger.applied(1);
    assertThat(trigger.due(11)).isTrue();
    trigger.begun(11, Duration.ZERO);
    clock.addAndGet(TimeUnit.HOURS.toNanos(1));
    assertThat(trigger.due(11)).as("nothing has changed").isFalse();
    assertThat(trigger.due(12)).isTrue();
  }

  @Test
  void waitsAfterAFailure() {
    trigger.begun(0, Duration.ZERO);
    trigger.failed();
    assertThat(trigger.due(500)).isFalse();
    clock.addAndGet(TimeUnit.SECONDS.toNanos(60));
    assertThat(trigger.due(500)).isTrue();
  }
}
