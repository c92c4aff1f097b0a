/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.journal.tool.JournalVerify;
import io.curvine.master.SingleMaster;
import io.curvine.master.command.RandomHistory;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.store.FrozenState;
import io.curvine.master.store.StateStore;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot becomes a new cluster, which serves. */
@Timeout(180)
class RestoreTest {
  private static final Set<ColumnFamily<?>> ENDED =
      Set.of(
          ColumnFamily.SESSIONS,
          ColumnFamily.LEASES,
          ColumnFamily.RESULTS,
          ColumnFamily.PROGRESS,
          ColumnFamily.WORKERS,
          ColumnFamily.WORKER_UUIDS);

  /** The id, the counters of the journal, and inodes whose leases have ended. */
  private static final Set<ColumnFamily<?>> CHANGED =
      Set.of(ColumnFamily.CLUSTER, ColumnFamily.META, ColumnFamily.INODES);

  @TempDir Path directory;

  private static StateDigest digest(Path state) throws IOException {
    try (StatePlace place = StatePlace.open(state);
        StateStore store = place.openState();
        FrozenState frozen = store.freeze()) {
      return StateDigest.of(frozen, new Throttle(0));
    }
  }

  /** The journal names the new cluster, and is missed where its newest file is gone. */
  private static void assertThatVerifySaysSo(Path data, Restore.Outcome outcome)
      throws IOException {
    JournalPlace place = JournalPlace.of(data);
    JournalVerify.Report report = JournalVerify.directory(place.journal(), false, 1);
    assertThat(report.findings()).isEmpty();
    assertThat(report.clusterId()).isEqualTo(outcome.clusterId());
    assertThat(JournalEnd.check(place, report.nextOffset())).isEmpty();
    assertThat(JournalEnd.check(place, report.nextOffset() - 1).orElseThrow().toString())
        .contains("its state has the events before " + report.nextOffset() + ": 1 are missing");
  }

  private Path exported(RandomHistory history) throws IOException {
    SnapshotManifest manifest = history.snapshot();
    Path archive = directory.resolve("exported-" + manifest.getName() + ".zip");
    SnapshotArchive.write(history.path(manifest), archive);
    return archive;
  }

  @Test
  void aNewClusterServesWhatTheFormerOneHad() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("RestoreTest: -Dcurvine.seed=" + seed);
    Path archive;
    StateDigest former;
    try (RandomHistory history = new RandomHistory(directory.resolve("former"), new Random(seed))) {
      history.run(1_500);
      history.make("/kept/below");
      archive = exported(history);
      try (FrozenState state = history.store().freeze()) {
        former = StateDigest.of(state, new Throttle(0));
      }
    }
    Path data = directory.resolve("m1");
    Restore restore = new Restore(data, Clock.systemUTC());
    Restore.Outcome planned = restore.dryRun(archive, false);
    assertThat(data).doesNotExist();
    Restore.Outcome outcome = restore.run(archive, false);
    assertThat(outcome.fromClusterId()).isEqualTo("cluster");
    assertThat(outcome.clusterId()).isNotEqualTo("cluster").isNotEqualTo(planned.clusterId());
    assertThat(outcome.offset()).isEqualTo(former.offset() + 1).isEqualTo(planned.offset());
    assertThat(outcome.sessionsEnded()).isPositive().isEqualTo(planned.sessionsEnded());

    StateDigest restored = digest(data);
    for (StateDigest.Family family : restored.families()) {
      if (ENDED.contains(family.family())) {
        assertThat(family.keys()).as("%s", family).isZero();
      } else if (CHANGED.contains(family.family())) {
        assertThat(former.families()).as("seed %d", seed).doesNotContain(family);
      } else {
        assertThat(former.families()).as("seed %d", seed).contains(family);
      }
    }
    // The event is part of the journal: folding it all gives what the tool wrote.
    Path replayed = directory.resolve("replayed");
    try (ReplaySources sources = ReplaySources.of(data)) {
      Replayed.make(sources, outcome.offset(), true, replayed, 1, (events, at, target) -> {});
    }
    assertThat(digest(replayed).differences(restored)).isEmpty();

