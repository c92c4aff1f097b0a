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
    return new Order(Mix.of(Stage.STAT), 0, concurrency, warmupMillis, millis, rate);
  }

  private Optional<Operation> call(Supplier<CompletableFuture<?>> answer) {
    return Optional.of(
        new Operation(
            Stage.STAT,
            () -> {
              mostOpen.accumulateAndGet(started.incrementAndGet() - ended.get(), Math::max);
              return answer
                  .get()
                  .handle(
                      (result, failure) -> {
                        ended.incrementAndGet();
                        return Tally.of(failure);
                      });
            }));
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
    assertThat(measured.figures().latency().getTotalCount()).isBetween(1L, (long) started.get());
    assertThat(measured.figures().latency().getMinValue()).isGreaterThanOrEqualTo(900_000);
    assertThat(measured.figures().seconds()).isEqualTo(0.2);
    assertThat(measured.figures().ranOut()).isFalse();
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
    assertThat(measured.figures().latency().getTotalCount()).isZero();
    assertThat(measured.figures().seconds()).isZero();
    assertThat(measured.figures().ranOut()).isTrue();
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
    assertThat(measured.figures().failures()).isEqualTo(Map.of("BUSY", 2L, "IOException", 1L));
    assertThat(measured.figures().latency().getTotalCount()).isZero();
  }

  @Test
  void aCallWithManyOperationsIsOneLatencyAndAsManyOperations() throws InterruptedException {
    AtomicInteger left = new AtomicInteger(2);
    Tally partly = new Tally(90, Map.of("NOT_FOUND", 10));
    Measured measured =
        new Load(
                stage ->
                    left.getAndDecrement() > 0
                        ? Optional.of(
                            new Operation(
                                Stage.DELETE, () -> CompletableFuture.completedFuture(partly)))
                        : Optional.empty(),
                order(1, 0, 60_000, 0))
            .run(SILENT);
    assertThat(measured.figures().calls()).isEqualTo(2);
    assertThat(measured.figures().operations()).isEqualTo(180);
    assertThat(measured.figures().failures()).isEqualTo(Map.of("NOT_FOUND", 20L));
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
    var latency = measured.figures().latency();
    assertThat(latency.getTotalCount()).isGreaterThan(50);
    assertThat(latency.getMaxValue()).isGreaterThanOrEqualTo(299_000_000);
    assertThat(latency.getCountBetweenValues(100_000_000, Long.MAX_VALUE / 2))
        .isGreaterThanOrEqualTo(15);
  }
}
