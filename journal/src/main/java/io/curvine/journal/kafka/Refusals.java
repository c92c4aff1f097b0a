/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/** Answers to what Kafka clients may ask and do not get here. */
final class Refusals {
  private Refusals() {}

  /**
   * Only the masters write. Null where the producer wants no answer: it is disconnected instead.
   */
  static ProduceResponseData produce(ProduceRequestData request) {
    if (request.acks() == 0) {
      return null;
    }
    ProduceResponseData answer = new ProduceResponseData();
    for (TopicProduceData topic : request.topicData()) {
      TopicProduceResponse refused = new TopicProduceResponse().setName(topic.name());
      for (PartitionProduceData partition : topic.partitionData()) {
        refused
            .partitionResponses()
            .add(
                new PartitionProduceResponse()
                    .setIndex(partition.index())
                    .setErrorCode(Errors.TOPIC_AUTHORIZATION_FAILED.code())
                    .setErrorMessage("topics of Curvine are read-only")
                    .setBaseOffset(-1));
      }
      answer.responses().add(refused);
    }
    return answer;
  }
}
