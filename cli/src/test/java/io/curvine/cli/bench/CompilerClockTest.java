/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

final class CompilerClockTest {
  @Test
  @EnabledOnOs(OS.LINUX)
  void aProcessHasCompiledSomethingUntilItTests() {
    ProcessHandle self = ProcessHandle.current();
    assertThat(CompilerClock.millis(List.of(self.pid())))
        .isPositive()
        .isLessThanOrEqualTo(self.info().totalCpuDuration().orElseThrow().toMillis() + 20);
  }

  @Test
  void ofAProcessThatIsNotThereNothingIsCounted() {
    assertThat(CompilerClock.millis(List.of(Long.MAX_VALUE))).isZero();
  }
}
