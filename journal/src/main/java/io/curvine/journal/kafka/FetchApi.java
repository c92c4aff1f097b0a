/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.JournalLog;
import io.curvine.journal.LogSlice;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FetchResponseData.FetchableTopicResponse;
import org.apache.kafka.common.message.FetchResponseData.PartitionData;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.BaseRecords;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.requests.FetchMetadata;

/**
 * Record batches from an offset on. A fetch at the journal's end waits for the next event; the
 * least number of bytes that a client asks for is taken as one. There are no fetch sessions: each
 * answer offers none, and clients then name their partitions each time.
 */
final class FetchApi {
  /** However long a client is ready to wait, so that a dead one is noticed. */
  static final int WAIT_MAX_MS = 60_000;

  static final int ANSWER_MAX_BYTES = 64 << 20;

  private final JournalLog log;

  FetchApi(JournalLog log) {
    this.log = log;
  }

  CompletableFuture<ApiMessage> answer(FetchRequestData request, EventLoop loop)
      throws IOException {
    long awaited = awaitedOffset(request);
    int waitMs = Math.min(request.maxWaitMs(), WAIT_MAX_MS);
    if (awaited < 0 || waitMs <= 0 || request.minBytes() <= 0) {
      return CompletableFuture.completedFuture(answerNow(request));
    }
    CompletableFuture<Void> appended = log.onAppend(awaited);
    var timeout = loop.schedule(() -> appended.cancel(false), waitMs, TimeUnit.MILLISECONDS);
    CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
    // Who gives up the answer gives up the wait.
    answer.whenComplete((message, failure) -> appended.cancel(false));
    appended.whenComplete(
        (done, failure) -> {
          timeout.cancel(false);
          loop.execute(() -> complete(answer, request));
        });
    return answer;
  }

  private void complete(CompletableFuture<ApiMessage> answer, FetchRequestData request) {
    if (answer.isDone()) {
      return;
    }
    try {
      answer.complete(answerNow(request));
    } catch (IOException | RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  /**
   * The journal's end where that is all that is asked for, else -1: there is something to say now.
   */
  private long awaitedOffset(FetchRequestData request) {
    if (request.topics().isEmpty() || request.sessionEpoch() > FetchMetadata.INITIAL_EPOCH) {
      return -1;
    }
    long end = log.nextOffset();
    for (FetchTopic topic : request.topics()) {
      for (FetchPartition partition : topic.partitions()) {
        if (!isJournal(topic, partition) || partition.fetchOffset() != end) {
          return -1;
        }
      }
    }
    return end;
  }

  private FetchResponseData answerNow(FetchRequestData request) throws IOException {
    FetchResponseData answer = new FetchResponseData();
    if (request.sessionEpoch() > FetchMetadata.INITIAL_EPOCH) {
      return answer.setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }
    try {
      for (FetchTopic topic : request.topics()) {
        FetchableTopicResponse fetched = new FetchableTopicResponse().setTopic(topic.topic());
        answer.responses().add(fetched);
        for (FetchPartition partition : topic.partitions()) {
          fetched.partitions().add(partition(request, topic, partition));
        }
      }
      return answer;
    } catch (IOException | RuntimeException e) {
      SliceRecords.closeAll(answer);
      throw e;
    }
  }

  private PartitionData partition(
      FetchRequestData request, FetchTopic topic, FetchPartition partition) throws IOException {
    PartitionData data =
        new PartitionData()
            .setPartitionIndex(partition.partition())
            .setHighWatermark(-1)
            .setAbortedTransactions(List.of())
            .setRecords(MemoryRecords.EMPTY);
    if (!isJournal(topic, partition)) {
      return data.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    int maxBytes =
        Math.min(ANSWER_MAX_BYTES, Math.min(request.maxBytes(), partition.partitionMaxBytes()));
    try {
      data.setRecords(records(log.sliceFor(partition.fetchOffset(), Math.max(0, maxBytes))));
    } catch (CurvineException e) {
      if (e.code() != ErrorCode.OFFSET_OUT_OF_RANGE) {
        throw e;
      }
      data.setErrorCode(Errors.OFFSET_OUT_OF_RANGE.code());
    }
    // Read after the slice was taken, so that it is never below what the slice holds.
    long end = log.nextOffset();
    return data.setHighWatermark(end).setLastStableOffset(end).setLogStartOffset(log.startOffset());
  }

  private static BaseRecords records(LogSlice slice) throws IOException {
    if (slice.lengthBytes() == 0) {
      slice.close();
      return MemoryRecords.EMPTY;
    }
    return new SliceRecords(slice);
  }

  private static boolean isJournal(FetchTopic topic, FetchPartition partition) {
    return topic.topic().equals(KafkaFront.TOPIC) && partition.partition() == 0;
  }
}
