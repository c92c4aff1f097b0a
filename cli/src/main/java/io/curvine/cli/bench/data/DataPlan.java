/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import java.time.Duration;
import java.util.List;

/**
 * What {@code curvine bench data} is to measure. Immutable; a value that is not allowed is refused
 * with an {@link IllegalArgumentException} that names the option, the value and what is allowed.
 *
 * @param rounds of each row and its limit in turn; the one with the median ratio is shown
 * @param window requests that a limit with a window keeps open in each thread
 */
record DataPlan(
    List<DataCase> cases,
    long sizeBytes,
    int rounds,
    int window,
    Duration warmup,
    Duration duration) {
  private static final long SIZE_MIN_BYTES = 64L << 20;

  /** One mapping of a file holds no more. */
  private static final long SIZE_MAX_BYTES = 1L << 30;

  private static final int ROUNDS_MAX = 99;
  private static final int WINDOW_MAX = 256;

  DataPlan {
    cases = List.copyOf(cases);
    for (DataCase each : cases) {
      require(
          each.comparison().isPresent(),
          "--cases has " + each.word(),
          DataCase.words(DataCase.ours()));
    }
    require(
        sizeBytes >= SIZE_MIN_BYTES && sizeBytes <= SIZE_MAX_BYTES,
        "--size is " + sizeBytes + " bytes",
        "64MiB to 1GiB");
    require(sizeBytes % SIZE_MIN_BYTES == 0, "--size is " + sizeBytes + " bytes", "n times 64MiB");
    require(rounds >= 1 && rounds <= ROUNDS_MAX, "--rounds is " + rounds, "1 to " + ROUNDS_MAX);
    require(window >= 1 && window <= WINDOW_MAX, "--window is " + window, "1 to " + WINDOW_MAX);
    require(
        !duration.isNegative() && duration.toMillis() >= 100, "--duration is " + duration, "100ms");
  }

  private static void require(boolean right, String what, String allowed) {
    if (!right) {
      throw new IllegalArgumentException(what + "; allowed: " + allowed);
    }
  }
}
