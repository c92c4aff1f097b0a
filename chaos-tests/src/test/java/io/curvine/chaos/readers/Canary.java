/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.readers;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.readers.Bounds.Fault;
import io.curvine.chaos.readers.Change.Route;
import io.curvine.chaos.readers.Content.Stamp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Changes one object at the UFS over and over, and waits each time until all readers see it. A
 * stretch in which that takes longer than it does on a machine that has time to spare is a fault of
 * the machine, in which others may be late too. So bounds hold on a busy machine as well, and what
 * is missed while the canary is seen is still found. For one thread at a time.
 */
public final class Canary {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final History history;
  private final Mounted mounted;
  private final String key;
  private final Watch watch;
  private final List<Reader> readers;
  private final List<Fault> faults = new ArrayList<>();
  private long seenNanos = System.nanoTime();

  /**
   * What is watched.
   *
   * @param route how Curvine hears of the object: EVENT or SCAN
   * @param usual how long at most from one sight to the next where nothing is wrong
   */
  public record Watch(Route route, Duration usual) {}

  /** Reads all of a file. */
  @FunctionalInterface
  public interface Reader {
    /**
     * Reads it.
     *
     * @param path in the namespace
     */
    byte[] read(String path) throws IOException;
  }

  /** The only writer of a key. */
  public Canary(History history, Mounted mounted, String key, Watch watch, List<Reader> readers) {
    this.history = history;
    this.mounted = mounted;
    this.key = key;
    this.watch = watch;
    this.readers = List.copyOf(readers);
  }

  /** Once more; fails where it is not seen within a minute. */
  public void step() throws IOException {
    byte[] content = Content.of(Stamp.of(key, history.nextNumber(), Content.LENGTH_MIN_BYTES));
    mounted.store().put(key, content);
    if (watch.route() == Route.EVENT) {
      mounted.notifier().ifPresent(notifier -> notifier.createdForSure(key));
    }
    for (Reader reader : readers) {
      Await.until(
          "the change of " + mounted.at(key) + " to be seen",
          PATIENCE,
          () -> Arrays.equals(reader.read(mounted.at(key)), content));
    }
    long now = System.nanoTime();
    if (now - seenNanos > watch.usual().toNanos()) {
      faults.add(new Fault(watch.route(), seenNanos, now));
    }
    seenNanos = now;
  }

  /** When it was seen too late, in their order; asked when the last step has ended. */
  public List<Fault> faults() {
    return List.copyOf(faults);
  }
}
