/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.webhook;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.notify.BucketNotifications;
import io.curvine.ufs.notify.Notification;
import io.curvine.ufs.notify.NotificationBacklog;
import io.curvine.ufs.notify.NotificationBacklog.Portion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Bucket notifications that stores send over HTTP: whoever serves HTTP hands them in, and answers
 * when they have had their effect. A sender that gets no answer, or another one than success, sends
 * again, so nothing is kept here over a restart. {@link #offer} and {@link #authorised} are
 * thread-safe; for the rest see {@link ChangeSource}.
 */
public final class WebhookSource implements ChangeSource {
  private static final String CURSOR = "";

  private final byte[] token;
  private final int waitingMax;
  private final BucketNotifications notifications;
  private final NotificationBacklog<CompletableFuture<Void>> backlog;

  /** Given and not confirmed. */
  private final List<CompletableFuture<Void>> given = new ArrayList<>();

  private boolean closed;

  /**
   * @param waitingMax messages that may wait to be confirmed
   */
  WebhookSource(String token, int waitingMax, BucketNotifications notifications) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.waitingMax = waitingMax;
    this.notifications = notifications;
    this.backlog = new NotificationBacklog<>(notifications, "webhook");
  }

  /** Whether that is the secret that senders have to know; takes as long for any wrong one. */
  public boolean authorised(String given) {
    return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), token);
  }

  /**
   * Takes a notification in.
   *
   * @param body as the store sent it; not changed afterwards
   * @return completes when its hints were confirmed, at once where it has none; fails with a {@link
   *     CurvineException}: BUSY where too many wait, INVALID_ARGUMENT where it is no notification,
   *     NOT_READY where the source is closed
   */
  public CompletableFuture<Void> offer(byte[] body) {
    Notification read;
    try {
      read = notifications.read(body);
    } catch (CurvineException e) {
      return CompletableFuture.failedFuture(e);
    }
    return read.hints().isEmpty() ? CompletableFuture.completedFuture(null) : add(read);
  }

  private synchronized CompletableFuture<Void> add(Notification read) {
    if (closed) {
      return CompletableFuture.failedFuture(closedFailure());
    }
    if (backlog.size() + given.size() >= waitingMax) {
      return CompletableFuture.failedFuture(
          new CurvineException(
              ErrorCode.BUSY, waitingMax + " notifications wait already; send it again later"));
    }
    CompletableFuture<Void> confirmed = new CompletableFuture<>();
    backlog.add(confirmed, read);
    notifyAll();
    return confirmed;
  }

  @Override
  public synchronized ChangeBatch poll(Duration wait) throws InterruptedException {
    long end = System.nanoTime() + wait.toNanos();
    long left = wait.toNanos();
    while (left > 0 && backlog.size() == 0 && !closed) {
      TimeUnit.NANOSECONDS.timedWait(this, left);
      left = end - System.nanoTime();
    }
    Portion<CompletableFuture<Void>> portion = backlog.take();
    given.addAll(portion.whole());
    return portion.batch(CURSOR, OptionalLong.of(backlog.size()));
  }

  @Override
  public void confirm() {
    List<CompletableFuture<Void>> confirmed;
    synchronized (this) {
      confirmed = List.copyOf(given);
      given.clear();
    }
    confirmed.forEach(each -> each.complete(null));
  }

  /** What was not confirmed fails, so that it is sent again. */
  @Override
  public void close() {
    List<CompletableFuture<Void>> left;
    synchronized (this) {
      closed = true;
      left = new ArrayList<>(given);
      left.addAll(backlog.clear());
      given.clear();
      notifyAll();
    }
    left.forEach(each -> each.completeExceptionally(closedFailure()));
  }

  private static CurvineException closedFailure() {
    return new CurvineException(
        ErrorCode.NOT_READY, "the source was closed; send the notification again");
  }
}
