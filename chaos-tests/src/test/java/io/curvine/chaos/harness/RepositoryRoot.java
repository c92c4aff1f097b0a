/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the checkout is, whatever directory the test runs in. */
public final class RepositoryRoot {
  private RepositoryRoot() {}

  /** The directory that holds {@code bin/curvine}. */
  public static Path find() {
    Path directory = Path.of("").toAbsolutePath();
    while (directory != null && !Files.isExecutable(directory.resolve("bin/curvine"))) {
      directory = directory.getParent();
    }
    if (directory == null) {
      throw new IllegalStateException("no bin/curvine above " + Path.of("").toAbsolutePath());
    }
    return directory;
  }
}
