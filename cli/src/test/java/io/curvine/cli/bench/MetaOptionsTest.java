/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class MetaOptionsTest {
  private static MetaPlan plan(String... arguments) {
    return CommandLine.populateCommand(new MetaOptions(), arguments).plan();
  }

  @Test
  void withoutOptionsEverythingIsMeasuredOnce() {
    MetaPlan plan = plan();
    assertThat(plan.stages())
        .containsExactly(
            Stage.ECHO,
            Stage.FSYNC,
            Stage.CREATE,
            Stage.STAT,
            Stage.OPEN,
            Stage.RENAME,
            Stage.DELETE);
    assertThat(plan.mix()).isEmpty();
    assertThat(plan.concurrency()).containsExactly(1, 40, 256, 1024);
    assertThat(plan.clients()).isEqualTo(1);
    assertThat(plan.ratePerSecond()).isZero();
    assertThat(plan.times())
        .isEqualTo(
            new MetaPlan.Times(
                Duration.ofSeconds(3), Duration.ofSeconds(10), Duration.ofSeconds(2)));
    assertThat(plan.tree()).isEqualTo(new MetaPlan.Tree(40, 0, 1, false));
    assertThat(plan.tree().filesMax(1)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void everyOptionIsHeard() {
    MetaPlan plan =
        plan(
            "--stages=none",
            "--mix=stat=9,create=1",
            "--concurrency=8, 5000",
            "--warmup=0",
            "--duration=500ms",
            "--fill=1s",
            "--clients=4",
            "--shared-dir",
            "--files-per-dir=1000",
            "--depth=5",
            "--by=child",
            "--rate=1500.5");
    assertThat(plan("--batch=100").batch()).isEqualTo(100);
    assertThat(plan("--batch=100", "--clients=2").batchesOpen(1024)).isEqualTo(80);
    assertThat(plan("--batch=1000").batchesOpen(3)).isEqualTo(3);
    assertThat(plan.stages()).isEmpty();
    assertThat(plan.mix()).isEqualTo(Optional.of(Mix.parse("create=1,stat=9")));
    assertThat(plan.concurrency()).containsExactly(8, 5000);
    assertThat(plan.times().duration()).isEqualTo(Duration.ofMillis(500));
    assertThat(plan.tree()).isEqualTo(new MetaPlan.Tree(1, 1000, 5, true));
    assertThat(plan.tree().filesMax(4)).isEqualTo(250);
    assertThat(plan.ratePerSecond()).isEqualTo(1500.5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--stages=create,copy | stage 'copy' is not known; allowed: echo, fsync, create",
        "--stages=none        | there is nothing to do; allowed: --stages or --mix",
        "--concurrency=0      | --concurrency has 0; allowed: 1 to 4096",
        "--concurrency=4097   | --concurrency has 4097; allowed: 1 to 4096",
        "--concurrency=x      | --concurrency has 'x'",
        "--clients=0          | --clients is 0; allowed: 1 to 64",
        "--duration=0         | --duration is 0 ms; allowed: 100ms to 24h",
        "--duration=long      | --duration is 'long'; allowed: a time such as",
        "--dirs=0             | --dirs is 0; allowed: 1 to 100000",
        "--depth=0            | --depth is 0; allowed: 1 to 100",
        "--files-per-dir=-1   | --files-per-dir is -1; allowed: 0 or more",
        "--by=name            | --by is 'name'; allowed: path, child",
        "--batch=1001         | --batch is 1001; allowed: 0 to 1000",
        "--rate=-1            | --rate is -1.0; allowed: 0 to 10000000"
      })
  void whatIsWrongIsSaidWithWhatIsAllowed(String argument, String message) {
    assertThatThrownBy(() -> plan(argument))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
