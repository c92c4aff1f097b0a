/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import io.curvine.client.ChangeFeed;
import io.curvine.fuse.cache.Currency;
import io.curvine.fuse.cache.MetadataCache;
import io.curvine.fuse.kernel.KernelCache;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ChangeType;
import io.curvine.protocol.proto.ErrorCode;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the changes of the namespace, and has the kernel forget what others changed: at the UFS,
 * through another mount, by another client. What this mount changed itself the kernel knows.
 *
 * <p>Where the feed cannot be followed for a while, the kernel believes what it has for as long as
 * the mount's timeouts say, as it would without a feed. Thread-safe.
 */
final class CacheFollower implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(CacheFollower.class);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final long PAUSE_MS = 200;

  private final Feeds feeds;
  private final Predicate<Change> own;
  private final Forgetter memory;
  private final Forgetter kernel;
  private final Currency currency;
  private final Writers writers;
  private final AtomicLong forgotten = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "kernel-cache");
  private ChangeFeed changes;

  private CacheFollower(
      Feeds feeds,
      ChangeFeed changes,
      Predicate<Change> own,
      MetadataCache remembered,
      Currency currency,
      KernelCache cache,
      Writers writers) {
    this.memory = new Forgetter.Memory(remembered);
    this.kernel = new Forgetter.Kernel(cache);
    this.currency = currency;
    this.feeds = feeds;
    this.changes = changes;
    this.own = own;
    this.writers = writers;
  }

  /** Gives feeds that begin now. */
  @FunctionalInterface
  interface Feeds {
    ChangeFeed fromNow() throws IOException;
  }

  /**
   * Begins to follow.
   *
   * @param changes from before anything was cached
   * @param own whether this mount itself made a change
   * @param remembered what the mount remembers
   * @param currency is told how far this has come, and closed with this
   */
  static CacheFollower start(
      Feeds feeds,
      ChangeFeed changes,
      Predicate<Change> own,
      MetadataCache remembered,
      Currency currency,
      KernelCache cache,
      Writers writers,
      MeterRegistry registry) {
    CacheFollower follower =
        new CacheFollower(feeds, changes, own, remembered, currency, cache, writers);
    registry.gauge("curvine.fuse.invalidated", follower.forgotten);
    follower.thread.setDaemon(true);
    follower.thread.start();
    return follower;
  }

  private void run() {
    boolean lost = false;
    boolean unsure = false;
    currency.reached(changes.position());
    while (closed.getCount() > 0) {
      try {
        if (lost) {
          changes = feeds.fromNow(); // what is missed expires by the kernel's timeouts
          memory.all();
          currency.reached(changes.position());
          writers.giveWay();
          lost = false;
        }
        List<Change> polled = changes.poll(WAIT);
        polled.forEach(this::follow);
        if (unsure || !polled.isEmpty()) {
          currency.awaitLeader(changes.position());
        }
        if (unsure) {
          memory.all(); // some changes may have had no effect
          unsure = false;
        }
        polled.forEach(change -> memory.told(change, own.test(change))); // once more
        currency.reached(changes.position());
      } catch (IOException | RuntimeException e) {
        unsure = true;
        if (closed.getCount() > 0) {
          LOG.info("cannot follow the changes of others: {}", e.toString());
        }
        lost |=
            e instanceof CurvineException known && known.code() == ErrorCode.OFFSET_OUT_OF_RANGE;
        if (awaitClose()) {
          return;
        }
      }
    }
  }

  /**
   * What this mount did is forgotten, too: it may have been done after it seemed to have failed.
   */
  private void follow(Change change) {
    boolean mine = own.test(change);
    memory.told(change, mine);
    if (mine) {
      return;
    }
    if (change.getType() == ChangeType.WRITE_WANTED) {
      writers.giveWay(change.getInode());
    } else if (kernel.told(change, false)) {
      forgotten.incrementAndGet();
    }
  }

  private boolean awaitClose() {
    try {
      return closed.await(PAUSE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Ends it; does not wait. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    currency.close();
  }
}
