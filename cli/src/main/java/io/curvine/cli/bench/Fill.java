/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench;

import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes many files, in batches, before anything is measured. Stateless. */
final class Fill {
  private static final int BATCH = 200;

  /** A session has room for 4,096 commands. */
  private static final int BATCHES_OPEN = 16;

  private Fill() {}

  /**
   * Returns when so many files exist.
   *
   * @return files made a second; 0: none were needed
   */
  static double run(BatchOperations batches, BenchFiles files, long target)
      throws InterruptedException {
    long before = files.count();
    if (before >= target) {
      return 0;
    }
    Order order =
        new Order(Mix.of(Stage.CREATE), BATCH, BATCHES_OPEN, 0, TimeUnit.DAYS.toMillis(10), 0);
    long began = System.nanoTime();
    new Load(stage -> files.count() < target ? batches.next(stage, BATCH) : Optional.empty(), order)
        .run(Load.UNWATCHED);
    return (files.count() - before) / ((System.nanoTime() - began) / 1e9);
  }
}
