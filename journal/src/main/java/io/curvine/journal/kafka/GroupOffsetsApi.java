/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.curvine.journal.kafka.group.DeletedOffsets;
import io.curvine.journal.kafka.group.FetchedOffsets;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.journal.kafka.group.GroupLimits;
import io.curvine.journal.kafka.group.Identity;
import io.curvine.protocol.proto.GroupOffset;
import io.curvine.protocol.proto.GroupPartition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestPartition;
import org.apache.kafka.common.message.OffsetCommitRequestData.OffsetCommitRequestTopic;
import org.apache.kafka.common.message.OffsetCommitResponseData;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponsePartition;
import org.apache.kafka.common.message.OffsetCommitResponseData.OffsetCommitResponseTopic;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetDeleteResponseData;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponsePartition;
import org.apache.kafka.common.message.OffsetDeleteResponseData.OffsetDeleteResponseTopic;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData.OffsetFetchRequestGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseGroup;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartition;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponsePartitions;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopic;
import org.apache.kafka.common.message.OffsetFetchResponseData.OffsetFetchResponseTopics;
import org.apache.kafka.common.protocol.Errors;

/** OffsetCommit, OffsetFetch and OffsetDelete in the words of the coordinator. */
final class GroupOffsetsApi {
  private static final int NO_EPOCH = -1;

  /** What is told where nothing was committed. */
  private static final GroupOffset NOTHING =
      GroupOffset.newBuilder().setOffset(-1).setLeaderEpoch(NO_EPOCH).build();

  /** From here on the whole answer has an error of its own. */
  private static final short FETCH_ERROR_VERSION = 2;

  /** From here on it asks for several groups. */
  private static final short FETCH_SEVERAL_VERSION = 8;

  private final GroupCoordinator groups;
  private final BiPredicate<String, Integer> hasPartition;

  GroupOffsetsApi(GroupCoordinator groups, BiPredicate<String, Integer> hasPartition) {
    this.groups = groups;
    this.hasPartition = hasPartition;
  }

  // OffsetCommit.

  CompletableFuture<OffsetCommitResponseData> commit(OffsetCommitRequestData request) {
    List<GroupOffset> offsets = new ArrayList<>();
    for (OffsetCommitRequestTopic topic : request.topics()) {
      for (OffsetCommitRequestPartition partition : topic.partitions()) {
        if (wrong(topic, partition) == Errors.NONE) {
          offsets.add(offset(topic, partition));
        }
      }
    }
    String instance = request.groupInstanceId() == null ? "" : request.groupInstanceId();
    return groups
        .commit(
            request.groupId(),
            new Identity(request.memberId(), instance),
            request.generationIdOrMemberEpoch(),
            offsets)
        .thenApply(error -> committed(request, error));
  }

  private Errors wrong(OffsetCommitRequestTopic topic, OffsetCommitRequestPartition partition) {
    if (!hasPartition.test(topic.name(), partition.partitionIndex())) {
      return Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }
    if (metadata(partition).getBytes(UTF_8).length > GroupLimits.OFFSET_METADATA_MAX_BYTES) {
      return Errors.OFFSET_METADATA_TOO_LARGE;
    }
    return partition.committedOffset() < 0 ? Errors.OFFSET_OUT_OF_RANGE : Errors.NONE;
  }

  private static String metadata(OffsetCommitRequestPartition partition) {
    return partition.committedMetadata() == null ? "" : partition.committedMetadata();
  }

  private static GroupOffset offset(
      OffsetCommitRequestTopic topic, OffsetCommitRequestPartition partition) {
    return GroupOffset.newBuilder()
        .setTopic(topic.name())
        .setPartition(partition.partitionIndex())
        .setOffset(partition.committedOffset())
        .setLeaderEpoch(partition.committedLeaderEpoch())
        .setMetadata(metadata(partition))
        .build();
  }

  private OffsetCommitResponseData committed(OffsetCommitRequestData request, Errors error) {
    OffsetCommitResponseData response = new OffsetCommitResponseData();
    for (OffsetCommitRequestTopic topic : request.topics()) {
      OffsetCommitResponseTopic told = new OffsetCommitResponseTopic().setName(topic.name());
      for (OffsetCommitRequestPartition partition : topic.partitions()) {
        Errors own = wrong(topic, partition);
        told.partitions()
            .add(
                new OffsetCommitResponsePartition()
                    .setPartitionIndex(partition.partitionIndex())
                    .setErrorCode((own == Errors.NONE ? error : own).code()));
      }
      response.topics().add(told);
    }
    return response;
  }

  // OffsetFetch.

  CompletableFuture<OffsetFetchResponseData> fetch(OffsetFetchRequestData request, short version) {
    if (version >= FETCH_SEVERAL_VERSION) {
      return fetchSeveral(request);
    }
    Map<String, List<Integer>> asked = null;
    if (request.topics() != null) {
      Map<String, List<Integer>> named = new TreeMap<>();
      request.topics().forEach(topic -> named.put(topic.name(), topic.partitionIndexes()));
      asked = named;
    }
    Map<String, List<Integer>> wanted = asked;
    return groups
        .offsets(request.groupId())
        .thenApply(fetched -> fetched(wanted, fetched, version));
  }

