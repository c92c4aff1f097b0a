/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.check.StateCheck;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.CountedIn;
import io.curvine.protocol.proto.CountedTree;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Quota;
import io.curvine.protocol.proto.ReapSubtree;
import io.curvine.protocol.proto.UfsEntry;
import io.curvine.protocol.proto.UnmountUfs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random commands below random quotas. After each, the use of every quota is what a count of all
 * inodes from scratch gives, and what was accepted went past no limit; another master that folds
 * the log has the same.
 */
final class QuotaRandomTest {
  private static final int COMMANDS = 6_000;
  private static final int BETWEEN_COMPARISONS = 500;
  private static final String MOUNT = "/a/m";
  private static final ByteString UFS_DIRECTORY = ByteString.copyFromUtf8("d");

  @TempDir private Path directory;
  private Core core;
  private Random random;
  private int exceeded;
  private int treesCounted;

  /** What is used below a directory. */
  private record Use(long bytes, long inodes) {
    Use plus(long moreBytes) {
      return new Use(bytes + moreBytes, inodes + 1);
    }
  }

  @Test
  void theUseIsWhatIsThere() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("QuotaRandomTest: -Dcurvine.seed=" + seed);
    random = new Random(seed);
    try (FollowerCore follower = new FollowerCore(directory.resolve("follower"));
        Core leader = new Core(directory, follower::apply)) {
      core = leader;
      run(Ask.mkdir("/a"));
      for (int i = 0; i < COMMANDS; i++) {
        String when = "seed " + seed + " command " + i;
        step(when);
        for (Quota quota : core.view().quotas().all()) {
          assertThat(new Use(quota.getUsedBytes(), quota.getUsedInodes()))
              .as("%s: %s", when, quota)
              .isEqualTo(counted(quota));
        }
        if (i % BETWEEN_COMPARISONS == 0) {
          requireSound(when);
          follower.compare(core.store(), core.journal(), when);
        }
      }
      while (core.view().reap().count() > 0) {
        reap();
      }
      requireSound("seed " + seed + " at the end");
      assertThat(core.view().quotas().countedTrees()).isEmpty();
      follower.compare(core.store(), core.journal(), "seed " + seed + " at the end");
      assertThat(exceeded).as("commands past a quota, seed " + seed).isGreaterThan(20);
      assertThat(treesCounted).as("seed " + seed).isGreaterThan(20);
    }
  }

  private Decision run(Command.Builder command) {
    Decision decision = core.run(command);
    if (decision instanceof Decision.Refused refused
        && refused.code() == ErrorCode.QUOTA_EXCEEDED) {
      exceeded++;
    }
    treesCounted += core.view().quotas().countedTrees().isEmpty() ? 0 : 1;
    return decision;
  }

  private void requireSound(String when) throws IOException {
    try (FrozenState state = core.store().freeze()) {
      assertThat(StateCheck.of(state, new Throttle(0)).findings()).as(when).isEmpty();
    }
  }

  /** Each inode on its own, from its primary name up. */
  private Use counted(Quota quota) {
    List<Inode> inodes = new ArrayList<>();
    core.store().scan(ColumnFamily.INODES, Keys.EMPTY, null, (key, inode) -> inodes.add(inode));
    Use use = new Use(0, 0);
    for (Inode inode : inodes) {
      if (inode.getId() != NamespaceView.ROOT && isCounted(inode, quota)) {
        use = use.plus(NamespaceView.isFile(inode) ? inode.getLengthBytes() : 0);
      }
    }
    return use;
  }

  private boolean isCounted(Inode inode, Quota quota) {
    NamespaceView namespace = core.view().namespace();
    Inode at = inode;
    while (at.getId() != NamespaceView.ROOT) {
      if (at.getId() != inode.getId() && at.getId() == quota.getInode()) {
        return true;
      }
      if (namespace.childId(at.getParent(), at.getName()) != at.getId()) {
        CountedTree tree = core.view().quotas().countedTree(at.getId());
        CountedIn in =
            CountedIn.newBuilder()
                .setDirectory(quota.getInode())
                .setSince(quota.getSince())
                .build();
        return tree != null && tree.getQuotasList().contains(in);
      }
      at = namespace.require(at.getParent());
    }
    return quota.getInode() == NamespaceView.ROOT;
  }

  private void step(String when) {
    Map<Long, Quota> before = new HashMap<>();
    core.view().quotas().all().forEach(quota -> before.put(quota.getInode(), quota));
    boolean bounded = random.nextInt(2) == 0 ? grow() : change();
    if (bounded) {
      for (Quota quota : core.view().quotas().all()) {
        Quota was = before.get(quota.getInode());
        assertThat(was).as(when).isNotNull();
        requireWithin(when, quota.getUsedBytes(), was.getUsedBytes(), quota.getMaxBytes());
        requireWithin(when, quota.getUsedInodes(), was.getUsedInodes(), quota.getMaxInodes());
      }
    }
  }

  private static void requireWithin(String when, long used, long usedBefore, long max) {
    if (max != 0 && used > usedBefore) {
      assertThat(used).as(when).isLessThanOrEqualTo(max);
    }
  }

  /** Makes or enlarges something, or has two things change their places. */
  private boolean grow() {
    switch (random.nextInt(7)) {
      case 0 -> run(random.nextBoolean() ? Ask.mkdir(path()) : Ask.mkdirs(path()));
      case 1 -> run(Ask.symlink(path(), "t"));
      case 2 -> write(Ask.create(path()));
      case 3 -> write(Ask.open(path(), random.nextBoolean()));
      case 4 -> run(Ask.fifo(path()));
      case 5 -> run(Ask.exchange(path(), path()));
      default -> run(Ask.truncate(path(), random.nextInt(200)));
    }
    return true;
  }

  private void write(Command.Builder open) {
    if (run(open) instanceof Decision.Accepted opened) {
      CommandResult file = opened.result();
      long length = file.getInode().getLengthBytes() + random.nextInt(100);
      Decision committed =
          run(Ask.commit(file.getInode().getId(), file.getWriteVersion(), length, true));
      if (committed instanceof Decision.Refused) {
        core.accepted(
            Ask.commit(
                file.getInode().getId(),
                file.getWriteVersion(),
                file.getInode().getLengthBytes(),
                true));
      }
    }
  }

  /** False where quotas are set, or go past their limits without a refusal. */
  private boolean change() {
    switch (random.nextInt(12)) {
      case 0 -> run(Ask.unlink(path()));
      case 1 -> run(Ask.rmdir(path()));
      case 2 -> run(Ask.deleteTree(path()));
      case 3, 4, 5 -> run(Ask.rename(path(), path()));
      case 6, 7 -> run(Ask.link(path(), path()));
      case 8 -> reap();
      case 9 -> {
        String path = random.nextInt(8) == 0 ? "/" : path();
        run(
            random.nextInt(3) == 0
                ? Ask.clearQuota(path)
                : Ask.setQuota(path, random.nextInt(500), random.nextInt(12)));
      }
      case 10 -> mount();
      default -> reconcile();
    }
    return false;
  }

  private void reap() {
    run(
        Command.newBuilder()
            .setReapSubtree(ReapSubtree.newBuilder().setLimit(1 + random.nextInt(4))));
  }

  private void mount() {
    if (core.view().mounts().all().isEmpty()) {
      run(Ask.mount(MOUNT, "file:///data"));
    } else if (random.nextInt(3) == 0) {
      run(
          Command.newBuilder()
              .setUnmountUfs(UnmountUfs.newBuilder().setPath(Core.ref(MOUNT).getPath())));
    }
  }

  private void reconcile() {
    if (!core.view().mounts().all().isEmpty()) {
      long root = core.view().mounts().all().get(0).getRootInode();
      long sub = core.view().namespace().childId(root, UFS_DIRECTORY);
      List<UfsEntry> entries = new ArrayList<>();
      if (random.nextInt(4) > 0) {
        entries.add(Ask.directory("d"));
      }
      for (String name : List.of("x", "y", "z")) {
        if (random.nextBoolean()) {
          int length = random.nextInt(50);
          entries.add(Ask.file(name, "v" + length, length));
        }
      }
      if (sub != 0 && random.nextBoolean()) {
        entries.removeIf(entry -> entry.getName().equals(UFS_DIRECTORY));
        run(Ask.reconcile(sub, entries.toArray(UfsEntry[]::new)));
      } else {
        run(Ask.reconcile(root, entries.toArray(UfsEntry[]::new)));
      }
    }
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int depth = 1 + random.nextInt(4); depth > 0; depth--) {
      path.append('/').append((char) ('a' + random.nextInt(3)));
    }
    return random.nextInt(10) == 0 ? path.append("/m/x").toString() : path.toString();
  }
}
