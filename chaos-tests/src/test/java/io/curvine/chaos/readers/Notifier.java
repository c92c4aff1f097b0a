/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.chaos.harness.BucketEvents;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Tells of a bucket's changes as a store does on its worst day: twice, late, out of order, or not
 * at all. Thread-safe by a lock.
 */
public final class Notifier {
  private static final int TWICE_OF = 5;
  private static final int LOST_OF = 2;
  private static final int HELD_OF = 3;
  private static final int HELD_MAX = 6;

  private final String bucket;
  private final Consumer<String> send;
  private final Random random;
  private final List<Notice> held = new ArrayList<>();
  private boolean losing;

  /** Who tells, and of which change; empty: of one through Curvine, which knows it already. */
  private record Notice(String event, Optional<Change> change) {}

  /**
   * One that loses nothing yet.
   *
   * @param send takes an event as S3 writes it, and returns when it is at Curvine's source
   */
  public Notifier(String bucket, Consumer<String> send, long seed) {
    this.bucket = bucket;
    this.send = send;
    this.random = new Random(seed);
  }

  /** From now on half of all is lost, or no more. */
  public synchronized void lose(boolean lost) {
    losing = lost;
  }

  /** The key has an object, or another one. */
  public void created(String key, Optional<Change> change) {
    tell(BucketEvents.created(bucket, key), change);
  }

  /** The key has none any more. */
  public void removed(String key, Optional<Change> change) {
    tell(BucketEvents.removed(bucket, key), change);
  }

  /** The key has another object, which is told of once and at once. */
  void createdForSure(String key) {
    send.accept(BucketEvents.created(bucket, key));
  }

  private synchronized void tell(String event, Optional<Change> change) {
    if (losing && random.nextInt(LOST_OF) == 0) {
      change.ifPresent(Change::lose);
      return;
    }
    Notice notice = new Notice(event, change);
    if (random.nextInt(HELD_OF) == 0) {
      change.ifPresent(Change::hold);
      held.add(notice);
    } else {
      send(notice);
    }
    if (held.size() >= HELD_MAX) {
      flush();
    }
  }

  /** What is held back is sent, in any order. */
  public synchronized void flush() {
    Collections.shuffle(held, random);
    held.forEach(this::send);
    held.clear();
  }

  private void send(Notice notice) {
    for (int i = random.nextInt(TWICE_OF) == 0 ? 2 : 1; i > 0; i--) {
      send.accept(notice.event());
    }
    notice.change().ifPresent(change -> change.told(System.nanoTime()));
  }
}
