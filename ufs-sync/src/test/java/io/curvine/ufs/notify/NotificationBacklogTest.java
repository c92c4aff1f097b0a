/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.notify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.notify.NotificationBacklog.Portion;
import java.net.URI;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class NotificationBacklogTest {
  private NotificationBacklog<Integer> backlog;

  @BeforeEach
  void open() throws Exception {
    backlog = new NotificationBacklog<>(BucketNotifications.of(URI.create("s3://b")), "test");
  }

  @Test
  void messagesAreGivenTogether() {
    backlog.add(1, Events.created("b", "x", "e1").getBytes(UTF_8));
    backlog.add(2, Events.created("c", "x", "e1").getBytes(UTF_8));
    backlog.add(3, Events.created("b", "y", "e2").getBytes(UTF_8));
    Portion<Integer> portion = backlog.take();
    assertThat(portion.hints())
        .containsExactly(new ChangeHint("x", "e1", false), new ChangeHint("y", "e2", false));
    assertThat(portion.whole()).containsExactly(1, 2, 3);
    assertThat(portion.gap()).isEmpty();
    assertThat(backlog.size()).isZero();
  }

  @Test
  void hintsOfOnePathAreMerged() {
    backlog.add(1, Events.created("b", "x", "e1").getBytes(UTF_8));
    backlog.add(2, Events.created("b", "x", "e1").getBytes(UTF_8));
    assertThat(backlog.take().hints()).containsExactly(new ChangeHint("x", "e1", false));
    backlog.add(1, Events.created("b", "x", "e1").getBytes(UTF_8));
    backlog.add(2, Events.created("b", "x", "e2").getBytes(UTF_8));
    assertThat(backlog.take().hints())
        .as("nobody knows which is the newer one")
        .containsExactly(ChangeHint.at("x"));
  }

  @Test
  void aLongMessageCountsWithItsLastHint() {
    List<ChangeHint> many =
        IntStream.range(0, ChangeBatch.HINTS_MAX + 1).mapToObj(i -> ChangeHint.at("" + i)).toList();
    backlog.add(1, new Notification(many, 7));
    backlog.add(2, new Notification(List.of(ChangeHint.at("last")), 9));
    Portion<Integer> first = backlog.take();
    assertThat(first.hints()).hasSize(ChangeBatch.HINTS_MAX);
    assertThat(first.whole()).isEmpty();
    assertThat(first.newestMillis()).isEqualTo(7);
    Portion<Integer> second = backlog.take();
    assertThat(second.hints()).hasSize(2);
    assertThat(second.whole()).containsExactly(1, 2);
    assertThat(second.newestMillis()).isEqualTo(9);
  }

  @Test
  void whatCannotBeReadIsAGap() {
    backlog.add(1, "no".getBytes(UTF_8));
    Portion<Integer> portion = backlog.take();
    assertThat(portion.gap()).startsWith("a message could not be read: it is not JSON");
    assertThat(portion.whole()).containsExactly(1);
    assertThat(portion.hints()).isEmpty();
  }

  @Test
  void theLogSaysItOnceInAWhile() {
    AtomicLong now = new AtomicLong(-5);
    UnreadMessages unread = new UnreadMessages("test", now::get);
    for (int i = 0; i < 1_000; i++) {
      unread.add("why");
    }
    assertThat(unread.logged()).isEqualTo(1);
    now.addAndGet(TimeUnit.MINUTES.toNanos(1));
    unread.add("why");
    assertThat(unread.logged()).isEqualTo(2);
    assertThat(unread.count()).isEqualTo(1_001);
  }
}
