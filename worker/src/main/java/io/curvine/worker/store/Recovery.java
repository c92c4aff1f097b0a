/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the blocks of a directory after a start. Files that are not a block's are removed. */
final class Recovery {
  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);
  private static final String META = ".meta";
  private static final String DATA = ".blk";

  private Recovery() {}

  static void recover(TierDir dir, BlockStore store) throws IOException {
    int kept = 0;
    int removed = 0;
    for (Path folder : children(dir.blocksPath())) {
      for (Path file : children(folder)) {
        String name = file.getFileName().toString();
        if (name.endsWith(META)) {
          if (recoverBlock(dir, file, store)) {
            kept++;
          } else {
            removed++;
          }
        } else if (name.endsWith(DATA) && !Files.exists(sibling(file, DATA, META))) {
          Files.deleteIfExists(file);
          removed++;
        }
      }
    }
    LOG.info("directory {} has {} blocks, {} leftovers removed", dir.path(), kept, removed);
  }

  private static boolean recoverBlock(TierDir dir, Path meta, BlockStore store) throws IOException {
    String name = meta.getFileName().toString();
    BlockKey key = BlockKey.ofFileName(name.substring(0, name.length() - META.length()));
    Path data = sibling(meta, META, DATA);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(meta));
    MetaFile.Header header = MetaFile.readHeader(bytes);
    if (header == null || !header.key().equals(key) || !Files.exists(data)) {
      Files.delete(meta);
      Files.deleteIfExists(data);
      return false;
    }
    Optional<BlockState> twin = store.stateOf(key);
    if (twin.isPresent() && header.state() == BlockState.CACHED) {
      Files.delete(meta);
      Files.delete(data);
      return false;
    }
    twin.ifPresent(t -> store.drop(key));
    Pages pages = MetaFile.readPages(bytes, Files.size(data));
    Block block = new Block(key, dir, store, pages, header);
    store.keep(block);
    block.recovered();
    return true;
  }

  private static Path sibling(Path file, String suffix, String other) {
    String name = file.getFileName().toString();
    return file.resolveSibling(name.substring(0, name.length() - suffix.length()) + other);
  }

  private static List<Path> children(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.toList();
    }
  }
}
