/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.config.Units;
import java.time.Duration;
import java.util.List;

/**
 * What is measured, and how much of it. Immutable.
 *
 * @param rounds that count, of each case and what it is compared with in turn
 * @param warmupRounds before them
 * @param turn how long each reads, stats or opens
 * @param sizes of what is made
 */
record FusePlan(List<FuseCase> cases, int rounds, int warmupRounds, Duration turn, Sizes sizes) {
  private static final int ROUNDS_MAX = 100;
  private static final Duration TURN_MAX = Duration.ofMinutes(1);

  /**
   * Of what is made.
   *
   * @param dataBytes of the file that is read, and of each that is written
   * @param files that are looked at and opened
   * @param creates files that are made in a turn
   * @param entries of the directory that is listed
   * @param cloned files of the repository that is cloned
   */
  record Sizes(long dataBytes, int files, int creates, int entries, int cloned) {
    /** What the largest request of four jobs takes. */
    static final long DATA_BYTES_MIN = 4L << 20;

    /** The null mount keeps it in its memory. */
    static final long DATA_BYTES_MAX = 512L << 20;

    private static final int FILES_MAX = 1_000_000;

    Sizes {
      if (dataBytes < DATA_BYTES_MIN
          || dataBytes > DATA_BYTES_MAX
          || dataBytes % DATA_BYTES_MIN != 0) {
        throw new IllegalArgumentException(
            "--size is "
                + dataBytes
                + " bytes; allowed: n times "
                + Units.showBytes(DATA_BYTES_MIN)
                + " up to "
                + Units.showBytes(DATA_BYTES_MAX));
      }
      number("--files", files);
      number("--creates", creates);
      number("--entries", entries);
      number("--clone-files", cloned);
    }

    private static void number(String option, int value) {
      if (value < 1 || value > FILES_MAX) {
        throw new IllegalArgumentException(
            option + " is " + value + "; allowed: 1 to " + FILES_MAX);
      }
    }
  }

  FusePlan {
    cases = List.copyOf(cases);
    if (rounds < 1 || rounds > ROUNDS_MAX) {
      throw new IllegalArgumentException("--rounds is " + rounds + "; allowed: 1 to " + ROUNDS_MAX);
    }
    if (warmupRounds < 0 || warmupRounds > ROUNDS_MAX) {
      throw new IllegalArgumentException(
          "--warmup-rounds is " + warmupRounds + "; allowed: 0 to " + ROUNDS_MAX);
    }
    if (turn.compareTo(Duration.ofMillis(1)) < 0 || turn.compareTo(TURN_MAX) > 0) {
      throw new IllegalArgumentException("--turn is " + turn.toMillis() + "ms; allowed: 1ms to 1m");
    }
  }
}
