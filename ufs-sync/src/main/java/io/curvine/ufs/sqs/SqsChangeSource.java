/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.sqs;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.notify.BucketNotifications;
import io.curvine.ufs.notify.NotificationBacklog;
import io.curvine.ufs.notify.NotificationBacklog.Portion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.sqs.model.Message;

/**
 * Bucket notifications in an SQS queue, which keeps the place: a message is there until {@link
 * #confirm} deletes it, and comes again if that takes longer than its visibility timeout. As every
 * {@link ChangeSource} it is used by one thread, and closed by any.
 */
final class SqsChangeSource implements ChangeSource {
  private static final Logger LOG = LoggerFactory.getLogger(SqsChangeSource.class);
  private static final String CURSOR = "";
  private static final long CLOSE_MAX_MILLIS = 2_000;

  /** Messages that were received and not deleted; with more it waits for them to be confirmed. */
  private static final int HELD_MAX = 10_000;

  private static final long COUNT_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private final SqsSourceConfig config;
  private final SqsQueue queue;
  private final SqsReceiver receiver;
  private final NotificationBacklog<String> backlog;

  /** Receipts of the messages that were given, to be deleted. */
  private List<String> given = new ArrayList<>();

  /** Receipts of all messages that were taken and not deleted. */
  private final Set<String> held = ConcurrentHashMap.newKeySet();

  private volatile OptionalLong waiting = OptionalLong.empty();
  private long countedAtNanos;

  SqsChangeSource(SqsSourceConfig config, BucketNotifications notifications) {
    this.config = config;
    this.queue = new SqsQueue(config);
    this.receiver = new SqsReceiver(queue::receive);
    this.backlog = new NotificationBacklog<>(notifications, config.name());
    this.countedAtNanos = System.nanoTime() - COUNT_PAUSE_NANOS;
  }

  @Override
  public ChangeBatch poll(Duration wait) throws CurvineException, InterruptedException {
    try {
      boolean idle = backlog.size() == 0;
      int room = HELD_MAX - backlog.size() - given.size();
      for (Message message : receiver.take(idle ? wait.toNanos() : 0, room)) {
        held.add(message.receiptHandle());
        backlog.add(message.receiptHandle(), message.body().getBytes(StandardCharsets.UTF_8));
      }
    } catch (SqsReceiver.Failure e) {
      if (backlog.size() == 0) {
        throw SqsErrors.of(config.name(), e.getCause());
      }
      // What is here is given first; the next request fails again if there is a reason to.
    }
    count();
    Portion<String> portion = backlog.take();
    given.addAll(portion.whole());
    OptionalLong there = waiting;
    return portion.batch(
        CURSOR, there.isPresent() ? OptionalLong.of(there.getAsLong() + backlog.size()) : there);
  }

  /** Asks now and then how many wait; who has no right to ask does not know. */
  private void count() {
    long now = System.nanoTime();
    if (now - countedAtNanos >= COUNT_PAUSE_NANOS) {
      countedAtNanos = now;
      queue
          .waiting()
          .whenComplete(
              (number, failure) ->
                  waiting = failure == null ? OptionalLong.of(number) : OptionalLong.empty());
    }
  }

  @Override
  public void confirm() throws CurvineException {
    List<String> left = new ArrayList<>();
    CurvineException failure = null;
    List<List<String>> batches = batches(List.copyOf(given));
    List<CompletableFuture<List<String>>> deletes = batches.stream().map(queue::delete).toList();
    for (int i = 0; i < deletes.size(); i++) {
      try {
        left.addAll(deletes.get(i).join());
      } catch (CompletionException e) {
        left.addAll(batches.get(i));
        failure = SqsErrors.of(config.name(), e);
      }
    }
    given.forEach(held::remove);
    held.addAll(left);
    given = left; // the next confirmation tries these again
    if (failure != null) {
      throw failure;
    }
  }

  /** Lets the next source have at once what was received here and not confirmed. */
  @Override
  public void close() {
    receiver.close().forEach(message -> held.add(message.receiptHandle()));
    List<CompletableFuture<Void>> releases = new ArrayList<>();
    for (List<String> batch : batches(List.copyOf(held))) {
      releases.add(queue.release(batch));
    }
    try {
      CompletableFuture.allOf(releases.toArray(CompletableFuture[]::new))
          .get(CLOSE_MAX_MILLIS, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.info("{}: what was not confirmed comes again later: {}", config.name(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      queue.close();
    }
  }

  private static List<List<String>> batches(List<String> receipts) {
    List<List<String>> batches = new ArrayList<>();
    for (int from = 0; from < receipts.size(); from += SqsQueue.BATCH_MAX) {
      batches.add(receipts.subList(from, Math.min(receipts.size(), from + SqsQueue.BATCH_MAX)));
    }
    return batches;
  }
}
