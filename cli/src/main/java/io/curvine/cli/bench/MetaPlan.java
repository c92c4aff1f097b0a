/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import io.curvine.protocol.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What {@code curvine bench meta} is to measure. Immutable; a value that is not allowed is refused
 * with an {@link IllegalArgumentException} that names the option, the value and what is allowed.
 *
 * @param concurrency calls open at a time over all clients; a row each
 * @param batch operations in a call of rows beside those of single ones; 0: no such rows
 * @param ratePerSecond 0: as fast as answers come
 */
record MetaPlan(
    List<Stage> stages,
    Optional<Mix> mix,
    List<Integer> concurrency,
    Times times,
    int clients,
    Tree tree,
    int batch,
    double ratePerSecond) {
  private static final int CLIENTS_MAX = 64;

  /**
   * How long what takes.
   *
   * @param warmup before each measurement
   * @param fill of creates before calls that need files, where there are none
   */
  record Times(Duration warmup, Duration duration, Duration fill) {
    Times {
      range("--warmup", warmup, Duration.ZERO);
      range("--duration", duration, Duration.ofMillis(100));
      range("--fill", fill, Duration.ofMillis(100));
    }

    private static void range(String option, Duration value, Duration min) {
      Duration max = Duration.ofHours(24);
      require(
          value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
          option + " is " + value.toMillis() + " ms",
          min.toMillis() + "ms to 24h");
    }
  }

  /**
   * Where files go.
   *
   * @param filesPerDirectory at most; 0: as many as are made in the time
   * @param depth directories between that of a row and a file
   */
  record Tree(int directories, long filesPerDirectory, int depth, boolean byChild) {
    private static final int DIRECTORIES_MAX = 100_000;
    private static final int DEPTH_MAX = 100;

    Tree {
      require(
          directories >= 1 && directories <= DIRECTORIES_MAX,
          "--dirs is " + directories,
          "1 to " + DIRECTORIES_MAX);
      require(filesPerDirectory >= 0, "--files-per-dir is " + filesPerDirectory, "0 or more");
      require(depth >= 1 && depth <= DEPTH_MAX, "--depth is " + depth, "1 to " + DEPTH_MAX);
    }

    /** Files of one of so many clients. */
    long filesMax(int clients) {
      return filesPerDirectory == 0
          ? Long.MAX_VALUE
          : Math.max(1, directories * filesPerDirectory / clients);
    }
  }

  MetaPlan {
    stages = List.copyOf(stages);
    concurrency = List.copyOf(concurrency);
    require(!stages.isEmpty() || mix.isPresent(), "there is nothing to do", "--stages or --mix");
    require(
        clients >= 1 && clients <= CLIENTS_MAX, "--clients is " + clients, "1 to " + CLIENTS_MAX);
    int max = clients * Limits.SESSION_WINDOW_MAX_COMMANDS;
    require(!concurrency.isEmpty(), "--concurrency is empty", "numbers such as 1,40,256");
    for (int each : concurrency) {
      require(each >= 1 && each <= max, "--concurrency has " + each, "1 to " + max);
    }
    require(
        batch >= 0 && batch <= Limits.BATCH_MAX_COMMANDS,
        "--batch is " + batch,
        "0 to " + Limits.BATCH_MAX_COMMANDS);
    require(batch == 0 || ratePerSecond == 0, "--batch is given with --rate", "one of them");
    require(
        ratePerSecond >= 0 && ratePerSecond <= 1e7, "--rate is " + ratePerSecond, "0 to 10000000");
  }

  /** Whether calls to masters are made at all. */
  boolean calls() {
    return mix.isPresent() || stages.stream().anyMatch(stage -> stage != Stage.FSYNC);
  }

  /** Calls with many operations each that the clients' sessions have room for. */
  int batchesOpen(int wanted) {
    int each = Math.max(1, Limits.SESSION_WINDOW_MAX_COMMANDS / batch);
    return Math.min(wanted, clients * each);
  }

  private static void require(boolean right, String what, String allowed) {
    if (!right) {
      throw new IllegalArgumentException(what + "; allowed: " + allowed);
    }
  }
}
