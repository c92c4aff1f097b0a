/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files that are no block's: a crash leaves them where it comes between a file and its row.
 * Stateless.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);

  private Leftovers() {}

  /** Looks through a directory; blocks may come and go meanwhile. */
  static int remove(TierDir dir, BlockStore store) throws IOException {
    int removed = 0;
    for (Path folder : dir.folders()) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
        for (Path file : files) {
          store.checkOpen();
          removed += store.removeIfNobodys(dir, file) ? 1 : 0;
        }
      }
    }
    if (removed > 0) {
      LOG.info("removed {} files in {} that were no block's", removed, dir.path());
    }
    return removed;
  }
}
