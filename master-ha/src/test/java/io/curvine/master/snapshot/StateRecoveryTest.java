/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.journal.JournalConfig;
import io.curvine.master.disk.Quarantine;
import io.curvine.master.raft.Position;
import io.curvine.master.raft.Probation;
import io.curvine.master.raft.RaftLogFiles;
import io.curvine.master.raft.RaftSegmentWriter;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateRecoveryTest {
  @TempDir Path directory;
  private final UUID group = UUID.randomUUID();
  private SnapshotStore snapshots;
  private Quarantine quarantine;
  private Probation probation;

  @BeforeEach
  void open() throws IOException {
    quarantine = new Quarantine(directory.resolve("quarantine"), Clock.systemUTC());
    probation = Probation.open(directory);
    snapshots =
        SnapshotStore.open(directory.resolve("snapshots"), 2, quarantine, () -> Long.MAX_VALUE);
  }

  private LiveState recover(boolean alone) throws IOException {
    return new StateRecovery(
            StateDirectory.open(directory.resolve("state"), quarantine),
            snapshots,
            new RaftLogFiles(directory.resolve("raft"), group),
            new StateSettings(JournalConfig.defaults(), StoreSettings.small()),
            quarantine,
            probation,
            alone)
        .open();
  }

  private void advance(long index) throws IOException {
    try (LiveState live = recover(false)) {
      live.applier().advance(1, index);
      String name = SnapshotStore.name(1, index);
      Path unfinished = snapshots.begin(name);
      live.store().checkpoint(unfinished.resolve(SnapshotStore.DATABASE));
      live.journal().linkTo(unfinished.resolve(SnapshotStore.JOURNAL));
      snapshots.publish(
          unfinished,
          SnapshotManifest.newBuilder().setName(name).setTerm(1).setIndex(index).build());
    }
  }

  private void raftLogFrom(long index) throws IOException {
    Path current = Files.createDirectories(directory.resolve("raft").resolve(group + "/current"));
    RaftSegmentWriter.write(current.resolve("log_inprogress_" + index), index, 3);
    Files.writeString(current.resolve("raft-meta"), "term=4\nvotedFor=m2\n");
  }

  private Path onlyGeneration() throws IOException {
    Path state = directory.resolve("state");
    return state.resolve(Files.readString(state.resolve("CURRENT")));
  }

  private void damageState() throws IOException {
    Files.writeString(onlyGeneration().resolve("db/CURRENT"), "no such manifest");
  }

  @Test
  void beginsEmptyAndGoesOnWhereItWas() throws IOException {
    try (LiveState live = recover(true)) {
      assertThat(live.applied()).isEqualTo(Position.NONE);
    }
    advance(7);
    try (LiveState live = recover(true)) {
      assertThat(live.applied()).isEqualTo(new Position(1, 7));
    }
  }

  @Test
  void putsADamagedStateAsideAndTakesTheNewestGoodSnapshot() throws IOException {
    advance(5);
    advance(9);
    damageState();
    Files.writeString(directory.resolve("snapshots/snapshot-1_9/db/CURRENT"), "damaged too");
    raftLogFrom(4);
    try (LiveState live = recover(true)) {
      assertThat(live.applied()).isEqualTo(new Position(1, 5));
    }
    assertQuarantined("state");
    assertQuarantined("snapshot");
    assertThat(directory.resolve("raft/" + group + "/current/log_inprogress_4")).exists();
  }

  @Test
  void doesWithoutARaftLogThatBeginsTooLateButKeepsTheVote() throws IOException {
    advance(5);
    raftLogFrom(100);
    assertThatThrownBy(() -> recover(true)).hasMessageContaining("no other master");
    recover(false).close();
    Path current = directory.resolve("raft/" + group + "/current");
    assertThat(current.resolve("log_inprogress_100")).doesNotExist();
    assertThat(current.resolve("raft-meta")).hasContent("term=4\nvotedFor=m2\n");
    assertThat(probation.active()).as("its vote could make a leader without its entries").isTrue();
    assertThat(Probation.open(directory).isNew()).isFalse();
  }

  @Test
  void whatIsNotNamedByCurrentIsNotTrusted() throws IOException {
    advance(5);
    Files.delete(directory.resolve("state/CURRENT"));
    try (LiveState live = recover(true)) {
      assertThat(live.applied()).isEqualTo(new Position(1, 5));
    }
    assertQuarantined("state");
    Files.writeString(directory.resolve("state/CURRENT"), "nonsense");
    try (LiveState live = recover(true)) {
      assertThat(live.applied()).isEqualTo(new Position(1, 5));
    }
    assertQuarantined("state-current");
  }

  private void assertQuarantined(String what) throws IOException {
    try (var entries = Files.list(directory.resolve("quarantine"))) {
      assertThat(entries).anyMatch(entry -> entry.toString().endsWith("-" + what));
    }
  }

  @Test
  void aDatabaseWithoutCurrentIsNotAnEmptyOne() throws IOException {
    advance(5);
    Files.delete(onlyGeneration().resolve("db/CURRENT"));
    try (LiveState live = recover(true)) {
      assertThat(live.applied()).isEqualTo(new Position(1, 5));
    }
    assertQuarantined("state");
  }

  @Test
  void aStateFoundBrokenInUseIsNotOpenedAgain() throws IOException {
    advance(5);
    StateDirectory.open(directory.resolve("state"), quarantine).suspect("a bad block");
    try (LiveState live = recover(true)) {
      assertThat(live.applied()).isEqualTo(new Position(1, 5));
    }
    assertQuarantined("state");
  }

  @Test
  void aMissingStateIsTakenFromTheSnapshot() throws IOException {
    advance(5);
    FileTrees.delete(directory.resolve("state"));
    try (LiveState live = recover(true)) {
      assertThat(live.applied()).isEqualTo(new Position(1, 5));
    }
  }
}
