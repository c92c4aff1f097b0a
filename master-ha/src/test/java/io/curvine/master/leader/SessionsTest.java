/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.SessionClosed;
import io.curvine.protocol.proto.SessionOpened;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private final AtomicLong clock = new AtomicLong();
  private final Sessions sessions = new Sessions(Duration.ofSeconds(60), clock::get);

  private void seconds(int count) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(count));
  }

  @Test
  void endsThoseThatGiveNoSignOfLife() {
    sessions.reset(List.of(1L));
    sessions.observe(
        Event.newBuilder().setSessionOpened(SessionOpened.newBuilder().setSessionId(2)).build());
    seconds(50);
    assertThat(sessions.touch(2)).isTrue();
    seconds(20);
    assertThat(sessions.idle()).containsExactly(1L);
    sessions.grace();
    assertThat(sessions.idle()).isEmpty();
    sessions.observe(
        Event.newBuilder().setSessionClosed(SessionClosed.newBuilder().setSessionId(2)).build());
    assertThat(sessions.touch(2)).isFalse();
    assertThat(sessions.touch(9)).isFalse();
    assertThat(sessions.count()).isEqualTo(1);
  }
}
