/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.master.disk.Quarantine;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotStoreTest {
  @TempDir Path directory;

  static SnapshotStore open(Path directory, int kept) throws IOException {
    Quarantine quarantine = new Quarantine(directory.resolve("quarantine"), Clock.systemUTC());
    return SnapshotStore.open(directory, kept, quarantine, () -> Long.MAX_VALUE);
  }

  private static SnapshotManifest publish(SnapshotStore store, long index, String content)
      throws IOException {
    String name = SnapshotStore.name(1, index);
    Path unfinished = store.begin(name);
    Files.createDirectories(unfinished.resolve("db"));
    Files.writeString(unfinished.resolve("db/a.sst"), content);
    Files.writeString(unfinished.resolve("db/empty"), "");
    return store.publish(
        unfinished, SnapshotManifest.newBuilder().setName(name).setTerm(1).setIndex(index).build());
  }

  @Test
  void publishesWholeSnapshotsAndKeepsTheNewest() throws IOException {
    SnapshotStore store = open(directory, 2);
    assertThat(store.newest()).isEmpty();
    publish(store, 1, "one");
    publish(store, 2, "two");
    SnapshotManifest third = publish(store, 3, "three");
    store.begin("snapshot-1_4");

    SnapshotStore again = open(directory, 2);
    assertThat(again.newest()).contains(third);
    assertThat(again.manifests()).extracting(SnapshotManifest::getIndex).containsExactly(2L, 3L);
    try (var entries = Files.list(directory)) {
      assertThat(entries).hasSize(2);
    }
    assertThat(again.check(third)).isEmpty();
    Files.writeString(directory.resolve("snapshot-1_3/db/a.sst"), "threE");
    assertThat(again.check(third)).contains("db/a.sst is damaged");
  }

  @Test
  void whatWasBeingRemovedIsNoSnapshot() throws IOException {
    SnapshotStore store = open(directory, 2);
    Path one = store.path(publish(store, 1, "one"));
    Path left = Files.createDirectories(directory.resolve("unfinished-removed-snapshot-1_1"));
    Files.writeString(left.resolve("manifest"), "of an earlier attempt");
    SnapshotStore.remove(one);
    assertThat(one).doesNotExist();
    assertThat(left).doesNotExist();
    Files.createDirectories(left);
    assertThat(open(directory, 2).manifests()).isEmpty();
    assertThat(left).doesNotExist();
  }

  @Test
  void readsNothingOutsideASnapshot() throws IOException {
    SnapshotStore store = open(directory, 2);
    publish(store, 1, "one");
    assertThat(store.read("snapshot-1_1", "db/a.sst", 1, 100).getData().toStringUtf8())
        .isEqualTo("ne");
    assertThatThrownBy(() -> store.read("snapshot-1_1", "../../etc/passwd", 0, 10))
        .isInstanceOf(CurvineException.class);
    assertThatThrownBy(() -> store.read("..", "x", 0, 10)).isInstanceOf(CurvineException.class);
    assertThatThrownBy(() -> store.read("snapshot-1_9", "db/a.sst", 0, 10))
        .hasMessageContaining("not kept any more");
  }

  @Test
  void keepsWhatSomebodyFetchesAndTheLogAfterIt() throws IOException {
    SnapshotStore store = open(directory, 1);
    publish(store, 1, "one");
    assertThat(store.pin("")).map(SnapshotManifest::getIndex).contains(1L);
    publish(store, 2, "two");
    publish(store, 3, "three");
    assertThat(store.manifests()).extracting(SnapshotManifest::getIndex).containsExactly(1L, 3L);
    assertThat(store.purgeable(3)).isEqualTo(1);
    assertThat(store.pin("snapshot-1_2")).isEmpty();
    assertThat(store.read("snapshot-1_1", "db/a.sst", 0, 3).getData().toStringUtf8())
        .isEqualTo("one");
  }

  @Test
  void putsAsideWhatHasNoManifest() throws IOException {
    SnapshotStore store = open(directory, 2);
    SnapshotManifest good = publish(store, 1, "one");
    publish(store, 2, "two");
    publish(store, 3, "three");
    Files.delete(directory.resolve("snapshot-1_2/manifest"));
    Files.write(directory.resolve("snapshot-1_3/manifest"), new byte[] {(byte) 0xff, 1, 2});
    publish(open(directory, 3), 1, "one");
    SnapshotStore again = open(directory, 2);
    assertThat(again.newest()).map(SnapshotManifest::getIndex).contains(good.getIndex());
    try (var quarantined = Files.list(directory.resolve("quarantine"))) {
      assertThat(quarantined).hasSize(2);
    }
  }

  @Test
  void refusesASnapshotThatWouldFillTheDisk() throws IOException {
    SnapshotStore store =
        SnapshotStore.open(
            directory, 2, new Quarantine(directory, Clock.systemUTC()), () -> 100L << 20);
    store.requireSpace(4 << 20, "small");
    assertThatThrownBy(() -> store.requireSpace(5 << 20, "large"))
        .hasMessageContaining("large needs 105906176 free bytes")
        .hasMessageContaining("has 104857600");
  }
}
