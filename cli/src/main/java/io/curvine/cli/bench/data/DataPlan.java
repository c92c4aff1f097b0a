/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.data;

import static io.curvine.protocol.config.Allowed.check;
import static io.curvine.protocol.config.Allowed.range;

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
  private static final int DURATION_MIN_MS = 100;

  DataPlan {
    cases = List.copyOf(cases);
    for (DataCase each : cases) {
      if (each.comparison().isEmpty()) {
        throw new IllegalArgumentException(
            "--cases has " + each.word() + "; allowed: " + DataCase.words(DataCase.ours()));
      }
    }
    check(
        sizeBytes >= SIZE_MIN_BYTES && sizeBytes <= SIZE_MAX_BYTES,
        "--size",
        sizeBytes + " bytes",
        "64MiB to 1GiB");
    check(sizeBytes % SIZE_MIN_BYTES == 0, "--size", sizeBytes + " bytes", "n times 64MiB");
    range("--rounds", rounds, 1, ROUNDS_MAX);
    range("--window", window, 1, WINDOW_MAX);
    check(duration.toMillis() >= DURATION_MIN_MS, "--duration", duration, "100ms");
  }
}
