/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Processes;
import io.curvine.chaos.harness.RealDisk;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The power goes: every process ends at once, and what the disk of masters and workers was not made
 * to keep is lost. What a program has made durable by fsync is there afterwards, by whichever
 * descriptor it was written.
 */
final class PowerLossIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int DISK_MIB = 1024;
  private static final int BYTES = (2 << 20) + 4711;

  @TempDir private Path temp;

  private final Map<String, byte[]> durable = new TreeMap<>();

  @Test
  void whatWasMadeDurableOutlivesTheLossOfPower() throws Exception {
    assumeThat(Path.of("/dev/fuse")).exists();
    assumeThat(RealDisk.possible(temp)).isTrue();
    long seed = Long.getLong("curvine.seed", System.nanoTime());
    System.out.println("seed " + seed);
    Path point = Files.createDirectory(temp.resolve("point"));
    try (RealDisk disk =
        RealDisk.inFile(temp.resolve("disk"), temp.resolve("disk.img"), DISK_MIB)) {
      Path data = disk.path().resolve("data");
      try (LocalCluster cluster =
          LocalCluster.start(data, "--workers", "2", "--mount", point.toString())) {
        cluster.curvine("umount", "/").succeeded(); // no UFS has it either
        write(point, new Random(seed));
        disk.die();
        cluster.killEverything();
        disk.repair();
        cluster.startAgain();
        try (CurvineClient client = Clients.connect(cluster)) {
          for (Map.Entry<String, byte[]> each : durable.entrySet()) {
            Await.until(
                each.getKey() + " is as it was made durable",
                PATIENCE,
                () -> startsWith(Clients.read("/" + each.getKey(), client), each.getValue()));
          }
        }
      } finally {
        detach(point);
      }
    }
  }

  /** Where a mount was killed and none came after it, what is left of it keeps the directory. */
  private static void detach(Path point) {
    var unused =
        Processes.run(Map.of(), PATIENCE, List.of("umount", "-l", point.toString())).exitCode();
  }

  /** More may be there than what was made durable; not less, and nothing else. */
  private static boolean startsWith(byte[] found, byte[] wanted) {
    return found.length >= wanted.length
        && Arrays.equals(found, 0, wanted.length, wanted, 0, wanted.length);
  }

  private void write(Path point, Random random) throws IOException {
    byte[] content = new byte[BYTES];
    random.nextBytes(content);
    Path closed = point.resolve("closed-before");
    Files.write(closed, content); // the close promises nothing
    try (FileChannel other = FileChannel.open(closed, StandardOpenOption.READ)) {
      other.force(true);
    }
    durable.put("closed-before", content);

    Path older = point.resolve("older-part");
    Files.write(older, content);
    byte[] longer = Arrays.copyOf(content, content.length + 1000);
    try (FileChannel open = FileChannel.open(older, StandardOpenOption.WRITE)) {
      append(open, longer, content.length);
      open.force(false);
    }
    durable.put("older-part", longer);

    Path each = point.resolve("each-write");
    try (FileChannel open =
        FileChannel.open(
            each,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.DSYNC)) {
      append(open, content, 0);
    }
    durable.put("each-write", content);
    assertThat(durable).hasSize(3);
  }

  private static void append(FileChannel open, byte[] content, int from) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(content, from, content.length - from);
    while (bytes.hasRemaining()) {
      var unused = open.write(bytes, bytes.position());
    }
  }
}