  private static OffsetFetchResponseData fetched(
      Map<String, List<Integer>> asked, FetchedOffsets fetched, short version) {
    OffsetFetchResponseData response = new OffsetFetchResponseData();
    boolean failed = fetched.error() != Errors.NONE;
    if (failed && version >= FETCH_ERROR_VERSION) {
      return response.setErrorCode(fetched.error().code());
    }
    wanted(asked, fetched)
        .forEach(
            (topic, partitions) -> {
              OffsetFetchResponseTopic told = new OffsetFetchResponseTopic().setName(topic);
              for (int partition : partitions) {
                GroupOffset offset = offset(fetched, topic, partition);
                told.partitions()
                    .add(
                        new OffsetFetchResponsePartition()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(offset.getOffset())
                            .setCommittedLeaderEpoch(offset.getLeaderEpoch())
                            .setMetadata(offset.getMetadata())
                            .setErrorCode(fetched.error().code()));
              }
              response.topics().add(told);
            });
    return response;
  }

  private CompletableFuture<OffsetFetchResponseData> fetchSeveral(OffsetFetchRequestData request) {
    List<CompletableFuture<OffsetFetchResponseGroup>> answers = new ArrayList<>();
    for (OffsetFetchRequestGroup group : request.groups()) {
      answers.add(
          groups
              .offsets(group.groupId())
              .thenApply(fetched -> fetched(group, fetched).setGroupId(group.groupId())));
    }
    return Answers.all(answers).thenApply(all -> new OffsetFetchResponseData().setGroups(all));
  }

  private static OffsetFetchResponseGroup fetched(
      OffsetFetchRequestGroup group, FetchedOffsets fetched) {
    OffsetFetchResponseGroup response = new OffsetFetchResponseGroup();
    if (fetched.error() != Errors.NONE) {
      return response.setErrorCode(fetched.error().code());
    }
    Map<String, List<Integer>> asked = null;
    if (group.topics() != null) {
      Map<String, List<Integer>> named = new TreeMap<>();
      group.topics().forEach(topic -> named.put(topic.name(), topic.partitionIndexes()));
      asked = named;
    }
    wanted(asked, fetched)
        .forEach(
            (topic, partitions) -> {
              OffsetFetchResponseTopics told = new OffsetFetchResponseTopics().setName(topic);
              for (int partition : partitions) {
                GroupOffset offset = offset(fetched, topic, partition);
                told.partitions()
                    .add(
                        new OffsetFetchResponsePartitions()
                            .setPartitionIndex(partition)
                            .setCommittedOffset(offset.getOffset())
                            .setCommittedLeaderEpoch(offset.getLeaderEpoch())
                            .setMetadata(offset.getMetadata()));
              }
              response.topics().add(told);
            });
    return response;
  }

  /** Null asks for everything that was committed. */
  private static Map<String, List<Integer>> wanted(
      Map<String, List<Integer>> asked, FetchedOffsets fetched) {
    if (asked != null) {
      return asked;
    }
    Map<String, List<Integer>> all = new TreeMap<>();
    for (GroupPartition each : fetched.offsets().keySet()) {
      all.computeIfAbsent(each.getTopic(), topic -> new ArrayList<>()).add(each.getPartition());
    }
    return all;
  }

  private static GroupOffset offset(FetchedOffsets fetched, String topic, int partition) {
    return fetched.offsets().getOrDefault(partition(topic, partition), NOTHING);
  }

  // OffsetDelete.

  CompletableFuture<OffsetDeleteResponseData> delete(OffsetDeleteRequestData request) {
    List<GroupPartition> partitions = new ArrayList<>();
    request
        .topics()
        .forEach(
            topic ->
                topic
                    .partitions()
                    .forEach(
                        each -> partitions.add(partition(topic.name(), each.partitionIndex()))));
    return groups
        .deleteOffsets(request.groupId(), partitions)
        .thenApply(deleted -> deleted(partitions, deleted));
  }

  private OffsetDeleteResponseData deleted(List<GroupPartition> asked, DeletedOffsets deleted) {
    OffsetDeleteResponseData response = new OffsetDeleteResponseData();
    if (deleted.error() != Errors.NONE) {
      return response.setErrorCode(deleted.error().code());
    }
    for (GroupPartition each : asked) {
      OffsetDeleteResponseTopic told = response.topics().find(each.getTopic());
      if (told == null) {
        told = new OffsetDeleteResponseTopic().setName(each.getTopic());
        response.topics().add(told);
      }
      Errors error =
          hasPartition.test(each.getTopic(), each.getPartition())
              ? deleted.partitions().get(each)
              : Errors.UNKNOWN_TOPIC_OR_PARTITION;
      told.partitions()
          .add(
              new OffsetDeleteResponsePartition()
                  .setPartitionIndex(each.getPartition())
                  .setErrorCode(error.code()));
    }
    return response;
  }

  private static GroupPartition partition(String topic, int partition) {
    return GroupPartition.newBuilder().setTopic(topic).setPartition(partition).build();
  }
}
