/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

import static io.curvine.chaos.posix.User.ROOT;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** Makes the steps of a seed. They do not depend on what the steps before them gave. */
final class Steps {
  private static final int TYPE_FILE = 0100000;
  private static final int TYPE_FIFO = 0010000;
  private static final int TYPE_SOCKET = 0140000;
  private static final int SWITCH_ONE_IN = 5;
  private static final int COMPARE_EVERY_STEPS = 100;

  private final Pools pools;
  private final List<Supplier<Operation>> choices = new ArrayList<>();
  private int salt;

  private Steps(long seed) {
    pools = new Pools(new Random(seed));
    addNames();
    addFiles();
    addAttributes();
    addXattrs();
    addSpace();
  }

  /**
   * The steps of a seed.
   *
   * @param views mounts that the steps are made on, in turn, a few on each
   */
  static List<Step> of(long seed, int count, int views) {
    Steps steps = new Steps(seed);
    List<Step> all = new ArrayList<>(beginning());
    int view = 0;
    while (all.size() < count) {
      if (views > 1 && steps.pools.oneIn(SWITCH_ONE_IN)) {
        view = (view + 1) % views;
      }
      if (all.size() % COMPARE_EVERY_STEPS == 0) {
        all.add(new Step(ROOT, view, Run.COMPARE));
      }
      Operation operation = steps.choices.get(steps.pools.below(steps.choices.size())).get();
      all.add(new Step(steps.pools.user(), view, operation));
    }
    return all.subList(0, count);
  }

  /** Some directories, which another user may write to, too. */
  private static List<Step> beginning() {
    List<Step> steps = new ArrayList<>();
    for (String path : List.of("a", "b", "a/a", "a/b", "b/a")) {
      steps.add(new Step(ROOT, 0, NameCalls.makeDirectory(path, 0777)));
      steps.add(new Step(ROOT, 0, AttributeCalls.changeMode(path, 0777)));
    }
    return steps;
  }

  private void add(int weight, Supplier<Operation> choice) {
    for (int i = 0; i < weight; i++) {
      choices.add(choice);
    }
  }

  private void addNames() {
    Pools p = pools;
    add(10, () -> NameCalls.makeDirectory(p.path(), p.oneIn(3) ? p.mode() : 0777));
    add(4, () -> NameCalls.removeDirectory(p.path()));
    add(7, () -> NameCalls.unlink(p.path()));
    add(12, () -> NameCalls.rename(p.path(), p.path(), 0));
    add(2, () -> NameCalls.rename(p.path(), p.path(), Posix.RENAME_NO_REPLACE));
    add(6, () -> NameCalls.link(p.path(), p.path(), p.oneIn(4)));
    add(6, () -> NameCalls.symlink(p.target(), p.path()));
    add(3, () -> NameCalls.readLink(p.path(), p.oneIn(5) ? 1 + p.below(4) : 5_000));
    add(4, () -> NameCalls.list(p.path()));
    add(2, () -> NameCalls.list(p.slot()));
    add(4, () -> NameCalls.access(p.path(), p.below(8)));
    add(2, () -> NameCalls.makeNode(p.path(), TYPE_FILE | p.mode()));
    if (Features.SPECIAL_FILES) {
      add(3, () -> NameCalls.makeNode(p.path(), (p.oneIn(2) ? TYPE_FIFO : TYPE_SOCKET) | p.mode()));
    }
    add(3, () -> NameCalls.rename(p.path(), p.path(), Posix.RENAME_EXCHANGE));
  }

  private void addFiles() {
    Pools p = pools;
    add(24, () -> FileCalls.open(p.slot(), p.path(), p.openFlags(), p.mode()));
    add(8, () -> FileCalls.close(p.slot()));
    add(3, () -> FileCalls.duplicate(p.slot(), p.slot()));
    add(12, () -> FileCalls.read(p.slot(), p.position(), p.length()));
    add(4, () -> FileCalls.read(p.slot(), p.length()));
    add(16, () -> FileCalls.write(p.slot(), p.position(), p.length(), salt++));
    add(8, () -> FileCalls.write(p.slot(), p.length(), salt++));
    add(3, () -> FileCalls.seek(p.slot(), p.position() - 1_000, p.below(3)));
    add(5, () -> FileCalls.truncate(p.slot(), p.oneIn(30) ? -1 : p.position()));
    add(4, () -> FileCalls.truncate(p.path(), p.oneIn(30) ? -1 : p.position()));
    add(4, () -> FileCalls.sync(p.slot(), p.oneIn(2)));
  }

  private void addAttributes() {
    Pools p = pools;
    add(8, () -> AttributeCalls.attributes(p.path(), p.oneIn(2)));
    add(8, () -> AttributeCalls.attributes(p.slot()));
    add(6, () -> AttributeCalls.changeMode(p.path(), p.mode()));
    add(2, () -> AttributeCalls.changeMode(p.slot(), p.mode()));
    add(5, () -> AttributeCalls.changeOwner(p.path(), p.owner(), p.oneIn(2)));
    add(2, () -> AttributeCalls.changeOwner(p.slot(), p.owner()));
    add(5, () -> AttributeCalls.setTimes(p.path(), p.times(), p.oneIn(2)));
    add(3, () -> AttributeCalls.setTimes(p.slot(), p.times()));
  }

  private void addXattrs() {
    Pools p = pools;
    add(5, () -> XattrCalls.set(p.path(), p.xattr(), p.xattrValue(), p.below(3)));
    add(2, () -> XattrCalls.set(p.slot(), p.xattr(), p.xattrValue(), p.below(3)));
    add(4, () -> XattrCalls.get(p.path(), p.xattr(), p.xattrRoom()));
    add(2, () -> XattrCalls.get(p.slot(), p.xattr(), p.xattrRoom()));
    add(2, () -> XattrCalls.list(p.path(), p.xattrRoom()));
    add(1, () -> XattrCalls.list(p.slot(), p.xattrRoom()));
    add(2, () -> XattrCalls.remove(p.path(), p.xattr()));
    add(1, () -> XattrCalls.remove(p.slot(), p.xattr()));
  }

  private void addSpace() {
    Pools p = pools;
    add(8, () -> SpaceCalls.allocate(p.slot(), p.allocation(), p.position(), p.length()));
    add(1, () -> SpaceCalls.allocate(p.slot(), p.allocation(), -1, 1));
    add(5, () -> SpaceCalls.copy(p.slot(), p.position(), p.slot(), p.position(), p.length()));
    add(4, () -> SpaceCalls.holes(p.slot()));
  }
}
