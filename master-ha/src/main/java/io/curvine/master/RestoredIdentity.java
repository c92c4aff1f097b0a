/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import java.io.IOException;
import java.nio.file.Path;

/** What a restore writes beside the state, for the master that starts on it. Stateless. */
public final class RestoredIdentity {
  private RestoredIdentity() {}

  /**
   * Marks a directory.
   *
   * @param finished false: no master starts on it; true: one that forms a cluster alone does
   */
  public static void mark(Path dataDirectory, boolean finished) throws IOException {
    Identity.markRestored(dataDirectory, finished);
  }
}
