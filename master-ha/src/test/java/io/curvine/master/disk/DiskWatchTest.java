/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.proto.Barrier;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CreateFile;
import io.curvine.protocol.proto.DeleteEntry;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DiskWatchTest {
  private static final Command CREATE =
      Command.newBuilder().setCreateFile(CreateFile.getDefaultInstance()).build();
  private static final Command DELETE =
      Command.newBuilder().setDeleteEntry(DeleteEntry.getDefaultInstance()).build();
  private static final Command BARRIER =
      Command.newBuilder().setBarrier(Barrier.getDefaultInstance()).build();

  private final AtomicLong free = new AtomicLong(500L << 20);
  private final DiskWatch watch =
      new DiskWatch(
          "m1",
          Path.of("/data"),
          new DiskWatch.Marks(100L << 20, 200L << 20, 50L << 20),
          free::get);

  private void free(long mebibytes) {
    free.set(mebibytes << 20);
    watch.tick();
  }

  @Test
  void refusesWhatNeedsSpaceBetweenTheMarks() {
    assertThat(watch.refusal(CREATE)).isEmpty();
    free(100);
    assertThat(watch.low()).isFalse();
    free(99);
    assertThat(watch.refusal(CREATE))
        .contains(
            "master m1 has 99.0 MiB free in /data: only deletes are taken until 200.0 MiB are"
                + " free");
    assertThat(watch.refusal(DELETE)).isEmpty();
    assertThat(watch.refusal(BARRIER)).isEmpty();
    free(199);
    assertThat(watch.refusal(CREATE)).as("not yet").isPresent();
    free(200);
    assertThat(watch.refusal(CREATE)).isEmpty();
    assertThat(watch.freeBytes()).isEqualTo(200L << 20);
  }

  @Test
  void refusesAllBelowTheLeast() {
    free(49);
    assertThat(watch.refusal(DELETE)).isPresent();
    free(50);
    assertThat(watch.refusal(DELETE)).isEmpty();
    assertThat(watch.refusal(CREATE)).isPresent();
  }
}
