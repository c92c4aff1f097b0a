/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.protocol.proto.Command;
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
 * Random commands in entries of random size, several in flight, some lost with their leadership,
 * some of the lost ones arriving late, and restarts; after each step the state equals a plain
 * model.
 */
final class DecideApplyRandomTest {
  private static final int STEPS = 400;

  @TempDir private Path directory;
  private final Deque<SealedEntry> inFlight = new ArrayDeque<>();
  private final Deque<ModelTree> modelAfter = new ArrayDeque<>();
  private final List<SealedEntry> lost = new ArrayList<>();
  private ModelTree committed = new ModelTree();
  private ModelTree decided = new ModelTree();
  private Core core;
  private Random random;

  @Test
  void theStateIsTheFoldOfWhatWasApplied() throws IOException {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("DecideApplyRandomTest: -Dcurvine.seed=" + seed);
    random = new Random(seed);
    core = new Core(directory);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(20)) {
        case 0 -> loseLeadership();
        case 1 -> lateEntry();
        case 2 -> restart();
        case 3, 4, 5, 6, 7, 8 -> applyOldest();
        default -> decideEntry();
      }
      compare("seed " + seed + " step " + step);
    }
    while (!inFlight.isEmpty()) {
      applyOldest();
    }
    reapAll();
    compare("seed " + seed + " at the end");
    assertThat(core.view().meta().get(Counter.INODE_COUNT))
        .isEqualTo(committed.entries().size() + 1);
    core.close();
  }

  private void decideEntry() {
    core.engine().beginEntry(core.nextEntryId());
    for (int i = 1 + random.nextInt(6); i > 0; i--) {
      decideOne();
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
    switch (random.nextInt(8)) {
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
      default -> {
        command = Ask.rename(path, other);
        accepted = expected.rename(path, other);
      }
    }
    Decision decision = core.engine().decide(core.numbered(command));
    Class<? extends Decision> kind =
        accepted == null
            ? Decision.Unchanged.class
            : accepted ? Decision.Accepted.class : Decision.Refused.class;
    assertThat(decision).as("%s on %s", command, decided.entries()).isInstanceOf(kind);
    decided = expected;
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
    return random.nextBoolean() ? entry : SealedEntry.fromLog(entry.entry());
  }

  private void loseLeadership() {
    lost.addAll(inFlight);
    inFlight.clear();
    modelAfter.clear();
    decided = committed.copy();
    core.lead();
  }

  /** What a deposed leader had decided is void whenever it comes. */
  private void lateEntry() {
    if (!lost.isEmpty()) {
      assertThat(core.apply(lost.remove(random.nextInt(lost.size()))).applied()).isFalse();
    }
  }

  private void restart() throws IOException {
    lost.addAll(inFlight);
    inFlight.clear();
    modelAfter.clear();
    decided = committed.copy();
    core.restart();
  }

  private void reapAll() {
    while (!core.view().namespace().detached(1).isEmpty()) {
      core.accepted(Command.newBuilder().setReapSubtree(ReapSubtree.newBuilder().setLimit(3)));
    }
  }

  private void compare(String when) {
    TreeMap<String, Character> found = new TreeMap<>();
    walk("", core.view().namespace().require(NamespaceView.ROOT), found);
    assertThat(found).as(when).isEqualTo(committed.entries());
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
                found.put(childPath, 'f');
              }
              return true;
            });
    assertThat(directory.getNlink()).isEqualTo(2 + subdirectories[0]);
  }
}
