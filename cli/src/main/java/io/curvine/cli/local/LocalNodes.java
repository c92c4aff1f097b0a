/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import java.io.IOException;
import java.util.Optional;

/** The running nodes of a local cluster. Thread-safe. */
interface LocalNodes extends AutoCloseable {
  /** Starts a node; it is ready some time later. */
  void start(NodeSpec node) throws IOException;

  /** From now on a node that ends is started again. */
  void keepRunning();

  /** Why a node that was started has ended, before {@link #keepRunning}; empty: all run. */
  Optional<String> failure();

  /** Process id of a node; 0 where it does not run now. */
  long pid(NodeSpec node);

  /** Its output goes to its log file. */
  boolean separate();

  /** Blocks until nothing can run any more; with processes, until closed. */
  void await() throws IOException, InterruptedException;

  /** Stops all, the last started first. */
  @Override
  void close();
}
