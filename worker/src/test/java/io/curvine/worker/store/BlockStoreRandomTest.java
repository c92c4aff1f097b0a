/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.CHUNK_BYTES;
import static io.curvine.protocol.block.BlockFileFormat.DATA_AT;
import static io.curvine.protocol.block.BlockFileFormat.ENTRY_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.ChunkSums;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.proto.TierKind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random operations beside a plain model, with restarts, torn metadata and flipped bits. A page of
 * the store may be missing after damage, but is never wrong.
 */
class BlockStoreRandomTest {
  private static final int BLOCKS = 4;
  private static final int BLOCK_BYTES = 3 * PAGE_SIZE_BYTES;
  private static final int STEPS = 150;

  @TempDir Path dir;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<BlockKey, Shadow> model = new HashMap<>();
  private BlockStore store;

  /** What a block should hold. */
  private static final class Shadow {
    final byte[] bytes = new byte[BLOCK_BYTES];
    int length;
    boolean written;
    boolean damaged;
    boolean kept;
  }

  @RepeatedTest(5)
  void neverGivesWrongBytes() throws IOException {
    System.out.println("seed " + seed);
    store = StoreFixture.open(dir, 64L << 20);
    try {
      for (int step = 0; step < STEPS; step++) {
        step();
        model.forEach(this::compare);
        compareKeptBytes();
      }
    } catch (IOException | AssertionError e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      store.close();
    }
  }

  private void step() throws IOException {
    BlockKey key = new BlockKey(random.nextInt(BLOCKS), 1, 0);
    switch (random.nextInt(9)) {
      case 0, 1 -> fillPage(key);
      case 2, 3, 4 -> write(key);
      case 5 -> settle(key);
      case 6 -> restart(false);
      case 7 -> keep(key);
      default -> restart(true);
    }
  }

  private void fillPage(BlockKey key) throws IOException {
    Shadow shadow = model.computeIfAbsent(key, k -> new Shadow());
    if (shadow.written) {
      return;
    }
    int page = random.nextInt(BLOCK_BYTES / PAGE_SIZE_BYTES);
    byte[] bytes = new byte[PAGE_SIZE_BYTES];
    random.nextBytes(bytes);
    boolean kept = random.nextBoolean();
    try (Block block = store.acquireForFill(key, TierKind.TIER_UNSPECIFIED, kept)) {
      block.putPage(page, ByteBuffer.wrap(bytes));
    }
    shadow.kept |= kept;
    System.arraycopy(bytes, 0, shadow.bytes, page * PAGE_SIZE_BYTES, PAGE_SIZE_BYTES);
  }

