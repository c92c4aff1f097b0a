/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of what commands do to a state, each with an empty one. */
abstract class CoreTest {
  @TempDir private Path directory;
  Core core;

  @BeforeEach
  void startCore() throws IOException {
    core = new Core(directory);
  }

  @AfterEach
  void stopCore() throws IOException {
    core.close();
  }
}
