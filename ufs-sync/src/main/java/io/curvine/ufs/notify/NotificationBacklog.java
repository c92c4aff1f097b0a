/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import io.curvine.protocol.CurvineException;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.MergedHints;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalLong;

/**
 * Messages that a source has received and not given yet, cut into batches. A message with more
 * hints than a batch takes is given in several, and counts as given with the last. Not thread-safe.
 *
 * @param <M> by what the source knows a message
 */
public final class NotificationBacklog<M> {
  private final BucketNotifications notifications;
  private final UnreadMessages unread;
  private final Deque<Message<M>> waiting = new ArrayDeque<>();

  private record Message<M>(M id, Deque<ChangeHint> left, long newestMillis, String gap) {}

  /**
   * What is given next.
   *
   * @param whole the messages of which all is given now, in order
   * @param newestMillis as in {@link ChangeBatch}
   * @param gap as in {@link ChangeBatch}
   */
  public record Portion<M>(List<ChangeHint> hints, List<M> whole, long newestMillis, String gap) {
    public Portion {
      hints = List.copyOf(hints);
      whole = List.copyOf(whole);
    }

    /** As a batch of a source. */
    public ChangeBatch batch(String cursor, OptionalLong behind) {
      return new ChangeBatch(hints, cursor, newestMillis, behind, gap);
    }
  }

  /**
   * @param source what log lines call it
   */
  public NotificationBacklog(BucketNotifications notifications, String source) {
    this.notifications = notifications;
    this.unread = new UnreadMessages(source, System::nanoTime);
  }

  /** Reads a message and lets it wait. One that cannot be read becomes a gap. */
  public void add(M id, byte[] body) {
    try {
      add(id, notifications.read(body));
    } catch (CurvineException e) {
      unread.add(e.getMessage());
      waiting.add(new Message<>(id, new ArrayDeque<>(), 0, e.getMessage()));
    }
  }

  /** Lets a message wait that was read already. */
  public void add(M id, Notification read) {
    waiting.add(new Message<>(id, new ArrayDeque<>(read.hints()), read.newestMillis(), ""));
  }

  /** How many messages wait. */
  public int size() {
    return waiting.size();
  }

  /** What fits into one batch. */
  public Portion<M> take() {
    MergedHints hints = new MergedHints();
    List<M> whole = new ArrayList<>();
    long newest = 0;
    String gap = "";
    while (!waiting.isEmpty() && hints.size() < ChangeBatch.HINTS_MAX) {
      Message<M> message = waiting.peek();
      while (!message.left.isEmpty() && hints.size() < ChangeBatch.HINTS_MAX) {
        hints.add(message.left.poll());
      }
      newest = Math.max(newest, message.newestMillis);
      gap = gap.isEmpty() ? message.gap : gap;
      if (message.left.isEmpty()) {
        whole.add(waiting.poll().id);
      }
    }
    return new Portion<>(hints.take(ChangeBatch.HINTS_MAX), whole, newest, gap);
  }

  /** Takes out the messages that wait, given or not. */
  public List<M> clear() {
    List<M> left = waiting.stream().map(Message::id).toList();
    waiting.clear();
    return left;
  }
}
