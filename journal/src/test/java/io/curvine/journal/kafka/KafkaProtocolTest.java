/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.journal.StoredEvent;
import io.curvine.journal.TestEvents;
import io.curvine.journal.kafka.group.FakeGroupJournal;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ApiVersionsResponseData;
import org.apache.kafka.common.message.FetchRequestData;
import org.apache.kafka.common.message.FetchResponseData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.ListOffsetsRequestData;
import org.apache.kafka.common.message.ListOffsetsResponseData;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.message.MetadataResponseData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceResponseData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every request in every version that is offered, byte by byte over a socket. */
@Timeout(60)
class KafkaProtocolTest {
  private static final List<Broker> BROKERS =
      List.of(new Broker(0, "a", 9195, false), new Broker(2, "c", 9197, true));

  @TempDir Path dir;

  private JournalLog log;
  private GroupCoordinator groups;
  private KafkaFront front;
  private Wire wire;
  private List<Broker> brokers = BROKERS;

  @BeforeEach
  void start() throws Exception {
    log = JournalLog.open(dir, JournalConfig.defaults());
    log.append(0, StoredEvent.all(TestEvents.events(0, 10)));
    log.append(10, StoredEvent.all(TestEvents.events(10, 20)));
    groups =
        new GroupCoordinator(
            new FakeGroupJournal(), Duration.ofDays(7), System::nanoTime, System::nanoTime);
    front =
        KafkaFront.start(
            new HostPort("127.0.0.1", 0), () -> brokers, new Topics(log, Map.of()), groups);
    connect();
  }

  private void connect() throws IOException {
    wire = new Wire(front.port());
  }

  @AfterEach
  void stop() throws Exception {
    wire.close();
    front.close();
    groups.close();
    log.close();
  }

  private void send(ApiKeys key, int version, int correlationId, ApiMessage request)
      throws IOException {
    wire.send(key, version, correlationId, request);
  }

  private <T extends ApiMessage> T receive(ApiKeys key, int version, int correlationId, T into)
      throws IOException {
    return wire.receive(key, version, correlationId, into);
  }

  private <T extends ApiMessage> T call(ApiKeys key, int version, ApiMessage request, T into)
      throws IOException {
    return wire.call(key, version, request, into);
  }

