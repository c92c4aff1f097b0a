/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import io.curvine.protocol.io.FileTrees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * Loads the library's native part. By itself it leaves its copy in the directory of temporary files
 * where the process is killed, and masters are killed. Stateless.
 */
final class NativeLibrary {
  private NativeLibrary() {}

  /** Returns when it is loaded; again, does nothing. */
  static void load() {
    try {
      Path own = Files.createTempDirectory("curvine-rocksdb-");
      try {
        NativeLibraryLoader.getInstance().loadLibrary(own.toString());
      } finally {
        FileTrees.delete(own); // what is mapped does not need its name
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot load RocksDB's native library", e);
    }
    RocksDB.loadLibrary(); // finds it loaded
  }
}
