/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class MeasuredTest {
  private static final long MILLI = 1_000_000;

  private static Measured of(Stage stage, int calls, long latencyNanos) {
    Measured measured = new Measured();
    for (int i = 0; i < calls; i++) {
      measured.succeeded(stage, latencyNanos, 1);
    }
    measured.ended(2_000 * MILLI, false);
    return measured;
  }

  @Test
  void clientsAreAddedUp() throws Exception {
    Measured one = of(Stage.STAT, 900, MILLI);
    Measured other = of(Stage.STAT, 100, 50 * MILLI);
    other.succeeded(Stage.CREATE, 7 * MILLI, 100);
    other.failed("BUSY", 1);
    other.failed("BUSY", 1);
    other.failed("NOT_FOUND", 1);
    other.ended(1_500 * MILLI, true);
    Measured all = new Measured();
    all.add(Measured.fromJson(io.curvine.cli.output.Json.parse(one.toJson().toString())));
    all.add(Measured.fromJson(io.curvine.cli.output.Json.parse(other.toJson().toString())));

    Histogram stat = all.figures(Stage.STAT).latency();
    assertThat(stat.getTotalCount()).isEqualTo(1000);
    assertThat(stat.getValueAtPercentile(50) / 1e6).isCloseTo(1, within(0.01));
    assertThat(stat.getValueAtPercentile(99) / 1e6).isCloseTo(50, within(0.1));
    assertThat(all.figures().calls()).isEqualTo(1001);
    assertThat(all.figures().operations()).isEqualTo(1100);
    assertThat(all.figures(Stage.CREATE).perSecond()).isEqualTo(50);
    assertThat(all.figures().failures()).isEqualTo(Map.of("BUSY", 2L, "NOT_FOUND", 1L));
    assertThat(all.figures().seconds()).isEqualTo(2);
    assertThat(all.figures().ranOut()).isTrue();
  }

  @Test
  void anOrderIsSharedOutWhole() {
    Order order = new Order(Mix.of(Stage.STAT), 5, 10, 1, 2, 900);
    List<Order> shares = List.of(share(order, 0), share(order, 1), share(order, 2));
    assertThat(shares.stream().map(Order::concurrency)).containsExactly(4, 3, 3);
    assertThat(shares).allMatch(share -> share.ratePerSecond() == 300);
    assertThat(Order.fromJson(order.toJson())).isEqualTo(order);
  }

  private static Order share(Order order, int i) {
    return Clients.share(order, i, 3);
  }

  @Test
  void processorTimeIsThatOfTheProcessesThatAreSeen() {
    var masters =
        Map.of(
            1L, new MasterProcesses.MasterProcess("m1", "leader"),
            2L, new MasterProcesses.MasterProcess("m2", "follower"),
            3L, new MasterProcesses.MasterProcess("m3", "follower"));
    CpuUse all =
        new CpuUse(Map.of(1L, 500.0, 2L, 100.0, 3L, 50.0, 9L, 350.0), masters, List.of(9L));
    assertThat(all.leader()).hasValue(500);
    assertThat(all.followers()).hasValue(150);
    assertThat(all.ofClients()).hasValue(350);
    assertThat(all.total()).hasValue(1000);
    CpuUse withoutOne = new CpuUse(Map.of(1L, 500.0, 2L, 100.0, 9L, 350.0), masters, List.of(9L));
    assertThat(withoutOne.followers()).isEqualTo(OptionalDouble.empty());
    assertThat(withoutOne.total()).isEqualTo(OptionalDouble.empty());
    assertThat(CpuUse.NONE.total()).isEqualTo(OptionalDouble.empty());
  }

  @Test
  void theTableSaysWhatTheFiguresDoNot() {
    Measured measured = of(Stage.DELETE, 3000, 2 * MILLI);
    measured.failed("BUSY", 1);
    measured.ended(1_500 * MILLI, true);
    CpuUse cpu =
        new CpuUse(
            Map.of(1L, 60_000.0, 2L, 9_000.0, 9L, 30_000.0),
            Map.of(
                1L, new MasterProcesses.MasterProcess("m1", "leader"),
                2L, new MasterProcesses.MasterProcess("m2", "follower")),
            List.of(9L));
    Row echo = row("echo", of(Stage.ECHO, 5000, 25 * MILLI / 10), CpuUse.NONE);
    List<Row> rows = MetaCommand.inOrder(List.of(echo, row("delete", measured, cpu)));
    assertThat(RowTable.render(rows))
        .isEqualTo(
            """
            STAGE   OPEN  OPS/S  P50 MS   P90   P99  P99.9   MAX  FAILED  OF ECHO  CPU US/OP  LEADER  FOLLOWERS  CLIENTS  NOTE
            echo      40  2,500    2.50  2.50  2.50   2.50  2.50       0     1.00          -       -          -        -
            delete    40  2,000    2.00  2.00  2.00   2.00  2.00       1     0.80         33      20        3.0       10  no file was left after 1.5 s, BUSY 1
            """);
  }

  @Test
  void rowsAreOrderedByStageAndComparedAtTheirConcurrency() {
    List<Row> rows =
        List.of(
            row("echo", 1, 100), row("stat", 1, 500), row("echo", 40, 1000), row("stat", 40, 2000));
    List<Row> ordered = MetaCommand.inOrder(rows);
    assertThat(ordered.stream().map(Row::name)).containsExactly("echo", "echo", "stat", "stat");
    assertThat(ordered.stream().map(r -> r.perSecond() / r.compared().echoPerSecond()))
        .containsExactly(1.0, 1.0, 5.0, 2.0);
  }

  @Test
  void callsWithManyOperationsAreComparedWithSingleOnes() {
    Measured batches = new Measured();
    batches.succeeded(Stage.STAT, 10 * MILLI, 100);
    batches.succeeded(Stage.STAT, 10 * MILLI, 100);
    batches.ended(1_000 * MILLI, false);
    Row many = new Row("stat x100", 1024, 40, batches.figures(), CpuUse.NONE, Row.Compared.NONE);
    assertThat(Row.name(Stage.STAT, 100)).isEqualTo("stat x100");
    Row compared = MetaCommand.inOrder(List.of(row("stat", 1024, 25), many)).get(1);
    assertThat(compared.perSecond()).isEqualTo(200);
    assertThat(compared.note()).isEqualTo("16.0 times single, a session has room for 40 open");
    assertThat(compared.toJson().get("calls").asInt()).isEqualTo(2);
    assertThat(compared.toJson().get("operations").asInt()).isEqualTo(200);
    assertThat(compared.toJson().get("ofSingle").asDouble()).isEqualTo(16);
  }

  /** In 2 s. */
  private static Row row(String name, int concurrency, int calls) {
    return new Row(name, concurrency, of(Stage.STAT, calls, MILLI).figures(), CpuUse.NONE);
  }

  private static Row row(String name, Measured measured, CpuUse cpu) {
    return new Row(name, 40, measured.figures(), cpu);
  }
}
