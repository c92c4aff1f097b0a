/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.chaos.readers.Change.Route;
import io.curvine.chaos.readers.Content.Stamp;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Changes a UFS behind Curvine's back. For one thread. */
public final class UfsMutator {
  private static final List<String> KEYS = Keys.ufs();
  private static final int SHARED_OF = 5;
  private static final int PERCENT = 100;

  private final History history;
  private final Mounted mounted;
  private final SharedWrites shared;
  private final Random random;

  /** What is there by now. */
  private final Map<String, Stamp> present = new HashMap<>();

  /**
   * Numbers of objects that have the time of what they replaced. They are not replaced so again: a
   * file system may give the inode number of the first to the third, which then has its version.
   */
  private final Set<Integer> alike = new HashSet<>();

  /** The one writer of its keys. */
  public UfsMutator(History history, Mounted mounted, SharedWrites shared, long seed) {
    this.history = history;
    this.mounted = mounted;
    this.shared = shared;
    this.random = new Random(seed);
  }

  /** One more change. */
  public void step() throws IOException {
    if (random.nextInt(SHARED_OF) == 0) {
      putShared();
      return;
    }
    String key = Keys.any(KEYS, random);
    Stamp now = present.get(key);
    int kind = random.nextInt(PERCENT);
    if (now == null || kind < 35) {
      put(key, Keys.lengthBytes(random), false);
    } else if (kind < 60) {
      put(key, now.lengthBytes(), !alike.contains(now.number()));
    } else if (kind < 78) {
      delete(key);
    } else {
      rename(key, Keys.any(KEYS, random));
    }
  }

  private void put(String key, int lengthBytes, boolean likeBefore) throws IOException {
    Stamp stamp = Stamp.of(key, history.nextNumber(), lengthBytes);
    byte[] content = Content.of(stamp);
    Change change = history.begin(mounted.at(key), stamp.state(), Route.EVENT);
    if (likeBefore) {
      mounted.store().putAlike(key, content);
      alike.add(stamp.number());
    } else {
      mounted.store().put(key, content);
    }
    change.acknowledge(System.nanoTime());
    present.put(key, stamp);
    mounted.created(key, Optional.of(change));
    history.count(likeBefore ? "UFS: replaced alike" : "UFS: put");
  }

  private void delete(String key) throws IOException {
    Change change = history.begin(mounted.at(key), ObjectState.ABSENT, Route.EVENT);
    mounted.store().delete(key);
    change.acknowledge(System.nanoTime());
    present.remove(key);
    mounted.removed(key, Optional.of(change));
    history.count("UFS: deleted");
  }

  private void rename(String from, String to) throws IOException {
    if (from.equals(to)) {
      return;
    }
    Stamp moved = present.remove(from);
    Change made = history.begin(mounted.at(to), moved.state(), Route.EVENT);
    Change gone = history.begin(mounted.at(from), ObjectState.ABSENT, Route.EVENT);
    mounted.store().rename(from, to);
    long now = System.nanoTime();
    made.acknowledge(now);
    gone.acknowledge(now);
    present.put(to, moved);
    mounted.created(to, Optional.of(made));
    mounted.removed(from, Optional.of(gone));
    history.count("UFS: renamed");
  }

  private void putShared() throws IOException {
    String key = Keys.any(Keys.shared(), random);
    Stamp stamp = Stamp.of(key, history.nextNumber(), Keys.lengthBytes(random));
    byte[] content = Content.of(stamp);
    long begun = System.nanoTime();
    mounted.store().put(key, content);
    shared.wrote(mounted.at(key), false, stamp.number(), begun, SharedWrites.Outcome.DONE);
    mounted.created(key, Optional.empty());
    history.count("UFS: put where both write");
  }
}
