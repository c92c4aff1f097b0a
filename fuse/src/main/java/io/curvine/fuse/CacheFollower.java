/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse;

import com.google.protobuf.ByteString;
import io.curvine.client.ChangeFeed;
import io.curvine.fuse.cache.Currency;
import io.curvine.fuse.cache.MetadataCache;
import io.curvine.fuse.kernel.KernelCache;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.Change;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.InodeType;
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
  private final MetadataCache remembered;
  private final Currency currency;
  private final KernelCache cache;
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
    this.remembered = remembered;
    this.currency = currency;
    this.feeds = feeds;
    this.changes = changes;
    this.own = own;
    this.cache = cache;
    this.writers = writers;
  }

  /** Gives feeds. */
  interface Feeds {
    ChangeFeed fromNow() throws IOException;

    /** The leader's answers have all changes below this offset. */
    long end() throws IOException;
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
          remembered.forgetAll();
          currency.reached(changes.position());
          writers.giveWay();
          lost = false;
        }
        List<Change> polled = changes.poll(WAIT);
        polled.forEach(this::follow);
        if (unsure || !polled.isEmpty()) {
          awaitLeader();
        }
        if (unsure) {
          remembered.forgetAll(); // some changes may have had no effect
          unsure = false;
        }
        polled.forEach(this::forgetRemembered);
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
    forgetRemembered(change);
    if (!own.test(change)) {
      forget(change);
    }
  }

  /**
   * A change is told before the leader's answers have it, which may give the old state once more:
   * what was remembered until they do has to go again.
   */
  private void awaitLeader() throws IOException {
    while (feeds.end() < changes.position()) {
      Thread.onSpinWait(); // a question each: it applies what it has committed
    }
  }

  private void forgetRemembered(Change change) {
    switch (change.getType()) {
      case CREATED -> forgetRemembered(change.getParent(), change.getPath());
      case LINKED -> {
        forgetRemembered(change.getParent(), change.getPath());
        remembered.forget(change.getInode());
      }
      case DELETED -> {
        forgetRemembered(change.getParent(), change.getPath());
        remembered.forget(change.getInode());
        if (change.getKind() == InodeType.DIRECTORY && !own.test(change)) {
          remembered.forgetAll(); // with all below it
        }
      }
      case RENAMED -> {
        forgetRemembered(change.getOldParent(), change.getOldPath());
        forgetRemembered(change.getParent(), change.getPath());
        remembered.forget(change.getInode());
      }
      case WRITTEN, TRUNCATED, ATTRIBUTES_CHANGED, XATTR_CHANGED, PERSISTED ->
          remembered.forget(change.getInode());
      case MOUNTED, UNMOUNTED -> remembered.forgetAll();
      case WRITE_WANTED, CHANGE_UNSPECIFIED, UNRECOGNIZED -> {}
    }
  }

  private void forgetRemembered(long directory, ByteString path) {
    if (directory == 0) { // a master of an older version does not say
      remembered.forgetAll();
    } else {
      remembered.forget(directory, path.substring(slash(path) + 1));
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

  private void forget(Change change) {
    switch (change.getType()) {
      case CREATED -> forget(change.getParent(), change.getPath());
      case LINKED -> {
        forget(change.getParent(), change.getPath());
        cache.forget(change.getInode());
      }
      case DELETED -> {
        forget(change.getParent(), change.getPath());
        cache.forget(change.getInode());
      }
      case RENAMED -> {
        forget(change.getOldParent(), change.getOldPath());
        forget(change.getParent(), change.getPath());
        cache.forget(change.getInode());
      }
      case WRITE_WANTED -> {
        writers.giveWay(change.getInode());
        return;
      }
      case WRITTEN, TRUNCATED -> cache.forgetContent(change.getInode());
      case ATTRIBUTES_CHANGED, XATTR_CHANGED, MOUNTED, UNMOUNTED -> cache.forget(change.getInode());
      case PERSISTED, CHANGE_UNSPECIFIED, UNRECOGNIZED -> {
        return; // nothing that the kernel knows
      }
    }
    forgotten.incrementAndGet();
  }

  private void forget(long directory, ByteString path) {
    if (directory != 0) { // a master of an older version does not say
      cache.forget(directory, path.substring(slash(path) + 1));
    }
  }

  private static int slash(ByteString path) {
    int at = path.size() - 1;
    while (at >= 0 && path.byteAt(at) != '/') {
      at--;
    }
    return at;
  }

  /** Ends it; does not wait. */
  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    currency.close();
  }
}
