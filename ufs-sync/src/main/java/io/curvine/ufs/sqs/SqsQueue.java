/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.sqs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sqs.SqsAsyncClient;
import software.amazon.awssdk.services.sqs.SqsAsyncClientBuilder;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The requests to one queue. Thread-safe. */
final class SqsQueue implements AutoCloseable {
  /** By SQS, of one request. */
  static final int BATCH_MAX = 10;

  /** By SQS, of a request that waits for messages. */
  private static final int WAIT_MAX_SECONDS = 20;

  private static final int CONNECTIONS = 64;
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration SILENCE_MAX = Duration.ofSeconds(30);

  private final String url;
  private final int visibilitySeconds;
  private final SqsAsyncClient client;

  SqsQueue(SqsSourceConfig config) {
    this.url = config.queue().toString();
    this.visibilitySeconds = Math.toIntExact(config.visibilityTimeout().toSeconds());
    SqsAsyncClientBuilder builder =
        SqsAsyncClient.builder()
            .region(Region.of(config.region()))
            .credentialsProvider(credentials(config))
            .httpClientBuilder(
                NettyNioAsyncHttpClient.builder()
                    .maxConcurrency(CONNECTIONS)
                    .connectionTimeout(CONNECT_TIMEOUT)
                    .readTimeout(SILENCE_MAX)
                    .writeTimeout(SILENCE_MAX));
    config.endpoint().ifPresent(builder::endpointOverride);
    this.client = builder.build();
  }

  private static AwsCredentialsProvider credentials(SqsSourceConfig config) {
    if (config.accessKey().isEmpty()) {
      return DefaultCredentialsProvider.builder().build();
    }
    return StaticCredentialsProvider.create(
        config.sessionToken().isEmpty()
            ? AwsBasicCredentials.create(config.accessKey(), config.secretKey())
            : AwsSessionCredentials.create(
                config.accessKey(), config.secretKey(), config.sessionToken()));
  }

  /** Up to {@value #BATCH_MAX} messages, which are hidden from others for a while. */
  CompletableFuture<List<Message>> receive() {
    return client
        .receiveMessage(
            receive ->
                receive
                    .queueUrl(url)
                    .maxNumberOfMessages(BATCH_MAX)
                    .waitTimeSeconds(WAIT_MAX_SECONDS)
                    .visibilityTimeout(visibilitySeconds))
        .thenApply(answer -> answer.messages());
  }

  /**
   * Deletes messages.
   *
   * @param receipts at most {@value #BATCH_MAX}
   * @return those that the server could not delete now, through no fault of ours; a receipt that is
   *     no good any more is none of them: its message comes again
   */
  CompletableFuture<List<String>> delete(List<String> receipts) {
    List<DeleteMessageBatchRequestEntry> entries = new ArrayList<>();
    for (String receipt : receipts) {
      entries.add(
          DeleteMessageBatchRequestEntry.builder()
              .id(String.valueOf(entries.size()))
              .receiptHandle(receipt)
              .build());
    }
    return client
        .deleteMessageBatch(delete -> delete.queueUrl(url).entries(entries))
        .thenApply(
            answer ->
                answer.failed().stream()
                    .filter(failed -> !failed.senderFault())
                    .map(BatchResultErrorEntry::id)
                    .map(id -> receipts.get(Integer.parseInt(id)))
                    .toList());
  }

  /**
   * Lets others receive messages at once.
   *
   * @param receipts at most {@value #BATCH_MAX}
   */
  CompletableFuture<Void> release(List<String> receipts) {
    List<ChangeMessageVisibilityBatchRequestEntry> entries = new ArrayList<>();
    for (String receipt : receipts) {
      entries.add(
          ChangeMessageVisibilityBatchRequestEntry.builder()
              .id(String.valueOf(entries.size()))
              .receiptHandle(receipt)
              .visibilityTimeout(0)
              .build());
    }
    return client
        .changeMessageVisibilityBatch(change -> change.queueUrl(url).entries(entries))
        .thenAccept(answer -> {});
  }

  /** About how many messages wait. */
  CompletableFuture<Long> waiting() {
    QueueAttributeName name = QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES;
    return client
        .getQueueAttributes(get -> get.queueUrl(url).attributeNames(name))
        .thenApply(answer -> Long.valueOf(answer.attributes().get(name)));
  }

  @Override
  public void close() {
    client.close();
  }
}
