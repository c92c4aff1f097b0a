/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetSnapshotManifest;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.SnapshotFile;
import io.curvine.protocol.proto.SnapshotManifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A master that is brought back by the snapshot of another one. */
@Timeout(180)
class TransferTrioTest {
  private static final int MIB = 1 << 20;
  private static final int VALUES = 170;
  private static final int VALUE_BYTES = 50_000;

  @TempDir Path directory;

  @Test
  void aTransferThatIsKilledInTheMiddleGoesOn() throws IOException {
    try (Trio trio =
        new Trio(directory, c -> c.withSnapshots(100, 64 << 10).withSnapshotTransferRate(MIB))) {
      trio.startAll();
      long session = trio.openSession();
      Random random = new Random(1);
      for (int seq = 1; seq <= VALUES; seq++) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        assertThat(trio.command(Trio.setXattr(session, seq, "user." + seq, value)).getCode())
            .isEqualTo(ErrorCode.OK);
      }
      String leader = trio.leader();
      trio.until("a snapshot", () -> manifest(trio, leader).getIndex() >= 100);
      String wiped = trio.follower();
      trio.stop(wiped);
      FileTrees.delete(trio.directory(wiped));
      // The log must not reach back to the beginning.
      for (int seq = VALUES + 1; seq <= VALUES + 120; seq++) {
        assertThat(trio.command(Trio.mkdir(session, seq, "/d" + seq)).getCode())
            .isEqualTo(ErrorCode.OK);
      }
      trio.until("the snapshot after that", () -> manifest(trio, leader).getIndex() > VALUES);
      long total = bytes(manifest(trio, leader));
      assertThat(total).isGreaterThan(4L * MIB);

      long began = System.nanoTime();
      trio.start(wiped);
      Path fetching = trio.directory(wiped).resolve("snapshots/fetching");
      trio.until("a part of it", () -> size(fetching) > 2L * MIB);
      trio.stop(wiped);
      long had = size(fetching);
      assertThat(had).isLessThan(total);

      trio.start(wiped);
      trio.until("the wiped master is back", () -> trio.node(wiped).ready());
      double received = trio.counter(wiped, "snapshot.received.bytes");
      System.out.printf(
          "transfer of %d bytes: %d had come before the kill, %.0f came after it%n",
          total, had, received);
      assertThat(received).isLessThan(total - 1.5 * MIB);
      long elapsed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
      assertThat(elapsed).as("no faster than set").isGreaterThan(1000 * (total / MIB - 1));
      assertThat(fetching).doesNotExist();
      trio.stop(leader);
      assertThat(trio.exists("/d" + (VALUES + 120))).isTrue();
    }
  }

  private static long bytes(SnapshotManifest manifest) {
    return manifest.getFilesList().stream().mapToLong(SnapshotFile::getLengthBytes).sum();
  }

  private static SnapshotManifest manifest(Trio trio, String id) {
    return trio.ask(
            id,
            MasterRequest.newBuilder()
                .setGetSnapshotManifest(GetSnapshotManifest.getDefaultInstance())
                .build())
        .getSnapshotManifest();
  }

  private static long size(Path tree) {
    if (!Files.exists(tree)) {
      return 0;
    }
    try (Stream<Path> walk = Files.walk(tree)) {
      return walk.mapToLong(file -> file.toFile().isFile() ? file.toFile().length() : 0).sum();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UncheckedIOException e) {
      // It was renamed meanwhile.
      return 0;
    }
  }
}
