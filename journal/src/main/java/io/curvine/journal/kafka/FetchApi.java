/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.FeedLog;
import io.curvine.journal.LogSlice;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.ArrayList;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Record batches from an offset on. A fetch for which there are fewer bytes than it wants at least
 * waits for more. There are no fetch sessions: each answer offers none, and clients then name their
 * partitions each time.
 */
final class FetchApi {
  /** However long a client is ready to wait, so that a dead one is noticed. */
  static final int WAIT_MAX_MS = 60_000;

  static final int ANSWER_MAX_BYTES = 64 << 20;

  private static final Logger LOG = LoggerFactory.getLogger(FetchApi.class);

  private final Topics topics;
  private final Leadership leadership;

  FetchApi(Topics topics, Leadership leadership) {
    this.topics = topics;
    this.leadership = leadership;
  }

  CompletableFuture<ApiMessage> answer(FetchRequestData request, EventLoop loop)
      throws IOException {
    int waitMs = Math.min(request.maxWaitMs(), WAIT_MAX_MS);
    if (isPastTheEnd(request)) {
      // The position may be right, and this master behind: only a leader knows that there is no
      // such
      // offset, and others send the client to it.
      return leadership.answer(loop, leads -> answerNow(request, leads));
    }
    if (waitMs <= 0 || isEnough(request)) {
      return CompletableFuture.completedFuture(answerNow(request, true));
    }
    Wait wait = new Wait(request, loop);
    var timeout = loop.schedule(wait::answer, waitMs, TimeUnit.MILLISECONDS);
    wait.answer.whenComplete((message, failure) -> timeout.cancel(false));
    wait.listen();
    return wait.answer;
  }

  private boolean isPastTheEnd(FetchRequestData request) {
    for (FetchTopic topic : request.topics()) {
      for (FetchPartition partition : topic.partitions()) {
        if (topics.has(topic.topic(), partition.partition())
            && partition.fetchOffset() > topics.log(topic.topic()).nextOffset()) {
          return true;
        }
      }
    }
    return false;
  }

  /** A fetch that waits for bytes; all on its connection's event loop. */
  private final class Wait {
    private final FetchRequestData request;
    private final EventLoop loop;
    private final CompletableFuture<ApiMessage> answer = new CompletableFuture<>();
    private List<CompletableFuture<Void>> appended = List.of();

    Wait(FetchRequestData request, EventLoop loop) {
      this.request = request;
      this.loop = loop;
      // Who gives up the answer gives up the wait.
      answer.whenComplete((message, failure) -> stopListening());
    }

    private void stopListening() {
      appended.forEach(each -> each.cancel(false));
    }

    /** Looks again once any of its partitions has grown. */
    void listen() {
      stopListening();
      try {
        appended = futures();
      } catch (IOException e) {
        answer(); // It says what is wrong.
        return;
      }
      CompletableFuture.anyOf(appended.toArray(CompletableFuture<?>[]::new))
          .whenComplete((done, failure) -> loop.execute(() -> grown(failure != null)));
      // What came between the last look and these.
      if (isEnough(request)) {
        answer();
      }
    }

    private List<CompletableFuture<Void>> futures() throws IOException {
      List<CompletableFuture<Void>> futures = new ArrayList<>();
      for (FetchTopic topic : request.topics()) {
        FeedLog log = topics.log(topic.topic());
        for (FetchPartition partition : topic.partitions()) {
          futures.add(log.onAppend(log.aheadOf(partition.fetchOffset()).endOffset()));
        }
      }
      return futures;
    }

    private void grown(boolean ended) {
      if (answer.isDone()) {
        return;
      }
      if (ended || isEnough(request)) {
        answer();
      } else {
        listen();
      }
    }

    void answer() {
      if (answer.isDone()) {
        return;
      }
      try {
        answer.complete(answerNow(request, true));
      } catch (IOException | RuntimeException e) {
        answer.completeExceptionally(e);
      }
    }
  }

