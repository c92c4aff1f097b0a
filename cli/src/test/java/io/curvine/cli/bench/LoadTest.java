/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.cli.bench.Operations.Operation;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadTest {
  private static final Load.Listener SILENT =
      new Load.Listener() {
        @Override
        public void measuring() {}

        @Override
        public void measured() {}
      };

  private final ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
  private final AtomicInteger started = new AtomicInteger();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger mostOpen = new AtomicInteger();

  @AfterEach
  void stop() {
    later.shutdownNow();
  }

  private static Order order(int concurrency, long warmupMillis, long millis, double rate) {
    return new Order(Mix.of(Stage.STAT), concurrency, warmupMillis, millis, rate);
  }

  private Optional<Operation> call(Supplier<CompletableFuture<?>> answer) {
    return Optional.of(
        new Operation(
            Stage.STAT,
            () -> {
              mostOpen.accumulateAndGet(started.incrementAndGet() - ended.get(), Math::max);
              return answer.get();
            },
            failure -> ended.incrementAndGet()));
  }

  private CompletableFuture<?> answerAfterMillis(long millis) {
    CompletableFuture<Void> answer = new CompletableFuture<>();
    later.schedule(() -> answer.complete(null), millis, TimeUnit.MILLISECONDS);
    return answer;
  }

  @Test
  void keepsTheNumberOfOpenCallsAndEndsWithTheLast() throws InterruptedException {
    Measured measured =
        new Load(stage -> call(() -> answerAfterMillis(1)), order(7, 20, 200, 0)).run(SILENT);
    assertThat(mostOpen).hasValue(7);
    assertThat(ended).hasValue(started.get());
    assertThat(measured.latency().getTotalCount()).isBetween(1L, (long) started.get());
    assertThat(measured.latency().getMinValue()).isGreaterThanOrEqualTo(900_000);
    assertThat(measured.seconds()).isEqualTo(0.2);
    assertThat(measured.ranOut()).isFalse();
  }

  @Test
  void whatEndsInTheWarmUpIsNotMeasured() throws InterruptedException {
    AtomicInteger left = new AtomicInteger(3);
    Measured measured =
        new Load(
                stage ->
                    left.getAndDecrement() > 0
                        ? call(() -> CompletableFuture.completedFuture(null))
                        : Optional.empty(),
                order(1, 60_000, 60_000, 0))
            .run(SILENT);
    assertThat(ended).hasValue(3);
    assertThat(measured.latency().getTotalCount()).isZero();
    assertThat(measured.seconds()).isZero();
    assertThat(measured.ranOut()).isTrue();
  }

  @Test
  void failuresAreCountedByTheirCode() throws InterruptedException {
    Queue<Exception> failures =
        new ConcurrentLinkedQueue<>(
            java.util.List.of(
                new CurvineException(ErrorCode.BUSY, "full"),
                new IOException("broken"),
                new CurvineException(ErrorCode.BUSY, "full")));
    Measured measured =
        new Load(
                stage -> {
                  Exception failure = failures.poll();
                  return failure == null
                      ? Optional.empty()
                      : call(() -> CompletableFuture.failedFuture(failure));
                },
                order(1, 0, 60_000, 0))
            .run(SILENT);
    assertThat(measured.failures()).isEqualTo(Map.of("BUSY", 2L, "IOException", 1L));
    assertThat(measured.latency().getTotalCount()).isZero();
  }

  /** The first answer takes 300 ms; the calls due meanwhile have waited, and it shows. */
  @Test
  void atAFixedRateLatencyCountsFromWhenACallWasDue() throws InterruptedException {
    AtomicInteger calls = new AtomicInteger();
    Measured measured =
        new Load(
                stage ->
                    call(
                        () ->
                            calls.getAndIncrement() == 0
                                ? answerAfterMillis(300)
                                : CompletableFuture.completedFuture(null)),
                order(1, 0, 1_000, 100))
            .run(SILENT);
    assertThat(started).hasValue(100);
    assertThat(mostOpen).hasValue(1);
    var latency = measured.latency();
    assertThat(latency.getTotalCount()).isGreaterThan(50);
    assertThat(latency.getMaxValue()).isGreaterThanOrEqualTo(299_000_000);
    assertThat(latency.getCountBetweenValues(100_000_000, Long.MAX_VALUE / 2))
        .isGreaterThanOrEqualTo(15);
  }
}
