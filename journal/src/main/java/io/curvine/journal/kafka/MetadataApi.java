/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataRequestData.MetadataRequestTopic;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseBroker;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponsePartition;
import org.apache.kafka.common.message.MetadataResponseData.MetadataResponseTopic;
import org.apache.kafka.common.protocol.Errors;

/** Who the masters are, and that each topic has one partition, replicated on all. */
final class MetadataApi {
  private static final int NO_LEADER = -1;

  private final Supplier<List<Broker>> brokers;
  private final Topics topics;

  MetadataApi(Supplier<List<Broker>> brokers, Topics topics) {
    this.brokers = brokers;
    this.topics = topics;
  }

  MetadataResponseData answer(MetadataRequestData request, short version) {
    List<Broker> masters = brokers.get();
    int leader =
        masters.stream().filter(Broker::leader).findFirst().map(Broker::id).orElse(NO_LEADER);
    MetadataResponseData answer = new MetadataResponseData().setControllerId(leader);
    for (Broker master : masters) {
      answer
          .brokers()
          .add(
              new MetadataResponseBroker()
                  .setNodeId(master.id())
                  .setHost(master.host())
                  .setPort(master.port()));
    }
    // All topics: version 0 says it by an empty list, later ones by null.
    if (request.topics() == null || (version == 0 && request.topics().isEmpty())) {
      topics.names().forEach(name -> answer.topics().add(known(name, masters, leader)));
      return answer;
    }
    for (MetadataRequestTopic topic : request.topics()) {
      boolean known = topic.name() != null && topics.has(topic.name());
      answer.topics().add(known ? known(topic.name(), masters, leader) : unknown(topic));
    }
    return answer;
  }

  private static MetadataResponseTopic known(String name, List<Broker> masters, int leader) {
    List<Integer> ids = masters.stream().map(Broker::id).toList();
    Errors error = leader == NO_LEADER ? Errors.LEADER_NOT_AVAILABLE : Errors.NONE;
    return new MetadataResponseTopic()
        .setName(name)
        .setPartitions(
            List.of(
                new MetadataResponsePartition()
                    .setErrorCode(error.code())
                    .setPartitionIndex(0)
                    .setLeaderId(leader)
                    .setReplicaNodes(ids)
                    .setIsrNodes(ids)));
  }

  private static MetadataResponseTopic unknown(MetadataRequestTopic topic) {
    boolean byId = !topic.topicId().equals(Uuid.ZERO_UUID);
    return new MetadataResponseTopic()
        .setErrorCode((byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION).code())
        .setTopicId(topic.topicId())
        .setName(Optional.ofNullable(topic.name()).orElse(byId ? null : ""));
  }
}
