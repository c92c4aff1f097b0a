/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.JournalLog;
import io.curvine.journal.TimedOffset;
import io.curvine.protocol.proto.Event;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsPartition;
import org.apache.kafka.common.message.ListOffsetsRequestData.ListOffsetsTopic;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsPartitionResponse;
import org.apache.kafka.common.message.ListOffsetsResponseData.ListOffsetsTopicResponse;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ListOffsetsRequest;

/**
 * Offsets by time: the earliest, the latest, the newest event's, or the first at or after a time.
 * They are the journal's for each topic: one that does not show the event there goes on at the next
 * that it shows.
 */
final class ListOffsetsApi {
  private static final TimedOffset NONE = new TimedOffset(-1, -1);

  private final Topics topics;
  private final Leadership leadership;
  private final JournalLog log;

  ListOffsetsApi(Topics topics, Leadership leadership) {
    this.topics = topics;
    this.leadership = leadership;
    this.log = topics.journal();
  }

  /** The end is that of the leader: who is not sends the client there. */
  CompletableFuture<ApiMessage> answer(ListOffsetsRequestData request, EventLoop loop) {
    return leadership.answer(loop, leads -> answer(request, leads));
  }

  private ListOffsetsResponseData answer(ListOffsetsRequestData request, boolean leads)
      throws IOException {
    ListOffsetsResponseData answer = new ListOffsetsResponseData();
    for (ListOffsetsTopic topic : request.topics()) {
      ListOffsetsTopicResponse found = new ListOffsetsTopicResponse().setName(topic.name());
      for (ListOffsetsPartition partition : topic.partitions()) {
        found.partitions().add(answer(topic.name(), partition, leads));
      }
      answer.topics().add(found);
    }
    return answer;
  }

  private ListOffsetsPartitionResponse answer(
      String topic, ListOffsetsPartition partition, boolean leads) throws IOException {
    ListOffsetsPartitionResponse answer =
        new ListOffsetsPartitionResponse().setPartitionIndex(partition.partitionIndex());
    if (!topics.has(topic, partition.partitionIndex())) {
      return answer.setErrorCode(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    if (!leads) {
      return answer.setErrorCode(Errors.NOT_LEADER_OR_FOLLOWER.code());
    }
    TimedOffset found = find(partition.timestamp());
    return answer.setOffset(found.offset()).setTimestamp(found.timestampMillis());
  }

  private TimedOffset find(long timestamp) throws IOException {
    if (timestamp == ListOffsetsRequest.EARLIEST_TIMESTAMP) {
      return new TimedOffset(log.startOffset(), NONE.timestampMillis());
    }
    if (timestamp == ListOffsetsRequest.LATEST_TIMESTAMP) {
      return new TimedOffset(log.nextOffset(), NONE.timestampMillis());
    }
    if (timestamp == ListOffsetsRequest.MAX_TIMESTAMP) {
      return newest().orElse(NONE);
    }
    return log.firstAtOrAfter(timestamp).orElse(NONE);
  }

  private Optional<TimedOffset> newest() throws IOException {
    long next = log.nextOffset();
    if (next == log.startOffset()) {
      return Optional.empty();
    }
    List<Event> last = log.read(next - 1, 1).events();
    return Optional.of(
        new TimedOffset(next - 1, TimeUnit.NANOSECONDS.toMillis(last.get(0).getTimeNanos())));
  }
}
