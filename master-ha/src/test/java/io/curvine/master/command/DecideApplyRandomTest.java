/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.check.StateCheck;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.store.FrozenState;
import io.curvine.protocol.io.Throttle;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.DeleteGroup;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.ReapSubtree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million random commands in entries of random size, several in flight, some lost with their
 * leadership, some of the lost ones arriving late, retries, and restarts. What is decided is what a
 * plain model says, the state is the model's, another master that folds the log has the same state
 * key for key, and somebody who reads nothing but the events' subjects has the same names.
 */
final class DecideApplyRandomTest {
  private static final int COMMANDS = 1_000_000;
  private static final int STEPS_BETWEEN_COMPARISONS = 25;
  private static final int STEPS_BETWEEN_KEY_COMPARISONS = 20_000;
  private static final int LOST_KEPT_MAX = 100;
  private static final int RETRIES_KEPT = 50;

  /** A command that was accepted, with what its caller was told. */
  private record Accepted(Command command, CommandResult result) {}

  @TempDir private Path directory;
  private final Deque<SealedEntry> inFlight = new ArrayDeque<>();
  private final Deque<ModelTree> modelAfter = new ArrayDeque<>();
  private final List<SealedEntry> lost = new ArrayList<>();
  private final Deque<Accepted> answered = new ArrayDeque<>();
  private ModelTree committed = new ModelTree();
  private ModelTree decided = new ModelTree();
  private final FeedTree feed = new FeedTree();
  private Core core;
  private FollowerCore follower;
  private int commands;
  private Random random;

