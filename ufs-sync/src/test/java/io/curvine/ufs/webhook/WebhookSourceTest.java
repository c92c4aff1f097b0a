/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.notify.Events;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WebhookSourceTest {
  private static final String TOKEN = "0123456789abcdef";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void anAnswerIsGivenWhenTheHintsWereConfirmed() throws Exception {
    try (WebhookSource source = open("10")) {
      CompletableFuture<Void> first = source.offer(created("x"));
      CompletableFuture<Void> second = source.offer(created("y"));
      assertThat(source.poll(PATIENCE).hints())
          .containsExactly(new ChangeHint("x", "e", false), new ChangeHint("y", "e", false));
      CompletableFuture<Void> later = source.offer(created("z"));
      assertThat(first).isNotDone();
      source.confirm();
      assertThat(first).isCompleted();
      assertThat(second).isCompleted();
      assertThat(later).as("not given yet").isNotDone();
      assertThat(source.poll(PATIENCE).cursor()).isEmpty();
      source.confirm();
      assertThat(later).isCompleted();
    }
  }

  @Test
  void aLongMessageIsConfirmedWithItsLastHint() throws Exception {
    String many =
        Events.records(
            IntStream.range(0, ChangeBatch.HINTS_MAX + 1)
                .mapToObj(i -> Events.record("ceph:s3", "ObjectCreated:Put", "b", "p/" + i, "e"))
                .toList());
    try (WebhookSource source = open("10")) {
      CompletableFuture<Void> answer = source.offer(many.getBytes(UTF_8));
      assertThat(source.poll(PATIENCE).hints()).hasSize(ChangeBatch.HINTS_MAX);
      source.confirm();
      assertThat(answer).isNotDone();
      assertThat(source.poll(PATIENCE).hints()).hasSize(1);
      source.confirm();
      assertThat(answer).isCompleted();
    }
  }

  @Test
  void aFullQueueIsBusyUntilWhatWaitsIsConfirmed() throws Exception {
    try (WebhookSource source = open("2")) {
      List<CompletableFuture<Void>> taken =
          List.of(source.offer(created("x")), source.offer(created("y")));
      assertThat(code(source.offer(created("z")))).isEqualTo(ErrorCode.BUSY);
      assertThat(source.poll(PATIENCE).hints()).hasSize(2);
      assertThat(code(source.offer(created("z")))).isEqualTo(ErrorCode.BUSY);
      source.confirm();
      assertThat(taken).allMatch(CompletableFuture::isDone);
      assertThat(source.offer(created("z"))).isNotDone();
    }
  }

  @Test
  void whatIsNoNotificationIsRefusedAndWhatIsElsewhereIsDone() throws Exception {
    try (WebhookSource source = open("1")) {
      assertThat(code(source.offer("no".getBytes(UTF_8)))).isEqualTo(ErrorCode.INVALID_ARGUMENT);
      assertThat(source.offer(Events.created("other", "x", "e").getBytes(UTF_8))).isCompleted();
      assertThat(source.poll(Duration.ZERO).gap()).isEmpty();
    }
  }

  @Test
  void closeFailsWhatWaitsAndEndsAPoll() throws Exception {
    WebhookSource source = open("10");
    CompletableFuture<Void> given = source.offer(created("x"));
    assertThat(source.poll(PATIENCE).hints()).hasSize(1);
    CompletableFuture<ChangeBatch> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return source.poll(PATIENCE);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    source.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS).hints()).isEmpty();
    assertThat(code(given)).isEqualTo(ErrorCode.NOT_READY);
    assertThat(code(source.offer(created("y")))).isEqualTo(ErrorCode.NOT_READY);
  }

  @Test
  void onlyTheTokenIsAuthorised() throws Exception {
    try (WebhookSource source = open("10")) {
      assertThat(source.authorised(TOKEN)).isTrue();
      assertThat(source.authorised("")).isFalse();
      assertThat(source.authorised(TOKEN + "0")).isFalse();
      assertThat(source.authorised("0123456789abcdeF")).isFalse();
    }
  }

  @Test
  void optionsAreChecked() {
    WebhookSourceProvider provider = new WebhookSourceProvider();
    assertThatThrownBy(() -> provider.open(URI.create("s3://b"), Map.of(), Optional.empty()))
        .hasMessage("webhook.token is not given; the source needs it");
    assertThatThrownBy(
            () ->
                provider.open(
                    URI.create("s3://b"), Map.of("webhook.token", "short"), Optional.empty()))
        .hasMessage("webhook.token has 5 characters; allowed: 16 or more");
    assertThatThrownBy(() -> open("0")).hasMessage("webhook.queue is 0; allowed: 1 to 1000000");
    assertThat(provider.secretOptions()).containsExactly("webhook.token");
  }

  private static WebhookSource open(String queue) throws IOException {
    return new WebhookSourceProvider()
        .open(
            URI.create("s3://b/p"),
            Map.of("webhook.token", TOKEN, "webhook.queue", queue),
            Optional.empty());
  }

  private static byte[] created(String path) {
    return Events.created("b", "p/" + path, "e").getBytes(UTF_8);
  }

  private static ErrorCode code(CompletableFuture<Void> failed) throws InterruptedException {
    try {
      var unused = failed.get(10, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      return ((CurvineException) e.getCause()).code();
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
    throw new AssertionError("it did not fail");
  }
}
