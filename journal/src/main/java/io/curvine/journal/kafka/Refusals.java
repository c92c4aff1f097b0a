/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.message.ProduceResponseData.PartitionProduceResponse;
import org.apache.kafka.common.message.ProduceResponseData.TopicProduceResponse;
import org.apache.kafka.common.protocol.Errors;

/** Answers to what Kafka clients may ask and do not get here. */
final class Refusals {
  private static final int NO_NODE = -1;

  /** The version of FindCoordinator from which on it asks for several at once. */
  private static final short FIND_SEVERAL_VERSION = 4;

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

  /** There are no consumer groups. */
  static FindCoordinatorResponseData findCoordinator(
      FindCoordinatorRequestData request, short version) {
    Errors error = Errors.COORDINATOR_NOT_AVAILABLE;
    FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
    if (version < FIND_SEVERAL_VERSION) {
      return answer
          .setErrorCode(error.code())
          .setErrorMessage(error.message())
          .setNodeId(NO_NODE)
          .setPort(NO_NODE);
    }
    for (String key : request.coordinatorKeys()) {
      answer
          .coordinators()
          .add(
              new Coordinator()
                  .setKey(key)
                  .setErrorCode(error.code())
                  .setErrorMessage(error.message())
                  .setNodeId(NO_NODE)
                  .setPort(NO_NODE));
    }
    return answer;
  }
}
