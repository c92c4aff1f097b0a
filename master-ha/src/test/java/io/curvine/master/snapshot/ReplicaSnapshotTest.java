/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.StoredEvent;
import io.curvine.master.apply.ApplyOutcome;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.disk.Quarantine;
import io.curvine.master.raft.Position;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.proto.ClusterFormed;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.JournalEntry;
import io.curvine.protocol.proto.LeadershipClaimed;
import io.curvine.protocol.proto.SnapshotManifest;
import io.curvine.protocol.proto.XattrSet;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that are taken in a stream of entries. */
@Timeout(120)
class ReplicaSnapshotTest {
  private static final int ENTRIES = 30_000;
  private static final int INTERVAL = 3_000;
  private static final int VALUE_BYTES = 1_000;
  private static final StateSettings SETTINGS =
      new StateSettings(
          new JournalConfig(4 << 20, Long.MAX_VALUE, Duration.ofDays(9999)), StoreSettings.small());

  @TempDir Path directory;
  private final ExecutorService background = Executors.newSingleThreadExecutor();
  private long slowestApplyNanos;
  private long slowestReplayNanos;

  @AfterEach
  void stop() {
    background.shutdownNow();
  }

  private final class Quiet implements Replica.Observer {
    @Override
    public void applied(long entryId, ApplyOutcome outcome, long nanos) {
      assertThat(outcome.applied()).isTrue();
      slowestApplyNanos = Math.max(slowestApplyNanos, nanos);
    }

    @Override
    public void replacing() {}

    @Override
    public void replaced(LiveState now) {}

    @Override
    public void roleChanged() {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }
  }

  private static JournalEntry entry(long index) {
    JournalEntry.Builder entry = JournalEntry.newBuilder().setEpoch(1);
    if (index == 0) {
      Inode root = Inode.newBuilder().setId(1).setParent(1).setType(InodeType.DIRECTORY).build();
      return entry
          .addEvents(
              bytes(
                  Event.newBuilder()
                      .setClusterFormed(
                          ClusterFormed.newBuilder().setClusterId("c").setRoot(root))))
          .addEvents(
              bytes(
                  Event.newBuilder()
                      .setLeadershipClaimed(LeadershipClaimed.newBuilder().setEpoch(1))))
          .build();
    }
    // Two events an entry: a snapshot must not end between them.
    entry.setFirstOffset(2 * index);
    for (int i = 0; i < 2; i++) {
      byte[] value = new byte[VALUE_BYTES];
      value[0] = (byte) index;
      entry.addEvents(
          bytes(
              Event.newBuilder()
                  .setTimeNanos(index)
                  .setXattrSet(
                      XattrSet.newBuilder()
                          .setInode(1)
                          .setName(ByteString.copyFromUtf8("user." + (index % 700) + "." + i))
                          .setValue(ByteString.copyFrom(value)))));
    }
    return entry.build();
  }

  private static ByteString bytes(Event.Builder event) {
    return StoredEvent.of(event.build()).bytes();
  }

  private static void apply(Replica replica, long index) {
    replica.apply(new Position(1, index), ByteBuffer.wrap(entry(index).toByteArray()), null);
  }

  @Test
  void aSnapshotIsTheStateAtItsEntry() throws Exception {
    SnapshotStore snapshots = SnapshotStoreTest.open(directory.resolve("snapshots"), 100);
    try (Replica replica = replica(snapshots)) {
      for (long index = 0; index < ENTRIES; index++) {
        apply(replica, index);
        if (index % 50 == 49) {
          replica.snapshotIfDue();
        }
        if (index % INTERVAL == INTERVAL - 100) {
          // Without this a slow disk would still be at the first snapshot when the stream ends.
          background.submit(() -> {}).get(60, TimeUnit.SECONDS);
        }
      }
      background.submit(() -> {}).get(60, TimeUnit.SECONDS);
      List<SnapshotManifest> taken = snapshots.manifests();
      assertThat(taken).hasSizeGreaterThan(3);
      compareWithReplay(snapshots, taken);
      System.out.printf(
          "%d snapshots in a stream of %d entries: slowest apply %.1f ms, without snapshots %.1f ms%n",
          taken.size(), ENTRIES, slowestApplyNanos / 1e6, slowestReplayNanos / 1e6);
    }
  }

  private Replica replica(SnapshotStore snapshots) throws IOException {
    Quarantine quarantine = new Quarantine(directory.resolve("quarantine"), Clock.systemUTC());
    StateDirectory states = StateDirectory.open(directory.resolve("state"), quarantine);
    Path generation = states.prepare();
    LiveState live = LiveState.open(generation, SETTINGS);
    states.use(generation);
    return new Replica(
        live,
        new Replica.Parts(
            states,
            snapshots,
            new SnapshotTrigger(INTERVAL, Long.MAX_VALUE, Duration.ofDays(1), System::nanoTime),
            new LogTail(100, Long.MAX_VALUE),
            SETTINGS,
            new Quiet(),
            (leader, first) -> {
              throw new IOException("nobody is there");
            },
            background,
            System::nanoTime));
  }

  /** One replay passes all snapshots on its way. */
  private void compareWithReplay(SnapshotStore snapshots, List<SnapshotManifest> taken)
      throws IOException {
    try (LiveState replay = LiveState.open(directory.resolve("replay"), SETTINGS)) {
      long next = 0;
      for (SnapshotManifest manifest : taken) {
        assertThat(snapshots.check(manifest)).isEmpty();
        for (; next <= manifest.getIndex(); next++) {
          JournalEntry entry = entry(next);
          long began = System.nanoTime();
          replay.applier().apply(1, next, SealedEntry.fromLog(entry));
          slowestReplayNanos = Math.max(slowestReplayNanos, System.nanoTime() - began);
        }
        Path opened = directory.resolve("opened-" + manifest.getIndex());
        StateDirectory.fill(opened, snapshots.path(manifest));
        try (LiveState snapshot = LiveState.reopen(opened, SETTINGS)) {
          assertThat(snapshot.applied()).isEqualTo(new Position(1, manifest.getIndex()));
          assertThat(snapshot.applier().nextOffset()).isEqualTo(manifest.getOffset());
          assertThat(snapshot.journal().nextOffset()).isEqualTo(manifest.getOffset());
          assertThat(snapshot.journal().chainHash()).isEqualTo(manifest.getChainHash());
          assertThat(replay.journal().chainHash()).isEqualTo(manifest.getChainHash());
          assertThat(manifest.getClusterId()).isEqualTo("c");
          assertThat(content(snapshot)).isEqualTo(content(replay));
        }
      }
    }
  }

  private static List<String> content(LiveState state) {
    List<String> content = new ArrayList<>();
    for (ColumnFamily<?> family : ColumnFamily.all()) {
      state
          .store()
          .scan(
              family,
              Keys.EMPTY,
              null,
              (key, value) -> content.add(family + " " + key + " " + value.hashCode()));
    }
    return content;
  }
}
