/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class HandOverTest {
  private static final class Numbered extends HandOver.Item<Numbered> {
    private final int thread;
    private final int value;

    Numbered(int thread, int value) {
      this.thread = thread;
      this.value = value;
    }
  }

  private static List<Integer> values(Numbered first) {
    List<Integer> values = new ArrayList<>();
    for (Numbered each = first; each != null; each = each.next()) {
      values.add(each.value);
    }
    return values;
  }

  @Test
  void givesAllInTheOrderInWhichTheyCameAndSaysWhomToWake() {
    HandOver<Numbered> handOver = new HandOver<>();
    assertThat(handOver.takeAll()).isNull();
    assertThat(handOver.add(new Numbered(0, 1))).isTrue();
    assertThat(handOver.add(new Numbered(0, 2))).isFalse();
    assertThat(handOver.add(new Numbered(0, 3))).isFalse();
    assertThat(values(handOver.takeAll())).containsExactly(1, 2, 3);
    assertThat(handOver.takeAll()).isNull();
    assertThat(handOver.add(new Numbered(0, 4))).isTrue();
    assertThat(values(handOver.takeAll())).containsExactly(4);
  }

  /**
   * The taker sleeps until it is woken: a wake-up that is lost would end the test by its time-out.
   */
  @Test
  void losesNothingAndWakesTheTakerWhateverTheThreadsDo() throws InterruptedException {
    int threads = 4;
    int each = 50_000;
    HandOver<Numbered> handOver = new HandOver<>();
    Semaphore wake = new Semaphore(0);
    for (int t = 0; t < threads; t++) {
      int thread = t;
      new Thread(
              () -> {
                for (int i = 0; i < each; i++) {
                  if (handOver.add(new Numbered(thread, i))) {
                    wake.release();
                  }
                }
              })
          .start();
    }
    int[] next = new int[threads];
    while (Arrays.stream(next).sum() < threads * each) {
      wake.acquire();
      for (Numbered n = handOver.takeAll(); n != null; n = n.next()) {
        assertThat(n.value).isEqualTo(next[n.thread]++);
      }
    }
    assertThat(handOver.takeAll()).isNull();
  }
}
