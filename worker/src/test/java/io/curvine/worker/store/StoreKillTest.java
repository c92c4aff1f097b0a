/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

import static io.curvine.protocol.Limits.PAGE_SIZE_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.TierUsage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * kill -9 of a process that uses a store, at random instants: in the middle of fills, writes,
 * evictions and moves. Whatever is found after the start is right, what was durable is there, and
 * the directories count what their files hold.
 */
final class StoreKillTest {
  private static final int KILLS = Integer.getInteger("kills", 60);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  @TempDir private Path temp;

  @Test
  void whatIsFoundAfterAKillIsRightAndCounted() throws Exception {
    System.out.println("seed " + seed);
    Path root = temp.resolve("store");
    Path notes = temp.resolve("notes");
    Files.createFile(notes);
    for (int kill = 0; kill < KILLS; kill++) {
      runAndKill(root, notes, StoreUnderLoad.WRITTEN_FROM * (kill + 1));
      try (BlockStore store = BlockStore.open(StoreUnderLoad.settings(root))) {
        check(store, durable(notes), root);
      } catch (IOException | AssertionError e) {
        throw new AssertionError("seed " + seed + ", kill " + kill, e);
      }
    }
  }

  private void runAndKill(Path root, Path notes, long firstInode) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                StoreUnderLoad.class.getName(),
                root.toString(),
                notes.toString(),
                Long.toString(random.nextLong()),
                Long.toString(firstInode))
            .redirectErrorStream(true)
            .start();
    try (var output = process.inputReader()) {
      String line = output.readLine();
      while (line != null && !line.equals("running")) {
        line = output.readLine();
      }
      boolean ended = process.waitFor(random.nextInt(400), TimeUnit.MILLISECONDS);
      // Before it is killed, which closes its output.
      assertThat(ended).as(() -> String.join("\n", output.lines().toList())).isFalse();
      process.destroyForcibly().waitFor();
    }
  }

  /** Inodes and lengths of blocks that may not go. */
  private static Map<Long, Integer> durable(Path notes) throws IOException {
    Map<Long, Integer> durable = new HashMap<>();
    for (String line : Files.readAllLines(notes)) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("W")) {
        durable.put(Long.parseLong(words[1]), Integer.parseInt(words[2]));
      } else {
        durable.remove(Long.parseLong(words[1]));
      }
    }
    return durable;
  }

  private static void check(BlockStore store, Map<Long, Integer> durable, Path root)
      throws IOException {
    for (Map.Entry<Long, Integer> each : durable.entrySet()) {
      BlockKey key = StoreUnderLoad.written(each.getKey());
      assertThat(store.stateOf(key)).as("durable block %s", key).contains(BlockState.PINNED);
      try (Block block = store.acquireUnseen(key).orElseThrow()) {
        assertThat(block.validLength()).isEqualTo(each.getValue().longValue());
        assertThat(block.has(0, each.getValue())).isTrue();
      }
    }
    long bytes = 0;
    long pinned = 0;
    for (BlockKey key : store.keys()) {
      try (Block block = store.acquireUnseen(key).orElseThrow()) {
        bytes += checkPages(block);
        pinned += block.state() == BlockState.CACHED ? 0 : block.bytes();
      }
    }
    assertThat(store.corruptPages()).isZero();
    assertThat(store.tiers().stream().mapToLong(TierUsage::getUsedBytes).sum()).isEqualTo(bytes);
    assertThat(store.tiers().stream().mapToLong(TierUsage::getPinnedBytes).sum()).isEqualTo(pinned);
    for (BlockKey key : store.keys()) {
      if (key.inode() >= StoreUnderLoad.WRITTEN_FROM && !durable.containsKey(key.inode())) {
        store.drop(key); // nobody would let go of it
      }
    }
    for (TierDir dir : store.dirs()) {
      Leftovers.remove(dir, store);
    }
    assertThat(files(root)).hasSameSizeAs(store.keys());
  }

  private static long checkPages(Block block) throws IOException {
    long bytes = 0;
    boolean sealed = block.state().sealed();
    for (int page = 0; page < block.pageCount(); page++) {
      int length = block.pageLength(page);
      bytes += length;
      if (length == 0 || !sealed) {
        continue;
      }
      assertThat(block.check(page))
          .as("page %s of %s", page, block.key())
          .isEqualTo(PageCheck.GOOD);
      ByteBuffer found = ByteBuffer.allocate(length);
      block.read(found, (long) page * PAGE_SIZE_BYTES);
      assertThat(found.flip())
          .as("page %s of %s", page, block.key())
          .isEqualTo(StoreUnderLoad.content(block.key(), (long) page * PAGE_SIZE_BYTES, length));
    }
    return bytes;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(f -> f.getParent().getParent().endsWith("blocks")).toList();
    }
  }
}
