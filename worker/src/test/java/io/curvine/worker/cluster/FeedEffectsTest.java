/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.BlockPlaced;
import io.curvine.protocol.proto.CommittedBlock;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.FileCommitted;
import io.curvine.worker.store.BlockKey;
import io.curvine.worker.store.BlockState;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreFixture;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedEffectsTest {
  private static final int ME = 3;
  private static final BlockKey KEY = new BlockKey(7, 2, 0);

  @TempDir Path dir;

  private static Event committed(BlockKey key, Integer... workers) {
    return Event.newBuilder()
        .setFileCommitted(
            FileCommitted.newBuilder()
                .setInode(key.inode())
                .setWriteVersion(key.version())
                .addBlocks(
                    CommittedBlock.newBuilder()
                        .setIndex(key.index())
                        .addAllWorkerIds(List.of(workers))))
        .build();
  }

  @Test
  void aReplicaThatWasLeftBehindComesBackWhenItIsNamedAgain() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 16 << 20)) {
      UnnamedBlocks unnamed = new UnnamedBlocks(store, Duration.ZERO);
      FeedEffects effects = new FeedEffects(store, unnamed, null, () -> ME);
      StoreFixture.write(store, KEY, new byte[100]);
      effects.apply(committed(KEY, ME, 4), 1);
      assertThat(store.stateOf(KEY)).contains(BlockState.PINNED);
      effects.apply(committed(KEY, 1, 2), 2);
      assertThat(store.stateOf(KEY)).contains(BlockState.STALE);
      assertThat(store.readableKeys()).isEmpty();
      effects.apply(committed(KEY, 1, ME), 3);
      assertThat(store.stateOf(KEY)).contains(BlockState.PINNED);
    }
  }

  @Test
  void whatIsCachedIsNoReplica() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 16 << 20)) {
      UnnamedBlocks unnamed = new UnnamedBlocks(store, Duration.ZERO);
      FeedEffects effects = new FeedEffects(store, unnamed, null, () -> ME);
      StoreFixture.write(store, KEY, new byte[100]);
      store.unpin(KEY);
      effects.apply(committed(KEY, 1, 2), 1);
      assertThat(store.stateOf(KEY)).contains(BlockState.CACHED);
    }
  }

  private static Event placed(Integer... workers) {
    return Event.newBuilder()
        .setBlockPlaced(
            BlockPlaced.newBuilder().setBlock(KEY.toProto()).addAllWorkerIds(List.of(workers)))
        .build();
  }

  @Test
  void aReplicaThatIsNotCountedOnIsKeptUntilItIsKnownThatItMayGo() throws IOException {
    try (BlockStore store = StoreFixture.open(dir, 16 << 20)) {
      UnnamedBlocks unnamed = new UnnamedBlocks(store, Duration.ZERO);
      FeedEffects effects = new FeedEffects(store, unnamed, null, () -> ME);
      effects.apply(placed(ME), 1); // it is not here
      StoreFixture.write(store, KEY, new byte[100]);
      effects.apply(placed(1, ME), 2);
      assertThat(store.stateOf(KEY)).contains(BlockState.PINNED);
      effects.apply(placed(1, 2), 3);
      assertThat(store.stateOf(KEY)).contains(BlockState.STALE);
      assertThat(store.readableKeys()).isEmpty();
      effects.apply(placed(ME), 4);
      assertThat(store.stateOf(KEY)).contains(BlockState.PINNED);
    }
  }
}