  /** Whether there is something to say now. */
  private boolean isEnough(FetchRequestData request) {
    if (request.topics().isEmpty() || request.sessionEpoch() > FetchMetadata.INITIAL_EPOCH) {
      return true;
    }
    long bytes = 0;
    for (FetchTopic topic : request.topics()) {
      for (FetchPartition partition : topic.partitions()) {
        if (!topics.has(topic.topic(), partition.partition())) {
          return true;
        }
        try {
          long ahead = topics.log(topic.topic()).aheadOf(partition.fetchOffset()).bytes();
          if (ahead == Long.MAX_VALUE) {
            return true; // Waiting brings no more.
          }
          bytes += Math.min(ahead, partition.partitionMaxBytes());
        } catch (IOException e) {
          return true; // The answer says what is wrong.
        }
      }
    }
    return bytes >= Math.min(request.minBytes(), request.maxBytes());
  }

  /**
   * @param leads whether this master knows where the journal ends
   */
  private FetchResponseData answerNow(FetchRequestData request, boolean leads) throws IOException {
    FetchResponseData answer = new FetchResponseData();
    if (request.sessionEpoch() > FetchMetadata.INITIAL_EPOCH) {
      return answer.setErrorCode(Errors.FETCH_SESSION_ID_NOT_FOUND.code());
    }
    int bytes = 0;
    try {
      for (FetchTopic topic : request.topics()) {
        FetchableTopicResponse fetched = new FetchableTopicResponse().setTopic(topic.topic());
        answer.responses().add(fetched);
        for (FetchPartition partition : topic.partitions()) {
          PartitionData data = partition(request, topic, partition, bytes, leads);
          bytes += data.records().sizeInBytes();
          fetched.partitions().add(data);
        }
      }
      return answer;
    } catch (IOException | RuntimeException e) {
      SliceRecords.closeAll(answer);
      throw e;
    }
  }

  /**
   * @param before bytes of the partitions that were answered before it
   */
  private PartitionData partition(
      FetchRequestData request,
      FetchTopic topic,
      FetchPartition partition,
      int before,
      boolean leads)
      throws IOException {
    PartitionData data =
        new PartitionData()
            .setPartitionIndex(partition.partition())
            .setHighWatermark(-1)
            .setAbortedTransactions(List.of())
            .setRecords(MemoryRecords.EMPTY);
    if (!topics.has(topic.topic(), partition.partition())) {
      return data.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    FeedLog log = topics.log(topic.topic());
    if (!leads && partition.fetchOffset() > log.nextOffset()) {
      return data.setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code());
    }
    int left = Math.max(0, Math.min(request.maxBytes(), ANSWER_MAX_BYTES) - before);
    if (left > 0 || before == 0) {
      try {
        int most = Math.max(0, Math.min(left, partition.partitionMaxBytes()));
        data.setRecords(records(log.sliceFor(partition.fetchOffset(), most)));
      } catch (IOException e) {
        data.setErrorCode(error(topic.topic(), partition.fetchOffset(), e).code());
      }
    }
    // Read after the slice was taken, so that it is never below what the slice holds.
    long end = log.nextOffset();
    return data.setHighWatermark(end).setLastStableOffset(end).setLogStartOffset(log.startOffset());
  }

  private static Errors error(String topic, long offset, IOException failure) {
    if (failure instanceof CurvineException told && told.code() == ErrorCode.OFFSET_OUT_OF_RANGE) {
      return Errors.OFFSET_OUT_OF_RANGE;
    }
    LOG.warn("cannot read {} at offset {}: {}", topic, offset, failure.toString());
    return Errors.KAFKA_STORAGE_ERROR;
  }

  private static BaseRecords records(LogSlice slice) throws IOException {
    if (slice.lengthBytes() == 0) {
      slice.close();
      return MemoryRecords.EMPTY;
    }
    return new SliceRecords(slice);
  }
}
