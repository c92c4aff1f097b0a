/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.kafka.KafkaApis.Versions;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.journal.kafka.group.JoinRequest.Client;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.OffsetCommitRequestData;
import org.apache.kafka.common.message.OffsetDeleteRequestData;
import org.apache.kafka.common.message.OffsetFetchRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ApiMessage;

/**
 * The requests about consumer groups, in the classic protocol. Answers come on any thread.
 * Thread-safe.
 */
final class GroupApis {
  /** OffsetCommit and OffsetFetch end at 9: later versions name topics by id. */
  static final Map<ApiKeys, Versions> SERVED =
      Map.ofEntries(
          Map.entry(ApiKeys.FIND_COORDINATOR, new Versions(0, 6)),
          Map.entry(ApiKeys.JOIN_GROUP, new Versions(0, 9)),
          Map.entry(ApiKeys.SYNC_GROUP, new Versions(0, 5)),
          Map.entry(ApiKeys.HEARTBEAT, new Versions(0, 4)),
          Map.entry(ApiKeys.LEAVE_GROUP, new Versions(0, 5)),
          Map.entry(ApiKeys.OFFSET_COMMIT, new Versions(2, 9)),
          Map.entry(ApiKeys.OFFSET_FETCH, new Versions(1, 9)),
          Map.entry(ApiKeys.OFFSET_DELETE, new Versions(0, 0)),
          Map.entry(ApiKeys.LIST_GROUPS, new Versions(0, 4)),
          Map.entry(ApiKeys.DESCRIBE_GROUPS, new Versions(0, 5)),
          Map.entry(ApiKeys.DELETE_GROUPS, new Versions(0, 2)));

  private final FindCoordinatorApi finder;
  private final MembershipApi membership;
  private final GroupOffsetsApi offsets;
  private final GroupAdminApi admin;

  /**
   * @param hasPartition whether offsets of a topic's partition may be committed
   */
  GroupApis(
      Supplier<List<Broker>> brokers,
      GroupCoordinator groups,
      BiPredicate<String, Integer> hasPartition) {
    this.finder = new FindCoordinatorApi(brokers);
    this.membership = new MembershipApi(groups);
    this.offsets = new GroupOffsetsApi(groups, hasPartition);
    this.admin = new GroupAdminApi(groups);
  }

  CompletableFuture<? extends ApiMessage> handle(
      ApiKeys key, short version, ApiMessage request, Client client) {
    return switch (key) {
      case FIND_COORDINATOR ->
          CompletableFuture.completedFuture(
              finder.answer((FindCoordinatorRequestData) request, version));
      case JOIN_GROUP -> membership.join((JoinGroupRequestData) request, version, client);
      case SYNC_GROUP -> membership.sync((SyncGroupRequestData) request);
      case HEARTBEAT -> membership.heartbeat((HeartbeatRequestData) request);
      case LEAVE_GROUP -> membership.leave((LeaveGroupRequestData) request, version);
      case OFFSET_COMMIT -> offsets.commit((OffsetCommitRequestData) request);
      case OFFSET_FETCH -> offsets.fetch((OffsetFetchRequestData) request, version);
      case OFFSET_DELETE -> offsets.delete((OffsetDeleteRequestData) request);
      case LIST_GROUPS -> admin.list((ListGroupsRequestData) request);
      case DESCRIBE_GROUPS -> admin.describe((DescribeGroupsRequestData) request);
      case DELETE_GROUPS -> admin.delete((DeleteGroupsRequestData) request);
      default -> throw new IllegalArgumentException(key + " is not served");
    };
  }
}
