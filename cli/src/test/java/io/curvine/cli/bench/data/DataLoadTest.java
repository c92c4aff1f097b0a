/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataLoadTest {
  private static final int SIZE_BYTES = 4 << 20;

  @TempDir private Path temp;

  private static DataOrder order(DataCase kind, int threads, String place, String endpoint) {
    return new DataOrder(kind, threads, 4, place, endpoint, SIZE_BYTES, 20, 100);
  }

  private static void nothing() {}

  private Path data() throws IOException {
    Path file = temp.resolve("data");
    Files.write(file, new byte[SIZE_BYTES]);
    return file;
  }

  @Test
  void aFileIsReadInEveryWay() throws Exception {
    String file = data().toString();
    for (DataCase kind : List.of(DataCase.PREAD, DataCase.MAPPED)) {
      DataOrder order = order(kind, 2, file, "");
      DataFigures figures =
          new DataLoad(order, thread -> FileMovers.open(order, thread))
              .run(DataLoadTest::nothing, DataLoadTest::nothing);
      assertThat(figures.bytes()).isPositive().isEqualTo(requests(figures) * kind.requestBytes());
      assertThat(figures.seconds()).isBetween(0.01, 30.0);
    }
  }

  private static long requests(DataFigures figures) {
    return figures.latency().getTotalCount();
  }

  @Test
  void theLimitsServerAnswersEveryKind() throws Exception {
    Path file = data();
    try (LimitServer server = LimitServer.start(file)) {
      for (DataCase kind :
          List.of(DataCase.SENDFILE, DataCase.SENDFILE_ONE, DataCase.ECHO, DataCase.SINK)) {
        DataOrder order = order(kind, 2, file.toString(), "127.0.0.1:" + server.port());
        DataFigures figures =
            new DataLoad(order, thread -> LimitMovers.open(order, thread))
                .run(DataLoadTest::nothing, DataLoadTest::nothing);
        assertThat(requests(figures)).as(kind.word()).isPositive();
      }
    }
  }

  @Test
  void itEndsEarlyWhereNothingIsLeft() throws Exception {
    AtomicInteger left = new AtomicInteger(3);
    DataOrder order = new DataOrder(DataCase.PREAD, 1, 1, "", "", SIZE_BYTES, 0, 60_000);
    DataFigures figures =
        new DataLoad(order, thread -> mover(() -> left.getAndDecrement() > 0 ? 7 : 0))
            .run(DataLoadTest::nothing, DataLoadTest::nothing);
    assertThat(figures.bytes()).isEqualTo(21);
    assertThat(figures.seconds()).isLessThan(60);
  }

  @Test
  void aFailureOfOneThreadIsTold() {
    DataOrder order = order(DataCase.PREAD, 2, "", "");
    assertThatThrownBy(
            () ->
                new DataLoad(
                        order,
                        thread ->
                            mover(
                                () -> {
                                  throw new IOException("broken " + thread);
                                }))
                    .run(DataLoadTest::nothing, DataLoadTest::nothing))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("broken");
  }

  private interface Step {
    int run() throws IOException;
  }

  private static Mover mover(Step step) {
    return new Mover() {
      @Override
      public int move() throws IOException {
        return step.run();
      }

      @Override
      public void close() {}
    };
  }

  @Test
  void figuresSurviveTheirJson() throws Exception {
    String file = data().toString();
    DataOrder order = order(DataCase.PREAD, 1, file, "");
    assertThat(DataOrder.fromJson(order.toJson())).isEqualTo(order);
    DataFigures figures =
        new DataLoad(order, thread -> FileMovers.open(order, thread))
            .run(DataLoadTest::nothing, DataLoadTest::nothing);
    DataFigures read = DataFigures.fromJson(figures.toJson());
    assertThat(read.bytes()).isEqualTo(figures.bytes());
    assertThat(read.latency()).isEqualTo(figures.latency());
  }

  @Test
  void threadsBeginInPartsOfTheirOwnAndGoRound() {
    DataOrder order = order(DataCase.SENDFILE, 4, "", "");
    int request = DataCase.SENDFILE.requestBytes();
    Places last = new Places(order, 3);
    List<Long> places = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      places.add(last.next() / request);
    }
    assertThat(places).containsExactly(12L, 13L, 14L, 15L, 0L);
    Places random = new Places(order(DataCase.ECHO, 1, "", ""), 0);
    ConcurrentLinkedQueue<Long> seen = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 1000; i++) {
      seen.add(random.next());
    }
    assertThat(seen)
        .allMatch(at -> at >= 0 && at < SIZE_BYTES && at % DataCase.ECHO.requestBytes() == 0);
    assertThat(seen.stream().distinct().count()).isGreaterThan(100);
  }
}
