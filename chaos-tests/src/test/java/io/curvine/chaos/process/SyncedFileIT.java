/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file that its writer has open, as databases and logs have theirs: what was made durable can be
 * read, by the writer and by others, and also after all processes ended at once.
 */
final class SyncedFileIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int BYTES = (3 << 20) + 77;

  @TempDir private Path temp;

  @Test
  void whatWasSyncedIsReadWhileTheFileIsOpen() throws Exception {
    assumeThat(Path.of("/dev/fuse")).exists();
    Path point = Files.createDirectory(temp.resolve("point"));
    byte[] content = new byte[2 * BYTES];
    new Random(7).nextBytes(content);
    try (LocalCluster cluster =
        LocalCluster.start(temp.resolve("data"), "--workers", "1", "--mount", point.toString())) {
      cluster.curvine("umount", "/").succeeded(); // no UFS has it either
      writeAndSync(point.resolve("database"), content, cluster);
      cluster.startAgain();
      try (CurvineClient client = Clients.connect(cluster)) {
        Await.until(
            "what was synced is read again",
            PATIENCE,
            () -> Arrays.equals(Clients.read("/database", client), content));
      }
    }
  }

  /** All processes are gone when it returns. */
  private static void writeAndSync(Path file, byte[] content, LocalCluster cluster)
      throws IOException {
    FileChannel open =
        FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (CurvineClient client = Clients.connect(cluster)) {
      byte[] first = Arrays.copyOf(content, BYTES);
      append(open, content, 0);
      assertThat(read(open, BYTES)).isEqualTo(first);
      assertThat(Files.readAllBytes(file)).isEqualTo(first);
      append(open, content, BYTES);
      assertThat(read(open, content.length)).isEqualTo(content);
      assertThat(Clients.read("/database", client)).isEqualTo(content);
    } finally {
      cluster.killEverything(); // before the close, which would finish the file
      closeOfNoMount(open);
    }
  }

  private static void closeOfNoMount(FileChannel open) {
    try {
      open.close();
    } catch (IOException e) {
      assertThat(open.isOpen()).as(e.toString()).isFalse();
    }
  }

  private static void append(FileChannel open, byte[] content, int from) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content, from, BYTES);
    while (bytes.hasRemaining()) {
      var unused = open.write(bytes, bytes.position());
    }
    open.force(true);
  }

  private static byte[] read(FileChannel open, int length) throws IOException {
    ByteBuffer into = ByteBuffer.allocate(length);
    while (into.hasRemaining()) {
      assertThat(open.read(into, into.position())).isPositive();
    }
    return into.array();
  }
}
