/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.master.command.RandomHistory;
import io.curvine.master.snapshot.SnapshotFiles;
import io.curvine.master.snapshot.SnapshotManifests;
import io.curvine.master.tool.SnapshotVerification.Outcome;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotVerificationTest {
  private static final int FLIPS = 200;

  @TempDir Path directory;
  private long seed;
  private Random random;
  private RandomHistory history;

  @BeforeEach
  void begin() throws IOException {
    seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("SnapshotVerificationTest: -Dcurvine.seed=" + seed);
    random = new Random(seed);
    history = new RandomHistory(directory.resolve("master"), random);
  }

  @AfterEach
  void end() throws IOException {
    history.close();
  }

  private Path snapshot(int operations) throws IOException {
    history.run(operations);
    SnapshotManifest manifest = history.snapshot();
    return history.path(manifest);
  }

  private List<SnapshotVerification.Check> verify(Path snapshot) throws IOException {
    return SnapshotVerification.of(
        snapshot, SnapshotVerification.before(snapshot), directory.resolve("work"));
  }

  private static boolean good(List<SnapshotVerification.Check> checks) {
    return checks.stream().noneMatch(check -> check.outcome() == Outcome.BAD);
  }

  @Test
  void aSnapshotIsTheFoldOfWhatWasBefore() throws IOException {
    Path first = snapshot(500);
    Path second = snapshot(500);
    assertThat(SnapshotVerification.before(first)).isNull();
    assertThat(SnapshotVerification.before(second)).isEqualTo(first);
    for (Path snapshot : List.of(first, second)) {
      assertThat(verify(snapshot))
          .as("seed %d", seed)
          .extracting(SnapshotVerification.Check::outcome)
          .containsExactly(Outcome.GOOD, Outcome.GOOD, Outcome.GOOD, Outcome.GOOD, Outcome.GOOD);
    }
    assertThat(verify(second).get(4).detail()).contains("since " + first.getFileName());
    assertThat(directory.resolve("work")).doesNotExist();
  }

  @Test
  void anotherStateUnderTheSameJournalIsFound() throws IOException {
    Path first = snapshot(300);
    Path second = snapshot(300);
    // The first one's state with a manifest that fits it, and the journal of another history.
    Path strange = directory.resolve("strange");
    try (RandomHistory other = new RandomHistory(strange, new Random(seed + 1))) {
      other.run(2_000);
      Path foreign = other.path(other.snapshot());
      FileTrees.delete(second.resolve("journal"));
      Files.move(foreign.resolve("journal"), second.resolve("journal"));
    }
    SnapshotManifest before = SnapshotManifests.read(second);
    SnapshotManifest.Builder manifest = before.toBuilder().clearFiles();
    Files.delete(second.resolve(SnapshotManifests.FILE));
    for (Path relative : SnapshotFiles.list(second)) {
      manifest.addFiles(SnapshotFiles.describe(second, relative));
    }
    Files.write(
        second.resolve(SnapshotManifests.FILE),
        SnapshotManifests.seal(manifest.build()).toByteArray());
    List<SnapshotVerification.Check> checks = verify(second);
    assertThat(checks).hasSize(4);
    assertThat(checks.get(3).outcome()).as("seed %d", seed).isEqualTo(Outcome.BAD);
    assertThat(good(verify(first))).isTrue();
  }

  @Test
  void everyFlippedBitIsFound() throws IOException {
    snapshot(300);
    Path snapshot = snapshot(1_000);
    // Files of snapshots are hard links: a copy is damaged, not all of them.
    Path copy = directory.resolve("copies").resolve(snapshot.getFileName());
    Files.createDirectories(copy);
    SnapshotArchive.read(snapshot, copy);
    assertThat(good(verify(copy))).isTrue();
    List<Path> files = SnapshotFiles.list(copy);
    assertThat(files).hasSizeGreaterThan(8);
    for (int i = 0; i < FLIPS; i++) {
      Path file = copy.resolve(files.get(i % files.size()));
      byte[] bytes = Files.readAllBytes(file);
      if (bytes.length == 0) {
        continue;
      }
      byte[] flipped = bytes.clone();
      int at = random.nextInt(bytes.length);
      flipped[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, flipped);
      assertThat(good(verify(copy))).as("seed %d: %s byte %d", seed, file, at).isFalse();
      Files.write(file, bytes);
    }
    assertThat(good(verify(copy))).isTrue();
  }

  @Test
  void anOlderBuildsManifestIsVerifiedWithoutItsChecksum() throws IOException {
    Path first = snapshot(100);
    Path second = snapshot(100);
    for (Path snapshot : List.of(first, second)) {
      SnapshotManifest manifest = SnapshotManifests.read(snapshot);
      Files.write(
          snapshot.resolve(SnapshotManifests.FILE),
          manifest.toBuilder().clearOwnSha256().build().toByteArray());
    }
    assertThat(verify(second.resolve(".")))
        .as("seed %d", seed)
        .extracting(SnapshotVerification.Check::outcome)
        .containsExactly(
            Outcome.NOT_CHECKED, Outcome.GOOD, Outcome.GOOD, Outcome.GOOD, Outcome.GOOD);
    Files.write(first.resolve(SnapshotManifests.FILE), new byte[] {-1});
    assertThat(verify(second).get(4).outcome()).isEqualTo(Outcome.NOT_CHECKED);
    assertThat(verify(second).get(4).detail()).contains(first.getFileName().toString());
  }

  @Test
  void noMoreIsWrittenThanTheManifestSays() throws IOException {
    Path from = Files.createDirectories(directory.resolve("from"));
    Files.write(from.resolve("file"), new byte[100]);
    SnapshotManifest manifest =
        SnapshotManifest.newBuilder()
            .addFiles(SnapshotFiles.describe(from, Path.of("file")))
            .build();
    Files.write(from.resolve(SnapshotManifests.FILE), manifest.toByteArray());
    Files.write(from.resolve("file"), new byte[1 << 20]);
    Path into = Files.createDirectories(directory.resolve("into"));
    assertThatThrownBy(() -> SnapshotArchive.read(from, into)).hasMessageContaining("is damaged");
    assertThat(into.resolve("file")).hasSize(100);
  }

  @Test
  void missingAndForeignFilesAreFound() throws IOException {
    Path snapshot = snapshot(100);
    Path foreign = Files.writeString(snapshot.resolve("db/strange"), "x");
    assertThat(verify(snapshot).get(1).detail()).contains("db/strange does not belong to it");
    Files.delete(foreign);
    Path table =
        snapshot.resolve(
            SnapshotFiles.list(snapshot).stream()
                .filter(file -> file.toString().endsWith(".sst"))
                .findFirst()
                .orElseThrow());
    Files.delete(table);
    assertThat(verify(snapshot).get(1).detail()).endsWith("is missing");
    Files.delete(snapshot.resolve(SnapshotManifests.FILE));
    assertThat(verify(snapshot).get(0).detail()).isEqualTo("it is missing");
  }

  @Test
  void anArchiveIsTheSnapshotAndAFlippedBitInItIsFound() throws IOException {
    Path snapshot = snapshot(500);
    Path archive = directory.resolve("snapshot.zip");
    SnapshotArchive.write(snapshot, archive);
    assertThatThrownBy(() -> SnapshotArchive.write(snapshot, archive))
        .hasMessageContaining("exists");
    Path into = Files.createDirectories(directory.resolve("extracted"));
    SnapshotArchive.read(archive, into);
    for (Path relative : SnapshotFiles.list(snapshot)) {
      assertThat(into.resolve(relative)).hasSameBinaryContentAs(snapshot.resolve(relative));
    }
    byte[] bytes = Files.readAllBytes(archive);
    int found = 0;
    for (int i = 0; i < 50; i++) {
      byte[] flipped = bytes.clone();
      flipped[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      Files.write(archive, flipped);
      Path target = Files.createDirectories(directory.resolve("extracted-" + i));
      try {
        SnapshotArchive.read(archive, target);
        // What is not of any file, as a time of the zip's own: the content is whole.
        for (Path relative : SnapshotFiles.list(snapshot)) {
          assertThat(target.resolve(relative))
              .as("seed %d", seed)
              .hasSameBinaryContentAs(snapshot.resolve(relative));
        }
      } catch (IOException | IllegalArgumentException e) {
        found++;
      }
    }
    assertThat(found).as("seed %d", seed).isGreaterThan(25);
  }
}
