/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.proto.TierKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

/** Stores for tests. */
public final class StoreFixture {
  private StoreFixture() {}

  /** A store of one directory. */
  public static BlockStore open(Path path, long capacityBytes) throws IOException {
    return open(List.of(new DirSpec(TierKind.SSD, path, capacityBytes)));
  }

  /** A store over these directories. */
  public static BlockStore open(List<DirSpec> dirs) throws IOException {
    return open(dirs, Eviction.W_TINYLFU);
  }

  /** The same with another policy. */
  public static BlockStore open(List<DirSpec> dirs, Eviction eviction) throws IOException {
    return open(dirs, eviction, System::nanoTime);
  }

  /** The same with a clock of the test's own. */
  public static BlockStore open(List<DirSpec> dirs, Eviction eviction, LongSupplier nanoTime)
      throws IOException {
    return BlockStore.open(new StoreSettings(dirs, 95, 85, 80, eviction, 0, 0, 0, nanoTime));
  }

  /** Writes and finishes a block. */
  public static void write(BlockStore store, BlockKey key, byte[] bytes) throws IOException {
    try (BlockWrite write = store.openForWrite(key, 0, WriteAck.PAGE_CACHE)) {
      ByteBuffer content = ByteBuffer.wrap(bytes);
      write.write(content, ChunkSums.of(0, content));
      write.commit(bytes.length, false);
    }
  }

  /** Drops every block, and gives the files that stay open: somebody still holds their blocks. */
  public static int openFilesAfterDroppingAll(BlockStore store) {
    store.keys().forEach(store::drop);
    return store.openFiles().get();
  }

  /** Blocks that somebody writes. */
  public static List<BlockKey> beingWritten(BlockStore store) {
    return store.keys().stream()
        .filter(key -> store.find(key).map(Block::hasWriter).orElse(false))
        .toList();
  }

  /** The file of a block. */
  public static Path file(Path root, BlockKey key) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(f -> f.getFileName().toString().equals(key.fileName() + ".blk"))
          .findFirst()
          .orElseThrow();
    }
  }
}