  @Test
  void theStateIsTheFoldOfWhatWasApplied() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("DecideApplyRandomTest: -Dcurvine.seed=" + seed);
    random = new Random(seed);
    follower = new FollowerCore(directory.resolve("follower"));
    core = new Core(directory, follower::apply);
    for (int step = 0; commands < COMMANDS; step++) {
      String when = "seed " + seed + " step " + step;
      switch (random.nextInt(4_000)) {
        case 0, 1 -> restart();
        case 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19 -> loseLeadership();
        default -> takeStep();
      }
      if (step % STEPS_BETWEEN_COMPARISONS == 0) {
        compare(when);
      }
      if (step % STEPS_BETWEEN_KEY_COMPARISONS == 0) {
        follower.compare(core.store(), core.journal(), when);
        requireSound(when);
      }
    }
    while (!inFlight.isEmpty()) {
      applyOldest();
    }
    reapAll();
    compare("seed " + seed + " at the end");
    follower.compare(core.store(), core.journal(), "seed " + seed + " at the end");
    assertThat(core.view().meta().get(Counter.INODE_COUNT))
        .isEqualTo(committed.entries().size() + 1);
    follower.close();
    core.close();
  }

  /** No row of the state contradicts another one. */
  private void requireSound(String when) throws IOException {
    try (FrozenState state = core.store().freeze()) {
      assertThat(StateCheck.of(state, new Throttle(0)).findings()).as(when).isEmpty();
    }
  }

  private void takeStep() {
    int what = random.nextInt(20);
    if (what == 0) {
      lateEntry();
    } else if (what < 8) {
      applyOldest();
    } else if (what == 8 && inFlight.isEmpty()) {
      reapStep();
    } else {
      decideEntry();
    }
  }

  private void decideEntry() {
    core.engine().beginEntry(core.nextEntryId());
    for (int i = 1 + random.nextInt(12); i > 0; i--) {
      if (random.nextInt(10) == 0 && !answered.isEmpty()) {
        retryOne();
      } else {
        decideOne();
      }
    }
    SealedEntry entry = core.engine().seal();
    if (entry != null) {
      inFlight.add(entry);
      modelAfter.add(decided.copy());
    }
  }

  private void decideOne() {
    String path = path();
    String other = path();
    ModelTree expected = decided.copy();
    Boolean accepted;
    Command.Builder command;
    switch (random.nextInt(11)) {
      case 0, 1 -> {
        command = Ask.mkdir(path);
        accepted = expected.make(path, 'd');
      }
      case 2, 3 -> {
        command = Ask.create(path);
        accepted = expected.make(path, 'f');
      }
      case 4 -> {
        command = Ask.unlink(path);
        accepted = expected.remove(path, 'f');
      }
      case 5 -> {
        command = Ask.rmdir(path);
        accepted = expected.remove(path, 'd');
      }
      case 6 -> {
        command = Ask.deleteTree(path);
        accepted = expected.removeTree(path);
      }
      case 7 -> {
        command = Ask.fifo(path);
        accepted = expected.make(path, 's');
      }
      case 8 -> {
        command = Ask.exchange(path, other);
        accepted = expected.exchange(path, other);
      }
      case 9 -> {
        command = Command.newBuilder();
        accepted = askGroup(command, expected.groups());
      }
      default -> {
        command = Ask.rename(path, other);
        accepted = expected.rename(path, other);
      }
    }
    Command numbered = core.numbered(command);
    Decision decision = core.engine().decide(numbered);
    commands++;
    Class<? extends Decision> kind =
        accepted == null
            ? Decision.Unchanged.class
            : accepted ? Decision.Accepted.class : Decision.Refused.class;
    assertThat(decision).as("%s on %s", command, decided.entries()).isInstanceOf(kind);
    if (decision instanceof Decision.Accepted done && numbered.getSessionId() != 0) {
      answered.addLast(new Accepted(numbered, done.result()));
      if (answered.size() > RETRIES_KEPT) {
        answered.removeFirst();
      }
    }
    decided = expected;
  }

  /** Something about a consumer group; tells whether it is accepted. */
  private Boolean askGroup(Command.Builder command, ModelGroups expected) {
    String group = "g" + random.nextInt(3);
    ModelGroups.Saved saved = expected.saved().getOrDefault(group, new ModelGroups.Saved(0, 0));
    int generation = Math.max(0, saved.generation() - 1 + random.nextInt(3));
    switch (random.nextInt(8)) {
      case 0, 1 -> {
        int members = random.nextInt(3);
        command.setSaveGroup(Ask.saveGroup(group, generation, members));
        return expected.save(group, generation, members);
      }
      case 2 -> {
        command.setDeleteGroup(DeleteGroup.newBuilder().setGroup(group));
        return expected.delete(group);
      }
      case 3 -> {
        command.setDeleteGroupOffsets(Ask.deleteGroupOffset(group));
        return expected.deleteOffset(group);
      }
      default -> {
        int by = random.nextBoolean() ? -1 : generation;
        long offset = random.nextInt(1_000);
        command.setCommitGroupOffsets(Ask.commitGroupOffset(group, by, offset));
        return expected.commit(group, by, offset);
      }
    }
  }

  /** A retry changes nothing, whatever has happened since, and gets the first answer. */
  private void retryOne() {
    Accepted before =
        answered.stream().skip(random.nextInt(answered.size())).findFirst().orElseThrow();
    Decision decision = core.engine().decide(before.command());
    commands++;
    assertThat(decision).isEqualTo(new Decision.Unchanged(before.result()));
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append('/').append((char) ('a' + random.nextInt(3)));
    }
    return path.toString();
  }

  private void applyOldest() {
    if (!inFlight.isEmpty()) {
      assertThat(core.apply(asAnyMasterHasIt(inFlight.remove())).applied()).isTrue();
      committed = modelAfter.remove();
    }
  }

  /** The leader has the changes at hand, a follower folds the events. */
  private SealedEntry asAnyMasterHasIt(SealedEntry entry) {
    try {
      return random.nextBoolean() ? entry : SealedEntry.fromLog(entry.entry());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void loseLeadership() {
    lost.addAll(inFlight);
    inFlight.clear();
    modelAfter.clear();
    answered.clear();
    decided = committed.copy();
    core.lead();
  }

  /** What a deposed leader had decided is void whenever it comes. */
  private void lateEntry() {
    while (lost.size() > LOST_KEPT_MAX) {
      lost.remove(0);
    }
    if (!lost.isEmpty()) {
      assertThat(core.apply(lost.remove(random.nextInt(lost.size()))).applied()).isFalse();
    }
  }

  private void restart() throws IOException {
    lost.addAll(inFlight);
    inFlight.clear();
    modelAfter.clear();
    answered.clear();
    decided = committed.copy();
    core.restart();
  }

  private void reapAll() {
    while (reapStep()) {}
  }

  private boolean reapStep() {
    if (core.view().reap().count() == 0) {
      return false;
    }
    core.accepted(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(3)));
    return true;
  }

  private void compare(String when) throws IOException {
    TreeMap<String, Character> found = new TreeMap<>();
    walk("", core.view().namespace().require(NamespaceView.ROOT), found);
    assertThat(found).as(when).isEqualTo(committed.entries());
    feed.follow(core.journal());
    assertThat(feed.entries()).as(when).isEqualTo(committed.entries());
    TreeMap<String, ModelGroups.Saved> saved = new TreeMap<>();
    core.view()
        .groups()
        .scan(
            group ->
                saved.put(
                    group.getName(),
                    new ModelGroups.Saved(group.getGeneration(), group.getMembersCount())));
    assertThat(saved).as(when).isEqualTo(committed.groups().saved());
    TreeMap<String, Long> offsets = new TreeMap<>();
    core.view().groups().scanOffsets((group, offset) -> offsets.put(group, offset.getOffset()));
    assertThat(offsets).as(when).isEqualTo(committed.groups().offsets());
  }

  private void walk(String path, Inode directory, Map<String, Character> found) {
    int[] subdirectories = {0};
    core.view()
        .namespace()
        .children(
            directory.getId(),
            ByteString.EMPTY,
            (name, id) -> {
              Inode child = core.view().namespace().require(id);
              String childPath = path + "/" + name.toStringUtf8();
              assertThat(child.getParent()).isEqualTo(directory.getId());
              assertThat(child.getName()).isEqualTo(name);
              if (NamespaceView.isDirectory(child)) {
                subdirectories[0]++;
                found.put(childPath, 'd');
                walk(childPath, child, found);
              } else {
                found.put(childPath, NamespaceView.isSpecial(child) ? 's' : 'f');
              }
              return true;
            });
    assertThat(directory.getNlink()).isEqualTo(2 + subdirectories[0]);
  }
}
