/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.master.members.Member;
import io.curvine.master.members.MemberControl;
import io.curvine.master.members.Membership;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.proto.RaftProtos.ServerRpcProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.TransferLeadershipRequest;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.ReconfigurationTimeoutException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.protocol.exceptions.TransferLeadershipException;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;

/** The members as this server of Raft knows and changes them. Thread-safe. */
final class RaftMembers implements MemberControl {
  private final RaftServer server;
  private final RaftServer.Division division;
  private final long transferMillis;
  private final long silenceMaxMillis;
  private final ClientId self = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();

  /**
   * @param transferMax how long another master may take to lead; meanwhile nothing is written
   * @param silenceMax how long a leader that is not heard of still counts
   */
  RaftMembers(
      RaftServer server, RaftServer.Division division, Duration transferMax, Duration silenceMax) {
    this.server = server;
    this.division = division;
    this.transferMillis = transferMax.toMillis();
    this.silenceMaxMillis = silenceMax.toMillis();
  }

  @Override
  public Membership membership() {
    RaftConfiguration configuration = division.getRaftConf();
    boolean stable =
        configuration.getPreviousPeers(RaftPeerRole.FOLLOWER).isEmpty()
            && configuration.getPreviousPeers(RaftPeerRole.LISTENER).isEmpty();
    long index = configuration.getLogEntryIndex();
    return new Membership(
        index,
        stable && division.getRaftLog().getLastCommittedIndex() >= index,
        RaftPeers.members(configuration));
  }

  @Override
  public Optional<String> leaderId() {
    return Optional.ofNullable(division.getInfo().getLeaderId())
        .map(RaftPeerId::toString)
        .filter(id -> !id.isEmpty());
  }

  @Override
  public boolean leads() {
    return division.getInfo().isLeader();
  }

  @Override
  public Map<String, Duration> silence() {
    Map<String, Duration> silence = new HashMap<>();
    RoleInfoProto role = division.getInfo().getRoleInfoProto();
    for (ServerRpcProto follower : role.getLeaderInfo().getFollowerInfoList()) {
      silence.put(
          follower.getId().getId().toStringUtf8(),
          Duration.ofMillis(follower.getLastRpcElapsedTimeMs()));
    }
    return silence;
  }

  @Override
  public boolean hearsLeader() {
    RoleInfoProto role = division.getInfo().getRoleInfoProto();
    return switch (role.getRole()) {
      case LEADER -> true;
      case FOLLOWER, LISTENER ->
          leaderId().isPresent()
              && role.getFollowerInfo().getLeaderInfo().getLastRpcElapsedTimeMs()
                  < silenceMaxMillis;
      default -> false;
    };
  }

  @Override
  public CompletableFuture<Void> change(Membership expected, List<Member> wanted) {
    SetConfigurationRequest request =
        new SetConfigurationRequest(
            self,
            server.getId(),
            division.getMemberId().getGroupId(),
            callIds.incrementAndGet(),
            SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                .setServersInCurrentConf(RaftPeers.of(expected.members(), false))
                .setListenersInCurrentConf(RaftPeers.of(expected.members(), true))
                .setServersInNewConf(RaftPeers.of(wanted, false))
                .setListenersInNewConf(RaftPeers.of(wanted, true))
                .build());
    return answered(server::setConfigurationAsync, request);
  }

  @Override
  public CompletableFuture<Void> transfer(String id) {
    TransferLeadershipRequest request =
        new TransferLeadershipRequest(
            self,
            server.getId(),
            division.getMemberId().getGroupId(),
            callIds.incrementAndGet(),
            RaftPeerId.valueOf(id),
            transferMillis);
    return answered(server::transferLeadershipAsync, request);
  }

  private interface Call<T> {
    CompletableFuture<RaftClientReply> send(T request) throws IOException;
  }

  /**
   * Goes on in a thread of its own: Raft completes some of its answers while it holds the lock of
   * the server, and another request made there would wait for that lock in a second thread, for
   * ever.
   */
  private static <T> CompletableFuture<Void> answered(Call<T> call, T request) {
    try {
      return call.send(request)
          .handleAsync(
              (reply, failure) -> {
                Throwable cause = failure == null ? reply.getException() : failure;
                if (cause != null) {
                  throw new CompletionException(translated(cause));
                }
                return null;
              });
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(translated(e));
    }
  }

  private static CurvineException translated(Throwable failure) {
    Throwable cause = failure;
    while (cause instanceof CompletionException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    ErrorCode code = ErrorCode.INTERNAL;
    String message = "the change of the masters failed: " + cause;
    if (cause instanceof NotLeaderException) {
      code = ErrorCode.NOT_LEADER;
      message = "this master does not lead";
    } else if (cause instanceof ReconfigurationInProgressException) {
      code = ErrorCode.BUSY;
      message = "another change of the masters is under way";
    } else if (cause instanceof ReconfigurationTimeoutException) {
      code = ErrorCode.NOT_READY;
      message =
          "the new master did not follow: its Raft port does not answer the leader; the members are"
              + " as they were";
    } else if (cause instanceof SetConfigurationException) {
      code = ErrorCode.INVALID_ARGUMENT;
      message = "the change was refused; allowed: one master at a time: " + cause.getMessage();
    } else if (cause instanceof TransferLeadershipException) {
      code = ErrorCode.NOT_READY;
      message = "the leadership stays: " + cause.getMessage();
    }
    return new CurvineException(code, message, cause);
  }
}
