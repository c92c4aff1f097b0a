/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.chaos.harness.Corpus;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.chaos.harness.Outcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Workers that are smaller than what they are given: a clear refusal of writes, and reads go on.
 */
final class FullWorkerIT {
  @TempDir private Path temp;

  @Test
  void aWriteThatDoesNotFitIsRefusedWholeAndReadsPassThrough() throws IOException {
    Path ufs = Files.createDirectory(temp.resolve("ufs"));
    Path large = random(temp.resolve("large"), 300);
    Path small = random(temp.resolve("small"), 1);
    Files.copy(large, ufs.resolve("larger-than-the-cache"));
    try (LocalCluster cluster =
        LocalCluster.start(temp.resolve("data"), "--ufs", ufs.toString(), "--cache", "64MiB")) {
      Outcome refused = cluster.curvine("fs", "put", large.toString(), "/refused");
      assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
      assertThat(refused.err().strip()).contains("is full").doesNotContain("\n");
      assertThat(cluster.curvine("fs", "stat", "/refused").exitCode()).isEqualTo(1);
      assertThat(ufs.resolve("refused")).doesNotExist();

      cluster.curvine("fs", "put", small.toString(), "/small").succeeded();
      assertThat(Corpus.hash(ufs.resolve("small"))).isEqualTo(Corpus.hash(small));

      Path got = temp.resolve("got");
      cluster.curvine("fs", "get", "/larger-than-the-cache", got.toString()).succeeded();
      assertThat(Corpus.hash(got)).isEqualTo(Corpus.hash(large));
    }
  }

  private static Path random(Path file, int mebibytes) throws IOException {
    Random random = new Random(mebibytes);
    byte[] chunk = new byte[1 << 20];
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int i = 0; i < mebibytes; i++) {
        random.nextBytes(chunk);
        out.write(chunk);
      }
    }
    return file;
  }
}
