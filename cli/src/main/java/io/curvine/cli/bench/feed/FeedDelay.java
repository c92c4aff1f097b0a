/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.feed;

import io.curvine.cli.CliException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/**
 * How long after its acknowledgement a record reaches a consumer that follows: one thread writes at
 * a fixed rate, another polls. A record that is there before its acknowledgement counts as 0. For
 * one use.
 */
public final class FeedDelay {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long LATE_MAX_SECONDS = 30;

  private final Map<String, Long> begun = new ConcurrentHashMap<>();
  private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
  private final Map<String, Long> delivered = new ConcurrentHashMap<>();
  private final AtomicLong open = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final CountDownLatch following = new CountDownLatch(1);
  private volatile boolean ended;
  private long counted;
  private volatile Throwable failure;

  /** What is written, one at a time. */
  @FunctionalInterface
  public interface Writer {
    /**
     * Begins a write, whose record has the key.
     *
     * @param done run when it is acknowledged; told whether it was
     */
    void write(long number, Done done);
  }

  /** Hears of an acknowledgement. */
  @FunctionalInterface
  public interface Done {
    void acknowledged(String key, boolean succeeded);
  }

  /** Says which of the keys of records were written here. */
  @FunctionalInterface
  public interface Keys {
    boolean has(String key);
  }

  /**
   * Measures.
   *
   * @param seconds of writing; the first fifth does not count
   */
  public Histogram run(
      String bootstrap, String topic, Keys keys, Writer writer, int perSecond, int seconds)
      throws CliException, InterruptedException {
    Thread follower = new Thread(() -> follow(bootstrap, topic, keys), "feed-follower");
    follower.start();
    long total = (long) perSecond * seconds;
    try {
      following.await();
      write(writer, perSecond, total);
      awaitAll();
    } finally {
      ended = true;
      follower.join();
    }
    if (failure != null) {
      throw new CliException("the consumer failed: " + failure, failure);
    }
    if (failures.get() > 0) {
      throw new CliException(failures.get() + " writes failed");
    }
    counted = total / 5;
    return histogram(acknowledged);
  }

  /** The same from when each write was begun to its delivery; after a run. */
  public Histogram fromCalls() {
    return histogram(begun);
  }

  private void write(Writer writer, int perSecond, long total) {
    long began = System.nanoTime();
    for (long number = 0; number < total; number++) {
      long due = began + (long) (number * 1e9 / perSecond);
      for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      long place = number;
      long from = System.nanoTime();
      open.incrementAndGet();
      writer.write(
          place,
          (key, succeeded) -> {
            if (succeeded) {
              begun.put(key, from);
              acknowledged.put(key, System.nanoTime());
            } else {
              failures.incrementAndGet();
            }
            open.decrementAndGet();
          });
    }
  }

  private void awaitAll() throws CliException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LATE_MAX_SECONDS);
    while (open.get() > 0 || delivered.size() < acknowledged.size()) {
      if (failure != null || failures.get() > 0) {
        return;
      }
      if (System.nanoTime() - end > 0) {
        throw new CliException(
            acknowledged.size() + " were acknowledged, " + delivered.size() + " delivered");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private void follow(String bootstrap, String topic, Keys keys) {
    try (KafkaConsumer<byte[], byte[]> consumer = FeedReader.open(bootstrap, topic)) {
      consumer.seekToEnd(List.of(FeedReader.partition(topic)));
      consumer.position(FeedReader.partition(topic));
      consumer.poll(POLL);
      following.countDown();
      while (!ended) {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL)) {
          String key = key(each);
          if (key != null && keys.has(key)) {
            delivered.putIfAbsent(key, System.nanoTime());
          }
        }
      }
    } catch (RuntimeException e) {
      failure = e;
      following.countDown();
    }
  }

  /** Keys end in their number. */
  private Histogram histogram(Map<String, Long> from) {
    Histogram delays = new Histogram(3);
    from.forEach(
        (key, at) -> {
          if (Long.parseLong(key.substring(key.lastIndexOf('-') + 1)) >= counted) {
            delays.recordValue(Math.max(0, delivered.get(key) - at));
          }
        });
    return delays;
  }

  private static String key(ConsumerRecord<byte[], byte[]> read) {
    return read.key() == null ? null : new String(read.key(), StandardCharsets.UTF_8);
  }
}
