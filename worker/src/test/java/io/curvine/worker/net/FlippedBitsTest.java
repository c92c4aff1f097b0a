/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.DATA_AT;
import static io.curvine.protocol.block.BlockFileFormat.ENTRY_BYTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A bit that turns on the disk, in the data, in the entry of a page (its length, its checksums, its
 * map of open chunks) or in the row of a block: a read gives the right bytes, or is refused.
 */
class FlippedBitsTest {
  private static final BlockKey CACHED = new BlockKey(5, 2, 0);
  private static final BlockKey WRITTEN = new BlockKey(6, 2, 0);
  private static final BlockRequestExtra NONE = BlockRequestExtra.getDefaultInstance();
  private static final int DATA_FLIPS = 15;
  private static final int SMALL_BYTES = 4 * CHUNK_BYTES + 99;
  private static final int LARGE_BYTES = PAGE_SIZE_BYTES + 3 * CHUNK_BYTES + 99;

  @TempDir Path dir;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private byte[] object;
  private DataNode node;
  private BlockRequestExtra source;

  private DataNode open() throws IOException {
    node = new DataNode(dir, DataNode.TIMEOUT);
    source = node.source("f", object);
    return node;
  }

  private DataNode openAndFill(int length) throws IOException {
    System.out.println("seed " + seed);
    object = new byte[length];
    new Random(1).nextBytes(object);
    open();
    StoreFixture.write(node.store, WRITTEN, object);
    try (PeerReader reader = reader()) {
      assertThat(read(reader, CACHED, 0, object.length, source)).isEqualTo(object);
    }
    return node;
  }

  private PeerReader reader() {
    return new PeerReader(node.server.loops(), DataNode.TIMEOUT);
  }

  private byte[] read(
      PeerReader reader, BlockKey key, int offset, int length, BlockRequestExtra from)
      throws IOException {
    return reader.read(node.address(), key, offset, length, from);
  }

  /** Turns one bit of the byte there; the same again turns it back. */
  private static void flip(Path file, long at, int bit) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
      bytes.seek(at);
      int old = bytes.read();
      bytes.seek(at);
      bytes.write(old ^ 1 << bit);
    }
  }

  /**
   * Whole chunks, parts of them, all of it: the right bytes, from the UFS where they are not here.
   */
  private void assertRight(PeerReader reader, String where) throws IOException {
    int[][] ranges = {
      {0, object.length}, {CHUNK_BYTES, CHUNK_BYTES}, {77, 4_000}, {5, object.length - 10}
    };
    for (int[] range : ranges) {
      byte[] expected = Arrays.copyOfRange(object, range[0], range[0] + range[1]);
      assertRightOrRefused(reader, WRITTEN, range, where);
      assertRightOrRefused(reader, CACHED, range, where);
      assertThat(Arrays.equals(read(reader, CACHED, range[0], range[1], source), expected))
          .as(where)
          .isTrue();
    }
  }

  private void assertRightOrRefused(PeerReader reader, BlockKey key, int[] range, String where)
      throws IOException {
    try {
      byte[] expected = Arrays.copyOfRange(object, range[0], range[0] + range[1]);
      assertThat(Arrays.equals(read(reader, key, range[0], range[1], NONE), expected))
          .as(where)
          .isTrue();
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.CORRUPT && e.code() != ErrorCode.BLOCK_NOT_FOUND) {
        fail(where, e);
      }
    }
  }

  /** Not every byte in every run. */
  private int step() {
    return 1 + random.nextInt(7);
  }

  @Test
  void inTheData() throws IOException {
    try (DataNode unused = openAndFill(LARGE_BYTES);
        PeerReader reader = reader()) {
      for (int i = 0; i < DATA_FLIPS; i++) {
        int at = random.nextInt(object.length);
        int bit = random.nextInt(8);
        String where = "seed " + seed + ", data " + at + ", bit " + bit;
        flip(StoreFixture.file(dir, WRITTEN), DATA_AT + at, bit);
        flip(StoreFixture.file(dir, CACHED), DATA_AT + at, bit);
        assertRight(reader, where);
        flip(StoreFixture.file(dir, WRITTEN), DATA_AT + at, bit);
        assertThat(read(reader, WRITTEN, 0, object.length, NONE)).as(where).isEqualTo(object);
      }
      assertThat(node.store.corruptPages()).isGreaterThanOrEqualTo(DATA_FLIPS);
    }
  }

  @Test
  void inTheEntryOfAPage() throws IOException {
    try (DataNode unused = openAndFill(SMALL_BYTES);
        PeerReader reader = reader()) {
      for (int at = 0; at < ENTRY_BYTES; at += step()) {
        int bit = random.nextInt(8);
        flip(StoreFixture.file(dir, WRITTEN), at, bit);
        flip(StoreFixture.file(dir, CACHED), at, bit);
        assertRight(reader, "seed " + seed + ", entry " + at + ", bit " + bit);
        flip(StoreFixture.file(dir, WRITTEN), at, bit);
      }
    }
  }

  @Test
  void inWhatAStartReads() throws IOException {
    openAndFill(SMALL_BYTES).close();
    Path cachedFile = StoreFixture.file(dir, CACHED);
    Path writtenFile = StoreFixture.file(dir, WRITTEN);
    Path tableFile = dir.resolve("blocks.table");
    byte[] table = Files.readAllBytes(tableFile);
    byte[] cached = Files.readAllBytes(cachedFile);
    byte[] written = Files.readAllBytes(writtenFile);
    for (int i = 0; i < table.length; i += step()) {
      boolean ofEntries = i % 4 == 3;
      int at = ofEntries ? random.nextInt(ENTRY_BYTES) : i;
      int bit = random.nextInt(8);
      if (ofEntries) {
        flip(cachedFile, at, bit);
        flip(writtenFile, at, bit);
      } else {
        flip(tableFile, at, bit);
      }
      try (DataNode unused = open();
          PeerReader reader = reader()) {
        assertRight(
            reader, "seed " + seed + (ofEntries ? ", entry " : ", table ") + at + ", bit " + bit);
      }
      Files.write(tableFile, table);
      Files.write(cachedFile, cached);
      Files.write(writtenFile, written);
    }
  }
}