  private void write(BlockKey key) throws IOException {
    Shadow shadow = model.computeIfAbsent(key, k -> new Shadow());
    int from = shadow.written && !shadow.damaged ? random.nextInt(shadow.length + 1) : 0;
    try (BlockWrite write = store.openForWrite(key, from, WriteAck.PAGE_CACHE)) {
      Arrays.fill(shadow.bytes, from, BLOCK_BYTES, (byte) 0);
      shadow.length = from;
      shadow.written = true;
      shadow.damaged = false;
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(BLOCK_BYTES - 1);
        byte[] bytes = new byte[1 + random.nextInt(Math.min(700_000, BLOCK_BYTES - at))];
        random.nextBytes(bytes);
        at = writeOrTakeOver(write, shadow, at, bytes, i == 0);
        System.arraycopy(bytes, 0, shadow.bytes, at, bytes.length);
        shadow.length = Math.max(shadow.length, at + bytes.length);
        if (random.nextInt(3) == 0) {
          write.sync(shadow.length);
        }
      }
      if (random.nextBoolean()) {
        write.commit(shadow.length, random.nextBoolean());
      }
    }
  }

  /** Gives where they went: what is in the file already is taken over behind all else only. */
  private int writeOrTakeOver(BlockWrite write, Shadow shadow, int at, byte[] bytes, boolean last)
      throws IOException {
    ByteBuffer content = ByteBuffer.wrap(bytes);
    int end = (shadow.length + CHUNK_BYTES - 1) / CHUNK_BYTES * CHUNK_BYTES;
    int gap = random.nextInt(3) * CHUNK_BYTES;
    if (random.nextBoolean() || end + gap + bytes.length > BLOCK_BYTES) {
      write.write(content, ChunkSums.of(at, content));
      return at;
    }
    int place = end + gap;
    try (FileChannel file = FileChannel.open(write.block().path(), StandardOpenOption.WRITE)) {
      file.write(content.duplicate(), DATA_AT + place);
      if (last && random.nextBoolean()) { // what the worker is never told of
        byte[] untold = new byte[70_000];
        Arrays.fill(untold, (byte) 0x55);
        file.write(ByteBuffer.wrap(untold), DATA_AT + place + bytes.length);
      }
    }
    write.takeOver(ChunkSums.of(place, content));
    return place;
  }

  private void settle(BlockKey key) throws IOException {
    if (random.nextBoolean()) {
      store.unpin(key);
    } else {
      store.drop(key);
    }
    if (store.stateOf(key).isEmpty()) {
      model.remove(key);
    }
  }

  private void keep(BlockKey key) throws IOException {
    boolean kept = random.nextBoolean();
    store.keep(key, kept);
    if (model.containsKey(key)) {
      model.get(key).kept = kept;
    }
  }

  private void compareKeptBytes() {
    long bytes = 0;
    for (BlockKey key : model.keySet()) {
      Block block = store.find(key).orElseThrow();
      bytes += block.kept() && block.state() == BlockState.CACHED ? block.bytes() : 0;
    }
    assertThat(store.tiers().get(0).getKeptBytes()).isEqualTo(bytes);
  }

  private void restart(boolean damage) throws IOException {
    store.close();
    if (damage && !model.isEmpty()) {
      BlockKey key = model.keySet().iterator().next();
      damage(key);
    }
    store = StoreFixture.open(dir, 64L << 20);
    model.keySet().removeIf(key -> store.stateOf(key).isEmpty());
  }

  /** Flips a bit of an entry that is used, or of the data. */
  private void damage(BlockKey key) throws IOException {
    Path file = StoreFixture.file(dir, key);
    byte[] bytes = Files.readAllBytes(file);
    boolean entry = random.nextBoolean() || bytes.length == DATA_AT;
    int at =
        entry
            ? random.nextInt(BLOCK_BYTES / PAGE_SIZE_BYTES * ENTRY_BYTES)
            : DATA_AT + random.nextInt(bytes.length - DATA_AT);
    if (at < bytes.length && (entry || vouchedFor(key))) {
      bytes[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, bytes);
      model.get(key).damaged = true;
    }
  }

  /** Only what is sealed can be told from damage. */
  private boolean vouchedFor(BlockKey key) {
    return store.stateOf(key).filter(s -> s != BlockState.WRITING).isPresent();
  }

  private void compare(BlockKey key, Shadow shadow) {
    try {
      Optional<Block> held = store.acquire(key);
      assertThat(held).as("block %s", key).isPresent();
      try (Block block = held.get()) {
        assertThat(block.kept()).as("block %s is kept", key).isEqualTo(shadow.kept);
        boolean writing = block.state() == BlockState.WRITING;
        for (int page = 0; page < BLOCK_BYTES / PAGE_SIZE_BYTES; page++) {
          if (block.check(page) == PageCheck.GOOD && !(writing && shadow.damaged)) {
            comparePage(key, shadow, block, page);
          } else if (shadow.written && !shadow.damaged && !writing) {
            assertThat(page * PAGE_SIZE_BYTES)
                .as("page %s of %s is missing", page, key)
                .isGreaterThanOrEqualTo(shadow.length);
          }
        }
      }
    } catch (IOException e) {
      throw new AssertionError("block " + key, e);
    }
  }

  private static void comparePage(BlockKey key, Shadow shadow, Block block, int page)
      throws IOException {
    byte[] bytes = new byte[block.pageLength(page)];
    block.read(ByteBuffer.wrap(bytes), (long) page * PAGE_SIZE_BYTES);
    int from = page * PAGE_SIZE_BYTES;
    assertThat(Arrays.equals(bytes, 0, bytes.length, shadow.bytes, from, from + bytes.length))
        .as("page %s of %s", page, key)
        .isTrue();
  }
}
