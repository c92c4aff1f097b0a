/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.change.ChangeBatch;
import io.curvine.ufs.change.ChangeHint;
import io.curvine.ufs.change.ChangeSource;
import io.curvine.ufs.notify.Events;
import io.curvine.ufs.testing.SqsServer;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** With a real SQS server. */
@Timeout(120)
class SqsChangeSourceTest {
  private static final URI LOCATION = URI.create("s3://b/p");
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static SqsServer server;
  private static SqsAsyncClient client;

  private final List<ChangeSource> sources = new ArrayList<>();
  private final Map<String, String> options = new HashMap<>();
  private String queue;

  @BeforeAll
  static void startServer() throws IOException {
    server = SqsServer.start();
    client = server.client();
  }

  @AfterAll
  static void stopServer() {
    client.close();
    server.close();
  }

  @BeforeEach
  void makeQueue() {
    queue = server.createQueue("events-" + System.nanoTime());
    options.putAll(server.options(queue));
  }

  @AfterEach
  void close() {
    sources.forEach(ChangeSource::close);
  }

  @Test
  void whatWasConfirmedIsGoneAndNothingElse() throws Exception {
    send(Events.created("b", "p/x", "e1"));
    send(Events.sns(Events.removed("b", "p/y")));
    ChangeSource source = open();
    Set<ChangeHint> hints = new HashSet<>();
    while (hints.size() < 2) {
      ChangeBatch batch = source.poll(PATIENCE);
      assertThat(batch.cursor()).isEmpty();
      hints.addAll(batch.hints());
    }
    assertThat(hints)
        .containsExactlyInAnyOrder(new ChangeHint("x", "e1", false), ChangeHint.at("y"));
    source.confirm();
    assertThat(messages()).isZero();

    send(Events.created("b", "p/z", "e2"));
    assertThat(source.poll(PATIENCE).hints()).containsExactly(new ChangeHint("z", "e2", false));
    assertThat(messages()).as("hidden, and still there").isEqualTo(1);
  }

  @Test
  void whatIsNotConfirmedComesAgain() throws Exception {
    options.put("sqs.visibility-timeout", "10s");
    send(Events.created("b", "p/x", "e1"));
    ChangeSource source = open();
    assertThat(source.poll(PATIENCE).hints()).hasSize(1);
    assertThat(source.poll(PATIENCE).hints()).containsExactly(new ChangeHint("x", "e1", false));
    source.confirm();
    assertThat(messages()).isZero();
  }

  @Test
  void closeLetsOthersHaveWhatWasNotConfirmed() throws Exception {
    options.put("sqs.visibility-timeout", "12h");
    send(Events.created("b", "p/x", "e1"));
    ChangeSource first = open();
    assertThat(first.poll(PATIENCE).hints()).hasSize(1);
    first.close();
    assertThat(open().poll(PATIENCE).hints()).containsExactly(new ChangeHint("x", "e1", false));
  }

  @Test
  void manyMessagesComeInFewBatches() throws Exception {
    int count = 3_000;
    sendMany(count);
    ChangeSource source = open();
    Set<String> paths = new HashSet<>();
    long start = System.nanoTime();
    while (paths.size() < count) {
      source.poll(PATIENCE).hints().forEach(hint -> paths.add(hint.path()));
      source.confirm();
    }
    System.out.printf("%d messages in %d ms%n", count, (System.nanoTime() - start) / 1_000_000);
    assertThat(messages()).isZero();
  }

  @Test
  void whatCannotBeReadIsAGapOnceAndThenGone() throws Exception {
    send("no");
    ChangeSource source = open();
    assertThat(source.poll(PATIENCE).gap()).startsWith("a message could not be read: ");
    source.confirm();
    assertThat(messages()).isZero();
  }

  @Test
  void aQueueThatIsMissingIsSaid() throws Exception {
    options.put("sqs.queue", queue + "-none");
    ChangeSource source = open();
    assertThatThrownBy(() -> source.poll(PATIENCE))
        .isInstanceOf(CurvineException.class)
        .hasMessageContaining(queue + "-none")
        .extracting(e -> ((CurvineException) e).code())
        .isEqualTo(ErrorCode.UFS_ERROR);
  }

  @Test
  void aServerThatIsAwayIsSaid() throws Exception {
    options.put("sqs.endpoint", "http://127.0.0.1:1");
    ChangeSource source = open();
    assertThatThrownBy(() -> source.poll(PATIENCE))
        .isInstanceOf(CurvineException.class)
        .extracting(e -> ((CurvineException) e).code())
        .isEqualTo(ErrorCode.UFS_UNREACHABLE);
  }

  @Test
  void closeEndsAPoll() throws Exception {
    ChangeSource source = open();
    CompletableFuture<ChangeBatch> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return source.poll(PATIENCE);
              } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    source.close();
    assertThat(waiting.get(10, TimeUnit.SECONDS).hints()).isEmpty();
  }

  @Test
  void optionsAreChecked() throws Exception {
    options.remove("sqs.queue");
    assertThatThrownBy(this::open).hasMessage("sqs.queue is not given; the source needs it");
    options.put("sqs.queue", "events");
    assertThatThrownBy(this::open)
        .hasMessage("sqs.queue is events; allowed: a URL of http or https");
    options.put("sqs.queue", "https://sqs.eu-west-1.amazonaws.com/123456789012/events");
    SqsSourceConfig ofAws = SqsSourceConfig.parse(options);
    assertThat(ofAws.region()).isEqualTo("eu-west-1");
    assertThat(ofAws.endpoint()).isEmpty();
    options.put("sqs.queue", queue);
    assertThat(SqsSourceConfig.parse(options).endpoint())
        .contains(URI.create(server.endpoint() + "/"));
    options.put("sqs.visibility-timeout", "1s");
    assertThatThrownBy(this::open)
        .hasMessage("sqs.visibility-timeout is 1s; allowed: 10s to 43200s, as 30s, 5m or 2h");
    options.remove("sqs.visibility-timeout");
    options.remove("sqs.secret-key");
    assertThatThrownBy(this::open)
        .hasMessage("sqs.access-key and sqs.secret-key are given together");
  }

  private ChangeSource open() throws IOException {
    ChangeSource source = new SqsChangeSourceProvider().open(LOCATION, options, Optional.empty());
    sources.add(source);
    return source;
  }

  private void send(String body) {
    var unused = client.sendMessage(send -> send.queueUrl(queue).messageBody(body)).join();
  }

  private void sendMany(int count) {
    for (int from = 0; from < count; from += SqsQueue.BATCH_MAX) {
      List<SendMessageBatchRequestEntry> entries = new ArrayList<>();
      for (int i = from; i < from + SqsQueue.BATCH_MAX; i++) {
        entries.add(
            SendMessageBatchRequestEntry.builder()
                .id("" + i)
                .messageBody(Events.created("b", "p/" + i, "e"))
                .build());
      }
      var unused = client.sendMessageBatch(send -> send.queueUrl(queue).entries(entries)).join();
    }
  }

  /** Those that are hidden too. */
  private int messages() {
    Map<QueueAttributeName, String> attributes =
        client
            .getQueueAttributes(get -> get.queueUrl(queue).attributeNames(QueueAttributeName.ALL))
            .join()
            .attributes();
    return Integer.parseInt(attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES))
        + Integer.parseInt(
            attributes.get(QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE));
  }
}
