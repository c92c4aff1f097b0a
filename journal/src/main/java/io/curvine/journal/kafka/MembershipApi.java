/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import com.google.protobuf.ByteString;
import io.curvine.journal.kafka.group.GroupCoordinator;
import io.curvine.journal.kafka.group.GroupLimits;
import io.curvine.journal.kafka.group.Identity;
import io.curvine.journal.kafka.group.JoinAnswer;
import io.curvine.journal.kafka.group.JoinRequest;
import io.curvine.journal.kafka.group.JoinRequest.Client;
import io.curvine.journal.kafka.group.JoinRequest.Protocol;
import io.curvine.journal.kafka.group.JoinRequest.Timeouts;
import io.curvine.journal.kafka.group.SyncRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.HeartbeatResponseData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.JoinGroupResponseData.JoinGroupResponseMember;
import org.apache.kafka.common.message.LeaveGroupRequestData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;

/** JoinGroup, SyncGroup, Heartbeat and LeaveGroup in the words of the coordinator. */
final class MembershipApi {
  /** From here on a new member is told its id first. */
  private static final short JOIN_ID_FIRST_VERSION = 4;

  /** From here on what the members agreed on may be null. */
  private static final short JOIN_NULL_PROTOCOL_VERSION = 7;

  /** From here on a leader can be told to skip the assignment. */
  private static final short JOIN_SKIP_VERSION = 9;

  /** From here on several members leave at once. */
  private static final short LEAVE_SEVERAL_VERSION = 3;

  private final GroupCoordinator groups;

  MembershipApi(GroupCoordinator groups) {
    this.groups = groups;
  }

  CompletableFuture<JoinGroupResponseData> join(
      JoinGroupRequestData request, short version, Client client) {
    List<Protocol> protocols = new ArrayList<>();
    request
        .protocols()
        .forEach(
            each -> protocols.add(new Protocol(each.name(), ByteString.copyFrom(each.metadata()))));
    int rebalanceMs =
        request.rebalanceTimeoutMs() <= 0
            ? request.sessionTimeoutMs()
            : Math.min(request.rebalanceTimeoutMs(), GroupLimits.REBALANCE_TIMEOUT_MAX_MS);
    JoinRequest asked =
        new JoinRequest(
            identity(request.memberId(), request.groupInstanceId()),
            client,
            new Timeouts(request.sessionTimeoutMs(), rebalanceMs),
            request.protocolType(),
            protocols,
            version >= JOIN_ID_FIRST_VERSION,
            version >= JOIN_SKIP_VERSION);
    return groups.join(request.groupId(), asked).thenApply(answer -> joined(answer, version));
  }

  private static JoinGroupResponseData joined(JoinAnswer answer, short version) {
    boolean nullable = version >= JOIN_NULL_PROTOCOL_VERSION;
    JoinGroupResponseData response =
        new JoinGroupResponseData()
            .setErrorCode(answer.error().code())
            .setGenerationId(answer.generation())
            .setProtocolType(orNull(answer.protocolType()))
            .setProtocolName(nullable ? orNull(answer.protocol()) : answer.protocol())
            .setLeader(answer.leader())
            .setMemberId(answer.memberId());
    if (version >= JOIN_SKIP_VERSION) {
      response.setSkipAssignment(answer.skipAssignment());
    }
    for (JoinAnswer.Joined joined : answer.members()) {
      response
          .members()
          .add(
              new JoinGroupResponseMember()
                  .setMemberId(joined.member().memberId())
                  .setGroupInstanceId(orNull(joined.member().instanceId()))
                  .setMetadata(joined.subscription().toByteArray()));
    }
    return response;
  }

  CompletableFuture<SyncGroupResponseData> sync(SyncGroupRequestData request) {
    Map<String, ByteString> assignments = new HashMap<>();
    request
        .assignments()
        .forEach(each -> assignments.put(each.memberId(), ByteString.copyFrom(each.assignment())));
    SyncRequest asked =
        new SyncRequest(
            identity(request.memberId(), request.groupInstanceId()),
            request.generationId(),
            orEmpty(request.protocolType()),
            orEmpty(request.protocolName()),
            assignments);
    return groups
        .sync(request.groupId(), asked)
        .thenApply(
            answer ->
                new SyncGroupResponseData()
                    .setErrorCode(answer.error().code())
                    .setProtocolType(orNull(answer.protocolType()))
                    .setProtocolName(orNull(answer.protocol()))
                    .setAssignment(answer.assignment().toByteArray()));
  }

  CompletableFuture<HeartbeatResponseData> heartbeat(HeartbeatRequestData request) {
    Identity who = identity(request.memberId(), request.groupInstanceId());
    return groups
        .heartbeat(request.groupId(), who, request.generationId())
        .thenApply(error -> new HeartbeatResponseData().setErrorCode(error.code()));
  }

  CompletableFuture<LeaveGroupResponseData> leave(LeaveGroupRequestData request, short version) {
    if (version < LEAVE_SEVERAL_VERSION) {
      return groups
          .leave(request.groupId(), List.of(identity(request.memberId(), null)))
          .thenApply(outcomes -> new LeaveGroupResponseData().setErrorCode(outcomes.get(0).code()));
    }
    List<MemberIdentity> members = request.members();
    List<Identity> leaving =
        members.stream().map(each -> identity(each.memberId(), each.groupInstanceId())).toList();
    return groups.leave(request.groupId(), leaving).thenApply(outcomes -> left(members, outcomes));
  }

  private static LeaveGroupResponseData left(List<MemberIdentity> members, List<Errors> outcomes) {
    LeaveGroupResponseData response = new LeaveGroupResponseData();
    for (int i = 0; i < members.size(); i++) {
      if (isNotHere(outcomes.get(i))) {
        // Not about one of them.
        return new LeaveGroupResponseData().setErrorCode(outcomes.get(i).code());
      }
      response
          .members()
          .add(
              new MemberResponse()
                  .setMemberId(members.get(i).memberId())
                  .setGroupInstanceId(members.get(i).groupInstanceId())
                  .setErrorCode(outcomes.get(i).code()));
    }
    return response;
  }

  private static boolean isNotHere(Errors error) {
    return error == Errors.NOT_COORDINATOR || error == Errors.COORDINATOR_LOAD_IN_PROGRESS;
  }

  private static Identity identity(String memberId, String instanceId) {
    return new Identity(memberId, orEmpty(instanceId));
  }

  private static String orEmpty(String text) {
    return text == null ? "" : text;
  }

  private static String orNull(String text) {
    return text.isEmpty() ? null : text;
  }
}
