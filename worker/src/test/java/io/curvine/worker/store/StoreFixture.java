/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.proto.TierKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Stores for tests. */
public final class StoreFixture {
  private StoreFixture() {}

  /** A store of one directory, which checks a page at each read. */
  public static BlockStore open(Path path, long capacityBytes) throws IOException {
    return open(List.of(new DirSpec(TierKind.SSD, path, capacityBytes)));
  }

  /** A store over these directories. */
  public static BlockStore open(List<DirSpec> dirs) throws IOException {
    return BlockStore.open(new StoreSettings(dirs, 95, 85, Duration.ofHours(1), System::nanoTime));
  }

  /** The file of a block. */
  public static Path file(Path root, BlockKey key, String suffix) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(f -> f.getFileName().toString().equals(key.fileName() + suffix))
          .findFirst()
          .orElseThrow();
    }
  }
}
