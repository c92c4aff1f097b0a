/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class JobProgressTest {
  private static TreeJob.Builder half() {
    return TreeJob.newBuilder()
        .setKind(TreeJobKind.LOAD)
        .setWalked(true)
        .setFiles(4)
        .setFilesDone(2)
        .setBytes(8 << 20)
        .setBytesDone(4 << 20);
  }

  @Test
  void tellsHowMuchIsDoneHowFastAndWhenItEnds() {
    assertThat(JobProgress.line(half().build(), Duration.ofSeconds(2)))
        .isEqualTo(
            "[############............]  50%  4 MiB of 8 MiB, 2 of 4 files, 2 MiB/s, 2 s left");
    assertThat(JobProgress.line(half().build(), Duration.ofSeconds(7_300))).contains("2:01 h left");
  }

  @Test
  void doesNotGuessTheEndWhileFilesAreLookedFor() {
    assertThat(JobProgress.line(half().setWalked(false).build(), Duration.ofSeconds(2)))
        .endsWith("more are looked for");
    assertThat(JobProgress.line(TreeJob.getDefaultInstance(), Duration.ZERO))
        .startsWith("[........................]   0%  0 of 0 files");
  }

  @Test
  void countsFilesWhereThereAreNoBytes() {
    TreeJob free =
        TreeJob.newBuilder().setFiles(3).setFilesDone(1).setFilesFailed(2).setWalked(true).build();
    assertThat(JobProgress.line(free, Duration.ofSeconds(1))).contains("100%");
  }

  @Test
  void leavesNothingOfALongerLine() {
    StringWriter terminal = new StringWriter();
    JobProgress progress = new JobProgress(new PrintWriter(terminal));
    progress.show(half().build());
    String longer = terminal.toString();
    progress.show(TreeJob.getDefaultInstance());
    assertThat(terminal.toString().substring(longer.length())).hasSameSizeAs(longer);
    progress.end();
    assertThat(terminal.toString()).endsWith("\r");
  }
}
