/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class StallGuardTest {
  private static final int MANY_LOOKS = 50;

  private final EmbeddedChannel channel = new EmbeddedChannel();
  private boolean awaitsRest;
  private long progress;
  private final StallGuard guard = new StallGuard(channel, () -> progress, () -> awaitsRest);

  private void look(int times) {
    for (int i = 0; i < times; i++) {
      guard.run();
    }
  }

  @Test
  void whoHasNothingToDoStays() {
    look(MANY_LOOKS);
    assertThat(channel.isOpen()).isTrue();
  }

  @Test
  void whoMovesAtAllStays() {
    channel.write(Unpooled.wrappedBuffer(new byte[10]));
    awaitsRest = true;
    for (int i = 0; i < MANY_LOOKS; i++) {
      look(3);
      progress++;
    }
    assertThat(channel.isOpen()).isTrue();
    channel.finishAndReleaseAll();
  }

  @Test
  void halfARequestIsNotWaitedForForEver() {
    awaitsRest = true;
    look(4);
    assertThat(channel.isOpen()).isTrue();
    look(1);
    assertThat(channel.isOpen()).isFalse();
    look(1);
  }
}
