/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.Overlay;
import io.curvine.protocol.proto.Inode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class StateStoreCompactionTest {
  private static final int INODES = 20_000;
  private static final int PER_ENTRY = 500;

  private static final StoreSettings LATER = new StoreSettings(2L << 20, 8L << 20, 16L << 20, true);

  @TempDir Path directory;

  private StateStore open() throws IOException {
    return StateStore.open(directory, StoreSettings.small(), () -> {});
  }

  private static void fill(StateStore store) {
    Random random = new Random(1);
    for (int from = 0; from < INODES; from += PER_ENTRY) {
      Overlay changes = new Overlay(store);
      for (long id = from; id < from + PER_ENTRY; id++) {
        byte[] target = new byte[300];
        random.nextBytes(target);
        changes.put(
            ColumnFamily.INODES,
            Keys.of(id),
            Inode.newBuilder().setId(id).setName(ByteString.copyFrom(target)).build());
      }
      store.write(changes, 1, from / PER_ENTRY);
    }
  }

  private long bytes() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .mapToLong(file -> file.toFile().length())
          .sum();
    }
  }

  @Test
  void whatWasDeletedLeavesTheDisk() throws IOException {
    try (StateStore store = open()) {
      fill(store);
      store.compact();
      long full = bytes();
      assertThat(full).isGreaterThan(INODES * 300L);

      for (int from = 0; from < INODES; from += PER_ENTRY) {
        Overlay changes = new Overlay(store);
        for (long id = from; id < from + PER_ENTRY; id++) {
          if (id % 100 != 0) {
            changes.delete(ColumnFamily.INODES, Keys.of(id));
          }
        }
        store.write(changes, 1, INODES + from);
      }
      store.compact();
      assertThat(bytes()).isLessThan(full / 20);
      assertThat(store.view().namespace().find(100)).isNotNull();
      assertThat(store.view().namespace().find(101)).isNull();
    }
  }

  @Test
  void closingEndsIt() throws Exception {
    StateStore store = open();
    fill(store);
    CompletableFuture<Boolean> compacting =
        CompletableFuture.supplyAsync(
            () -> {
              boolean ended = false;
              while (!ended) {
                try {
                  store.compact();
                } catch (IOException e) {
                  ended = true;
                }
              }
              return ended;
            },
            task -> new Thread(task, "compaction").start());
    store.close();
    assertThat(compacting.get(30, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(store::compact)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed");
    try (StateStore again = open()) {
      assertThat(again.view().namespace().find(INODES - 1)).isNotNull();
    }
  }

  @Test
  void itWaitsForTheEndOfAStart(@TempDir Path checkpoints) throws Exception {
    try (StateStore store = StateStore.open(directory, LATER, () -> {})) {
      flush(store, checkpoints, 0, 6);
      long waiting = files();
      assertThat(waiting).isGreaterThanOrEqualTo(6);
      store.compactFromNowOn(false);
      flush(store, checkpoints, 6, 7);
      assertThat(files()).isGreaterThan(waiting);

      store.compactFromNowOn(true);
      awaitFewerFilesThan(waiting);
    }
  }

  @Test
  void manyFilesAreCompactedBeforeAStartHasEnded(@TempDir Path checkpoints) throws Exception {
    try (StateStore store = StateStore.open(directory, LATER, () -> {})) {
      flush(store, checkpoints, 0, 8);
      long waiting = files();
      store.compactFromNowOn(false);
      awaitFewerFilesThan(waiting);
    }
  }

  /** Writes something and makes it durable, each time a file. */
  private static void flush(StateStore store, Path checkpoints, int from, int to)
      throws IOException {
    for (int i = from; i < to; i++) {
      Overlay changes = new Overlay(store);
      changes.put(ColumnFamily.INODES, Keys.of((long) i), Inode.newBuilder().setId(i).build());
      store.write(changes, 1, i);
      store.checkpoint(checkpoints.resolve("checkpoint-" + i));
    }
  }

  private void awaitFewerFilesThan(long waiting) throws IOException {
    while (files() >= waiting) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private long files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".sst")).count();
    }
  }
}