  @Test
  void apiVersions() throws Exception {
    for (int version = 0; version <= 4; version++) {
      var request =
          new ApiVersionsRequestData().setClientSoftwareName("x").setClientSoftwareVersion("1");
      var answer = call(ApiKeys.API_VERSIONS, version, request, new ApiVersionsResponseData());
      assertThat(answer.errorCode()).isZero();
      var fetch = answer.apiKeys().find(ApiKeys.FETCH.id);
      assertThat(fetch.minVersion()).isEqualTo((short) 4);
      assertThat(fetch.maxVersion()).isEqualTo((short) 12);
    }
    send(ApiKeys.API_VERSIONS, 99, 5, new ApiVersionsRequestData().setClientSoftwareName("x"));
    var answer = receive(ApiKeys.API_VERSIONS, 0, 5, new ApiVersionsResponseData());
    assertThat(answer.errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
    assertThat(answer.apiKeys()).hasSize(16);
  }

  @Test
  void metadata() throws Exception {
    for (int version = 0; version <= 12; version++) {
      var all = new MetadataRequestData().setTopics(version == 0 ? List.of() : null);
      var answer = call(ApiKeys.METADATA, version, all, new MetadataResponseData());
      assertThat(answer.brokers()).hasSize(2);
      assertThat(answer.brokers().find(2).port()).isEqualTo(9197);
      var topic = answer.topics().find(Topics.JOURNAL);
      assertThat(topic.errorCode()).isZero();
      assertThat(topic.partitions()).hasSize(1);
      assertThat(topic.partitions().get(0).leaderId()).isEqualTo(2);
      assertThat(topic.partitions().get(0).replicaNodes()).containsExactly(0, 2);

      var other =
          new MetadataRequestData()
              .setTopics(List.of(new MetadataRequestData.MetadataRequestTopic().setName("other")));
      answer = call(ApiKeys.METADATA, version, other, new MetadataResponseData());
      assertThat(answer.topics().find("other").errorCode())
          .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
  }

  @Test
  void metadataWithoutALeader() throws Exception {
    brokers = List.of(new Broker(0, "a", 9195, false));
    for (int version = 1; version <= 12; version++) {
      var answer =
          call(
              ApiKeys.METADATA,
              version,
              new MetadataRequestData().setTopics(null),
              new MetadataResponseData());
      assertThat(answer.topics().find(Topics.JOURNAL).partitions().get(0).errorCode())
          .isEqualTo(Errors.LEADER_NOT_AVAILABLE.code());
    }
  }

  @Test
  void listOffsets() throws Exception {
    for (int version = 1; version <= 7; version++) {
      assertThat(listOffset(version, Topics.JOURNAL, -1).offset()).isEqualTo(20);
      assertThat(listOffset(version, Topics.JOURNAL, -2).offset()).isZero();
      assertThat(listOffset(version, Topics.JOURNAL, 13).offset()).isEqualTo(13);
      assertThat(listOffset(version, Topics.JOURNAL, 20).offset()).isEqualTo(-1);
      assertThat(listOffset(version, "other", -1).errorCode())
          .isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
    }
    var newest = listOffset(7, Topics.JOURNAL, -3);
    assertThat(newest.offset()).isEqualTo(19);
    assertThat(newest.timestamp()).isEqualTo(19);
  }

  private ListOffsetsResponseData.ListOffsetsPartitionResponse listOffset(
      int version, String topic, long timestamp) throws IOException {
    var partition = new ListOffsetsRequestData.ListOffsetsPartition().setTimestamp(timestamp);
    var request =
        new ListOffsetsRequestData()
            .setReplicaId(-1)
            .setTopics(
                List.of(
                    new ListOffsetsRequestData.ListOffsetsTopic()
                        .setName(topic)
                        .setPartitions(List.of(partition))));
    return call(ApiKeys.LIST_OFFSETS, version, request, new ListOffsetsResponseData())
        .topics()
        .get(0)
        .partitions()
        .get(0);
  }

  private static FetchRequestData fetchRequest(String topic, long offset, int maxWaitMs) {
    return new FetchRequestData()
        .setReplicaId(-1)
        .setMaxWaitMs(maxWaitMs)
        .setMinBytes(1)
        .setTopics(
            List.of(
                new FetchRequestData.FetchTopic()
                    .setTopic(topic)
                    .setPartitions(
                        List.of(
                            new FetchRequestData.FetchPartition()
                                .setFetchOffset(offset)
                                .setPartitionMaxBytes(1)))));
  }

  private static FetchResponseData.PartitionData only(FetchResponseData answer) {
    return answer.responses().get(0).partitions().get(0);
  }

  @Test
  void fetch() throws Exception {
    for (int version = 4; version <= 12; version++) {
      var data =
          only(
              call(
                  ApiKeys.FETCH,
                  version,
                  fetchRequest(Topics.JOURNAL, 15, 0),
                  new FetchResponseData()));
      assertThat(data.errorCode()).isZero();
      assertThat(data.highWatermark()).isEqualTo(20);
      // The whole batch, though one byte was asked for, and though it begins before the offset.
      long offset = 10;
      for (Record record : ((MemoryRecords) data.records()).records()) {
        assertThat(Event.parseFrom(record.value())).isEqualTo(TestEvents.event(offset));
        assertThat(record.offset()).isEqualTo(offset++);
      }
      assertThat(offset).isEqualTo(20);
      for (long outside : new long[] {-1, 21}) {
        data =
            only(
                call(
                    ApiKeys.FETCH,
                    version,
                    fetchRequest(Topics.JOURNAL, outside, 100),
                    new FetchResponseData()));
        assertThat(data.errorCode()).isEqualTo(Errors.OFFSET_OUT_OF_RANGE.code());
      }
      data =
          only(
              call(ApiKeys.FETCH, version, fetchRequest("other", 0, 100), new FetchResponseData()));
      assertThat(data.errorCode()).isEqualTo(Errors.UNKNOWN_TOPIC_OR_PARTITION.code());
      data =
          only(
              call(
                  ApiKeys.FETCH,
                  version,
                  fetchRequest(Topics.JOURNAL, 20, 5),
                  new FetchResponseData()));
      assertThat(data.errorCode()).isZero();
      assertThat(data.records().sizeInBytes()).isZero();
    }
  }

  @Test
  void answersInOrderThoughTheFirstWaits() throws Exception {
    send(ApiKeys.FETCH, 12, 1, fetchRequest(Topics.JOURNAL, 20, 30_000));
    send(ApiKeys.METADATA, 12, 2, new MetadataRequestData().setTopics(null));
    log.append(20, StoredEvent.all(TestEvents.events(20, 21)));
    var fetched = only(receive(ApiKeys.FETCH, 12, 1, new FetchResponseData()));
    assertThat(fetched.records().sizeInBytes()).isPositive();
    receive(ApiKeys.METADATA, 12, 2, new MetadataResponseData());
  }

  @Test
  void produceIsRefused() throws Exception {
    for (int version = 3; version <= 9; version++) {
      ProduceResponseData answer =
          call(ApiKeys.PRODUCE, version, produce((short) -1), new ProduceResponseData());
      assertThat(answer.responses().iterator().next().partitionResponses().get(0).errorCode())
          .isEqualTo(Errors.TOPIC_AUTHORIZATION_FAILED.code());
    }
    send(ApiKeys.PRODUCE, 9, 1, produce((short) 0));
    assertThat(wire.read()).as("disconnected").isEqualTo(-1);
  }

  private static ProduceRequestData produce(short acks) {
    var topics = new ProduceRequestData.TopicProduceDataCollection();
    topics.add(
        new ProduceRequestData.TopicProduceData()
            .setName(Topics.JOURNAL)
            .setPartitionData(
                List.of(
                    new ProduceRequestData.PartitionProduceData()
                        .setRecords(MemoryRecords.EMPTY))));
    return new ProduceRequestData().setAcks(acks).setTimeoutMs(1000).setTopicData(topics);
  }

  @Test
  void theLeaderCoordinatesGroups() throws Exception {
    for (int version = 0; version <= 6; version++) {
      var found = coordinator(version, 0);
      assertThat(found.errorCode()).isZero();
      assertThat(found.nodeId()).isEqualTo(2);
      assertThat(found.host()).isEqualTo("c");
      assertThat(found.port()).isEqualTo(9197);
      if (version > 0) {
        assertThat(coordinator(version, 1).errorCode())
            .as("of transactions")
            .isEqualTo(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED.code());
        assertThat(coordinator(version, 9).errorCode()).isEqualTo(Errors.INVALID_REQUEST.code());
      }
    }
    brokers = List.of(new Broker(0, "a", 9195, false));
    for (int version = 0; version <= 6; version++) {
      assertThat(coordinator(version, 0).errorCode())
          .isEqualTo(Errors.COORDINATOR_NOT_AVAILABLE.code());
    }
  }

  private FindCoordinatorResponseData.Coordinator coordinator(int version, int keyType)
      throws IOException {
    var request = new FindCoordinatorRequestData().setKeyType((byte) keyType);
    if (version < 4) {
      request.setKey("g");
    } else {
      request.setCoordinatorKeys(List.of("g"));
    }
    var answer =
        call(ApiKeys.FIND_COORDINATOR, version, request, new FindCoordinatorResponseData());
    return version < 4
        ? new FindCoordinatorResponseData.Coordinator()
            .setErrorCode(answer.errorCode())
            .setNodeId(answer.nodeId())
            .setHost(answer.host())
            .setPort(answer.port())
        : answer.coordinators().get(0);
  }

  @Test
  void whatIsNotServedEndsTheConnection() throws Exception {
    wire.write(new byte[] {0, 0, 0, 8, 0, 22, 0, 0, 0, 0, 0, 1}); // InitProducerId
    assertThat(wire.read()).isEqualTo(-1);
    connect();
    wire.write(new byte[] {0, 0, 0, 2, 0, 3}); // cut short
    assertThat(wire.read()).isEqualTo(-1);
    connect();
    wire.write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    assertThat(wire.read()).isEqualTo(-1);
  }
}
