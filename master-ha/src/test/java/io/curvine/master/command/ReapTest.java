/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.master.state.Counter;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.ReapSubtree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trees large enough that what is taken of them is marked as ranges. */
final class ReapTest {
  @TempDir private Path directory;

  @Test
  void onlyTheTreeGoesWhateverTheStepsAre() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("ReapTest: -Dcurvine.seed=" + seed);
    Random random = new Random(seed);
    try (FollowerCore follower = new FollowerCore(directory.resolve("follower"));
        Core core = new Core(directory, follower::apply)) {
      core.accepted(Ask.mkdir("/kept"));
      for (int round = 0; round < 10; round++) {
        String when = "seed " + seed + " round " + round;
        core.accepted(Ask.mkdir("/t"));
        List<String> directories = new ArrayList<>(List.of("/t"));
        for (int i = random.nextInt(400); i > 0; i--) {
          grow(core, random, directories, round + "-" + i);
        }
        core.accepted(Ask.deleteTree("/t"));
        long left = core.view().meta().get(Counter.INODE_COUNT);
        while (core.view().reap().count() > 0) {
          int limit = 1 + random.nextInt(200);
          core.accepted(
              Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(limit)));
          long now = core.view().meta().get(Counter.INODE_COUNT);
          assertThat(left - now).as(when).isBetween(0L, limit + 1L);
          left = now;
        }
        follower.compare(core.store(), core.journal(), when);
        assertThat(core.view().meta().get(Counter.INODE_COUNT))
            .as(when)
            .isEqualTo(2 + core.names("/kept"));
      }
    }
  }

  /** A file or directory somewhere in the tree; some files have another name outside of it. */
  private static void grow(Core core, Random random, List<String> directories, String name) {
    String parent = directories.get(random.nextInt(Math.min(3, directories.size())));
    String path = parent + "/" + name;
    switch (random.nextInt(20)) {
      case 0 -> {
        core.accepted(Ask.mkdir(path));
        directories.add(random.nextInt(directories.size() + 1), path);
      }
      case 1 -> {
        core.accepted(Ask.create(path));
        core.accepted(Ask.link(path, "/kept/" + name));
      }
      default -> core.accepted(Ask.create(path));
    }
  }
}