    try (SingleMaster master = SingleMaster.start(data)) {
      assertThat(master.clusterId()).isEqualTo(outcome.clusterId());
      assertThat(master.exists("/kept/below")).isTrue();
      master.mkdir("/made-later");
      assertThat(master.exists("/made-later")).isTrue();
      assertThatThrownBy(() -> StatePlace.open(data))
          .hasMessageContaining("a master, or a tool, runs on");
      assertThatThrownBy(() -> restore.run(archive, true))
          .hasMessageContaining("a master, or a tool, runs on");
    }
    try (SingleMaster again = SingleMaster.start(data)) {
      assertThat(again.exists("/made-later")).isTrue();
    }
    assertThatVerifySaysSo(data, outcome);
    StateDigest grown = digest(data);
    assertThat(grown.offset()).isGreaterThan(outcome.offset());
    try (ReplaySources sources = ReplaySources.of(data)) {
      Path all = directory.resolve("all");
      Replayed.make(sources, sources.end(), true, all, 1, (events, at, target) -> {});
      assertThat(digest(all).differences(grown)).isEmpty();
    }
    assertThatThrownBy(() -> restore.run(archive, false)).hasMessageContaining("is not empty");
    Restore.Outcome forced = restore.run(archive, true);
    assertThat(forced.backup().resolve("state/CURRENT")).exists();
    assertThat(digest(data).offset()).isEqualTo(outcome.offset());
  }

  @Test
  void whatAReplayMadeCanBeRestored() throws IOException {
    Path root = directory.resolve("former");
    long offset;
    try (RandomHistory history = new RandomHistory(root, new Random(3))) {
      history.make("/early");
      offset = history.offset();
      history.delete("/early");
      history.run(300);
    }
    Path replayed = directory.resolve("replayed");
    try (ReplaySources sources = ReplaySources.of(root)) {
      Replayed.make(sources, offset, false, replayed, 1, (events, at, target) -> {});
    }
    Path data = directory.resolve("m1");
    new Restore(data, Clock.systemUTC()).run(replayed, false);
    try (SingleMaster master = SingleMaster.start(data)) {
      assertThat(master.exists("/early")).isTrue();
    }
  }

  @Test
  void startsAloneOrNotAtAll() throws IOException {
    Path archive;
    try (RandomHistory history = new RandomHistory(directory.resolve("former"), new Random(4))) {
      archive = exported(history);
    }
    Path data = directory.resolve("m1");
    new Restore(data, Clock.systemUTC()).run(archive, false);
    assertThatThrownBy(() -> SingleMaster.startAsOneOfThree(data))
        .hasMessageContaining("restored from a snapshot")
        .hasMessageContaining("this master alone at its first start");
    byte[] bytes = Files.readAllBytes(archive);
    bytes[bytes.length / 2] ^= 1;
    Path broken = Files.write(directory.resolve("broken.zip"), bytes);
    Path other = directory.resolve("m2");
    assertThatThrownBy(() -> new Restore(other, Clock.systemUTC()).run(broken, false))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> SingleMaster.start(other))
        .hasMessageContaining("into which a snapshot was being restored");
  }

  @Test
  void aDamagedArchiveChangesNothingAndASnapshotInsideIsRestored() throws IOException {
    Path archive;
    try (RandomHistory history = new RandomHistory(directory.resolve("former"), new Random(6))) {
      archive = exported(history);
    }
    Path data = directory.resolve("m1");
    Restore restore = new Restore(data, Clock.systemUTC());
    restore.run(archive, false);
    try (SingleMaster master = SingleMaster.start(data)) {
      master.mkdir("/made");
    }
    String identity = Files.readString(data.resolve("identity"));
    byte[] bytes = Files.readAllBytes(archive);
    Path half = Files.write(directory.resolve("half"), Arrays.copyOf(bytes, bytes.length / 2));
    assertThatThrownBy(() -> restore.run(half, true)).isInstanceOf(IOException.class);
    assertThat(data.resolve("identity")).hasContent(identity);
    assertThat(data.resolve("restoring")).doesNotExist();
    try (SingleMaster again = SingleMaster.start(data)) {
      assertThat(again.exists("/made")).isTrue();
    }
    identity = Files.readString(data.resolve("identity"));
    Path disk = Files.createDirectory(data.resolve("lost+found"));
    Path inside = SnapshotDirectory.list(data.resolve("snapshots")).get(0);
    Restore.Outcome outcome = restore.run(inside, true);
    assertThat(outcome.backup().resolve("state/CURRENT")).exists();
    assertThat(outcome.backup().resolve("identity")).hasContent(identity);
    assertThat(disk).exists();
    try (SingleMaster restored = SingleMaster.start(data)) {
      assertThat(restored.clusterId()).isEqualTo(outcome.clusterId());
      assertThat(restored.exists("/made")).isFalse();
    }
  }

  @Test
  void noMasterStartsHalfWay() throws IOException {
    Path archive;
    try (RandomHistory history = new RandomHistory(directory.resolve("former"), new Random(7))) {
      archive = exported(history);
    }
    Path data = directory.resolve("m1");
    new Restore(data, Clock.systemUTC()).run(archive, false);
    Files.createDirectory(data.resolve("before-restore-1970-01-01T000000Z"));
    Restore stopped = new Restore(data, Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
    assertThatThrownBy(() -> stopped.run(archive, true))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(data.resolve("state/CURRENT")).exists();
    assertThatThrownBy(() -> SingleMaster.start(data))
        .hasMessageContaining("into which a snapshot was being restored");
    assertThatThrownBy(
            () -> new Restore(data, Clock.systemUTC()).run(data.resolve("restoring"), true))
        .hasMessageContaining("not finished");
    new Restore(data, Clock.systemUTC()).run(archive, true);
    try (SingleMaster master = SingleMaster.start(data)) {
      assertThat(master.exists("/made")).isFalse();
    }
  }

  @Test
  void oneUnreadableManifestBlocksNoneOfTheOthers() throws IOException {
    Path root = directory.resolve("master");
    List<Path> paths = new ArrayList<>();
    long offset;
    try (RandomHistory history = new RandomHistory(root, new Random(8))) {
      for (int i = 0; i < 4; i++) {
        history.make("/d" + i);
        paths.add(history.path(history.snapshot()));
      }
      offset = history.offset();
    }
    Files.write(paths.get(3).resolve("manifest"), new byte[] {-1});
    assertThat(SnapshotDirectory.entries(root.resolve(".")))
        .extracting(entry -> entry.problem().isEmpty())
        .containsExactly(true, true, true, false);
    try (ReplaySources sources = ReplaySources.of(root)) {
      Path made = directory.resolve("made");
      Replayed.make(sources, offset, false, made, 1, (events, at, target) -> {});
      assertThat(digest(made).offset()).isEqualTo(offset);
    }
    assertThat(OfflinePrune.run(root, 2, false))
        .extracting(SnapshotDirectory.Entry::path)
        .containsExactly(paths.get(0));
    assertThat(paths.get(0)).doesNotExist();
    assertThat(paths.get(3)).exists();
  }

  @Test
  void pruningLeavesTheNewest() throws IOException {
    Path root = directory.resolve("master");
    List<String> names = new ArrayList<>();
    try (RandomHistory history = new RandomHistory(root, new Random(5))) {
      for (int i = 0; i < 5; i++) {
        history.make("/d" + i);
        names.add(history.snapshot().getName());
      }
    }
    assertThat(OfflinePrune.run(root, 2, true)).hasSize(3);
    assertThat(SnapshotDirectory.entries(root)).hasSize(5);
    assertThat(OfflinePrune.run(root, 2, false))
        .extracting(SnapshotDirectory.Entry::name)
        .isEqualTo(names.subList(0, 3));
    assertThat(SnapshotDirectory.entries(root))
        .extracting(SnapshotDirectory.Entry::name)
        .isEqualTo(names.subList(3, 5));
    assertThatThrownBy(() -> OfflinePrune.run(root, 0, false)).hasMessageContaining("1 or more");
  }
}
