/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.Corpus;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.client.CurvineClient;
import io.curvine.client.Refs;
import io.curvine.protocol.block.BlockFileFormat;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bit that turns on the disk of a worker never reaches a reader. */
class CorruptBlockIT {
  @TempDir Path temp;

  @Test
  void flippedBitIsCountedAndRefilled() throws Exception {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    byte[] content = new byte[3 << 20];
    new Random(11).nextBytes(content);
    Files.write(ufs.resolve("file.bin"), content);
    String expected = Corpus.hash(ufs.resolve("file.bin"));
    Path data = temp.resolve("data");
    try (LocalCluster cluster = LocalCluster.start(data, "--ufs", ufs.toString());
        CurvineClient client = Clients.connect(cluster)) {
      assertThat(Corpus.hash(client.openStream(Refs.path("/file.bin")))).isEqualTo(expected);
      List<Path> blocks = blockFiles(data, content.length);
      assertThat(blocks).isNotEmpty();
      for (Path block : blocks) {
        flipBit(block, BlockFileFormat.DATA_AT + 1_500_000);
      }
      assertThat(Corpus.hash(client.openStream(Refs.path("/file.bin")))).isEqualTo(expected);
      Await.until(
          "the page counted as corrupt", Duration.ofSeconds(10), () -> corruptPages(cluster) > 0);
      for (Path block : blocks) {
        byte[] refilled = Files.readAllBytes(block);
        assertThat(refilled[BlockFileFormat.DATA_AT + 1_500_000]).isEqualTo(content[1_500_000]);
      }
    }
  }

  private static long corruptPages(LocalCluster cluster) {
    long pages = 0;
    for (JsonNode worker : cluster.report().get("workers")) {
      pages += worker.get("corruptPages").asLong();
    }
    return pages;
  }

  private static List<Path> blockFiles(Path data, long length) throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      return files
          .filter(
              f ->
                  f.toString().endsWith(".blk")
                      && f.toFile().length() == BlockFileFormat.DATA_AT + length)
          .toList();
    }
  }

  private static void flipBit(Path file, long position) throws IOException {
    try (RandomAccessFile block = new RandomAccessFile(file.toFile(), "rw")) {
      block.seek(position);
      int value = block.read();
      block.seek(position);
      block.write(value ^ 0x10);
    }
  }
}
