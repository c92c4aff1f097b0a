/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A mount whose store does not answer keeps only its own work waiting. */
@Timeout(60)
class UfsThreadsTest {
  private static final int SHARE = 3;

  private final CountDownLatch release = new CountDownLatch(1);

  private List<CompletableFuture<Integer>> stuck(UfsThreads threads, int mount, int count)
      throws InterruptedException {
    CountDownLatch running = new CountDownLatch(Math.min(count, SHARE));
    List<CompletableFuture<Integer>> works = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int number = i;
      works.add(
          threads.run(
              mount,
              () -> {
                running.countDown();
                awaitRelease();
                return number;
              }));
    }
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
    return works;
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aStuckMountLeavesOthersServed() throws Exception {
    try (UfsThreads threads = new UfsThreads(SHARE)) {
      List<CompletableFuture<Integer>> works = stuck(threads, 1, 1_000);
      for (int i = 0; i < 100; i++) {
        assertThat(threads.run(2, () -> 7).get(30, TimeUnit.SECONDS)).isEqualTo(7);
      }
      assertThat(works).noneMatch(CompletableFuture::isDone);
      release.countDown();
      for (int i = 0; i < works.size(); i++) {
        assertThat(works.get(i).get(30, TimeUnit.SECONDS)).isEqualTo(i);
      }
    }
  }

  @Test
  void mountsTakeTurns() throws Exception {
    try (UfsThreads threads = new UfsThreads(SHARE)) {
      List<CompletableFuture<Integer>> first = stuck(threads, 1, SHARE);
      List<CompletableFuture<Integer>> second = stuck(threads, 2, SHARE);
      List<Integer> order = new ArrayList<>();
      List<CompletableFuture<Boolean>> waiting = new ArrayList<>();
      for (int mount : new int[] {3, 3, 3, 3, 4, 5}) {
        waiting.add(threads.run(mount, () -> record(order, mount)));
      }
      release.countDown();
      for (CompletableFuture<?> each : waiting) {
        assertThat(each.get(30, TimeUnit.SECONDS)).isEqualTo(true);
      }
      assertThat(order).containsExactlyInAnyOrder(3, 3, 3, 3, 4, 5);
      assertThat(first).allMatch(each -> each.join() >= 0);
      assertThat(second).allMatch(each -> each.join() >= 0);
    }
  }

  private static boolean record(List<Integer> order, int mount) {
    synchronized (order) {
      return order.add(mount);
    }
  }

  @Test
  void tooMuchOfOneMountIsRefusedAndAnotherIsTaken() throws Exception {
    try (UfsThreads threads = new UfsThreads(SHARE)) {
      var unused = stuck(threads, 1, SHARE + 32_768);
      assertThatThrownBy(() -> threads.run(1, () -> 1).join())
          .hasMessageContaining("too many UFS directories wait to be listed");
      assertThat(threads.run(2, () -> 2).get(30, TimeUnit.SECONDS)).isEqualTo(2);
      release.countDown();
    }
  }

  @Test
  void failuresAreThoseOfTheWork() throws Exception {
    try (UfsThreads threads = new UfsThreads(1)) {
      assertThatThrownBy(
              () ->
                  threads
                      .run(
                          1,
                          () -> {
                            throw new java.io.IOException("why");
                          })
                      .get(30, TimeUnit.SECONDS))
          .hasRootCauseMessage("why");
      assertThat(threads.run(1, () -> 1).get(30, TimeUnit.SECONDS)).isEqualTo(1);
    }
  }

  @Test
  void whatWaitsFailsAtTheClose() throws Exception {
    UfsThreads threads = new UfsThreads(1);
    CountDownLatch running = new CountDownLatch(1);
    CompletableFuture<Integer> held =
        threads.run(
            1,
            () -> {
              running.countDown();
              awaitRelease();
              return 1;
            });
    assertThat(running.await(30, TimeUnit.SECONDS)).isTrue();
    CompletableFuture<Integer> waits = threads.run(1, () -> 2);
    threads.close();
    assertThatThrownBy(() -> waits.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("the master is closing");
    assertThatThrownBy(() -> held.get(30, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(InterruptedException.class);
    assertThatThrownBy(() -> threads.run(2, () -> 3).join())
        .hasMessageContaining("the master is closing");
  }
}
