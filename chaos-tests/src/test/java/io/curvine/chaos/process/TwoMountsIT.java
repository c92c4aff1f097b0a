/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.OwnMount;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file, open for writing in two mounts at once: each write comes after those before it. */
final class TwoMountsIT {
  private static final int LINES = 25;

  @TempDir private Path temp;

  @Test
  void aFileIsWrittenFromTwoMountsInTurn() throws Exception {
    assumeThat(Path.of("/dev/fuse")).exists();
    try (LocalCluster cluster = LocalCluster.start(temp.resolve("data"), "--workers", "1")) {
      cluster.curvine("umount", "/").succeeded();
      try (OwnMount first = OwnMount.start(cluster, temp.resolve("first"));
          OwnMount second = OwnMount.start(cluster, temp.resolve("second"))) {
        turnsAreTaken(first.point().resolve("log"), second.point().resolve("log"));
        linesOfBothAreWhole(first.point().resolve("both"), second.point().resolve("both"));
        whatAKilledMountHadComesBack(first, second);
      }
    }
  }

  /** Descriptors that stay open, as those of two servers that write one log. */
  private static void turnsAreTaken(Path here, Path there) throws IOException {
    try (FileChannel one = append(here);
        FileChannel two = append(there)) {
      write(one, "a");
      write(two, "b");
      write(one, "c");
      write(two, "d");
      one.force(true);
      assertThat(Files.readString(there)).isEqualTo("abcd");
    }
    assertThat(Files.readString(here)).isEqualTo("abcd");
  }

  private static void linesOfBothAreWhole(Path here, Path there) throws IOException {
    CompletableFuture<Void> other =
        CompletableFuture.runAsync(
            () -> {
              try {
                writeLines(there, "two");
              } catch (IOException e) {
                throw new CompletionException(e);
              }
            });
    writeLines(here, "one");
    other.join();
    List<String> lines = Files.readAllLines(here);
    assertThat(lines).hasSize(2 * LINES);
    for (String who : List.of("one", "two")) {
      List<String> wanted =
          new ArrayList<>(IntStream.range(0, LINES).mapToObj(i -> who + i).toList());
      assertThat(lines.stream().filter(line -> line.startsWith(who))).isEqualTo(wanted);
    }
  }

  private static void writeLines(Path file, String who) throws IOException {
    try (FileChannel open = append(file)) {
      for (int i = 0; i < LINES; i++) {
        write(open, who + i + "\n");
      }
    }
  }

  /** Its session ends some time after it. */
  private static void whatAKilledMountHadComesBack(OwnMount killed, OwnMount other)
      throws IOException {
    FileChannel open = append(killed.point().resolve("left"));
    write(open, "durable");
    open.force(true);
    killed.kill();
    try (FileChannel next = append(other.point().resolve("left"))) {
      write(next, " and more");
    }
    assertThat(Files.readString(other.point().resolve("left"))).isEqualTo("durable and more");
    try {
      open.close();
    } catch (IOException e) {
      assertThat(open.isOpen()).as("of no mount: %s", e).isFalse();
    }
  }

  private static FileChannel append(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  private static void write(FileChannel to, String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    assertThat(to.write(bytes)).isEqualTo(text.length());
  }
}
