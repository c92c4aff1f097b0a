/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.bench.ufs.Turn;
import java.io.IOException;

/**
 * Work that can be done through the mount, and by what it is compared with, as often as one likes.
 *
 * @param name of the work
 * @param jobs threads that do it at a time
 */
record Comparison(FuseCase kind, String name, int jobs, Side mount, Side other) {
  /** One of the two ways. */
  @FunctionalInterface
  interface Side {
    /** Does it once. */
    Turn turn() throws IOException, InterruptedException;
  }
}
