/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import io.curvine.journal.kafka.group.Described;
import io.curvine.journal.kafka.group.DescribedGroup;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.journal.kafka.group.ListedGroups;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.DeleteGroupsRequestData;
import org.apache.kafka.common.message.DeleteGroupsResponseData;
import org.apache.kafka.common.message.DeleteGroupsResponseData.DeletableGroupResult;
import org.apache.kafka.common.message.DescribeGroupsRequestData;
import org.apache.kafka.common.message.DescribeGroupsResponseData;
import org.apache.kafka.common.message.DescribeGroupsResponseData.DescribedGroupMember;
import org.apache.kafka.common.message.ListGroupsRequestData;
import org.apache.kafka.common.message.ListGroupsResponseData;
import org.apache.kafka.common.message.ListGroupsResponseData.ListedGroup;
import org.apache.kafka.common.protocol.Errors;

/** ListGroups, DescribeGroups and DeleteGroups in the words of the coordinator. */
final class GroupAdminApi {
  private final GroupCoordinator groups;

  GroupAdminApi(GroupCoordinator groups) {
    this.groups = groups;
  }

  /** Kafka's tools ask every broker and put the answers together: a follower has none. */
  CompletableFuture<ListGroupsResponseData> list(ListGroupsRequestData request) {
    Set<String> states = new HashSet<>();
    request.statesFilter().forEach(state -> states.add(state.toLowerCase(Locale.ROOT)));
    return groups.list().thenApply(listed -> listed(listed, states));
  }

  private static ListGroupsResponseData listed(ListedGroups listed, Set<String> states) {
    ListGroupsResponseData response = new ListGroupsResponseData();
    if (listed.error() == Errors.NOT_COORDINATOR) {
      return response;
    }
    response.setErrorCode(listed.error().code());
    for (Described group : listed.groups()) {
      String state = group.state().shownName();
      if (states.isEmpty() || states.contains(state.toLowerCase(Locale.ROOT))) {
        response
            .groups()
            .add(
                new ListedGroup()
                    .setGroupId(group.name())
                    .setProtocolType(group.protocolType())
                    .setGroupState(state));
      }
    }
    return response;
  }

  CompletableFuture<DescribeGroupsResponseData> describe(DescribeGroupsRequestData request) {
    return Answers.all(request.groups().stream().map(groups::describe).toList())
        .thenApply(GroupAdminApi::described);
  }

  private static DescribeGroupsResponseData described(List<DescribedGroup> described) {
    DescribeGroupsResponseData response = new DescribeGroupsResponseData();
    for (DescribedGroup each : described) {
      Described group = each.group();
      response
          .groups()
          .add(
              new DescribeGroupsResponseData.DescribedGroup()
                  .setErrorCode(each.error().code())
                  .setGroupId(group.name())
                  .setGroupState(group.state().shownName())
                  .setProtocolType(group.protocolType())
                  .setProtocolData(group.protocol())
                  .setMembers(group.members().stream().map(GroupAdminApi::member).toList()));
    }
    return response;
  }

  private static DescribedGroupMember member(Described.Member member) {
    String instance = member.identity().instanceId();
    return new DescribedGroupMember()
        .setMemberId(member.identity().memberId())
        .setGroupInstanceId(instance.isEmpty() ? null : instance)
        .setClientId(member.client().id())
        .setClientHost(member.client().host())
        .setMemberMetadata(member.subscription().toByteArray())
        .setMemberAssignment(member.assignment().toByteArray());
  }

  CompletableFuture<DeleteGroupsResponseData> delete(DeleteGroupsRequestData request) {
    List<String> names = request.groupsNames().stream().distinct().toList();
    return Answers.all(names.stream().map(groups::delete).toList())
        .thenApply(
            outcomes -> {
              DeleteGroupsResponseData response = new DeleteGroupsResponseData();
              for (int i = 0; i < names.size(); i++) {
                response
                    .results()
                    .add(
                        new DeletableGroupResult()
                            .setGroupId(names.get(i))
                            .setErrorCode(outcomes.get(i).code()));
              }
              return response;
            });
  }
}
