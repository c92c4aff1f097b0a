/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WritePaceTest {
  /** A clock near its end: it wraps around. */
  private long now = Long.MAX_VALUE - 1000;

  private final WritePace pace = new WritePace(() -> now);

  @Test
  void quickWritesLeaveItQuick() {
    for (int i = 0; i < 100; i++) {
      writeFor(9);
      assertThat(pace.quick()).isTrue();
    }
  }

  @Test
  void aSlowWriteIsRememberedForASecond() {
    writeFor(10);
    assertThat(pace.quick()).isFalse();
    writeFor(1);
    pass(998);
    assertThat(pace.quick()).isFalse();
    pass(1);
    assertThat(pace.quick()).isTrue();
  }

  @Test
  void aWriteThatHangsIsNoticedBeforeItEnds() {
    pass(5_000); // long idle
    long began = pace.begin();
    pass(9);
    assertThat(pace.quick()).isTrue();
    pass(1);
    assertThat(pace.quick()).isFalse();
    pace.end(began);
    pass(1_000);
    assertThat(pace.quick()).isTrue();
  }

  @Test
  void othersThatEndShowThatTheDiskIsAtWork() {
    pace.begin();
    for (int i = 0; i < 5; i++) {
      writeFor(9);
      assertThat(pace.quick()).isTrue();
    }
    pass(10); // and then none ends any more
    assertThat(pace.quick()).isFalse();
  }

  private void writeFor(long millis) {
    long began = pace.begin();
    pass(millis);
    pace.end(began);
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }
}
