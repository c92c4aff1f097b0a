/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.DivisionInfo;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.util.ProtoUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for election at once when the leader's process is gone, instead of after the election
 * timeout, which has to be long enough for a leader that is only slow (ADR 017).
 *
 * <p>That the process is gone is known when the leader's stream of entries ends and nobody listens
 * on its Raft port any more: the connection is refused. Anything else, a network that is cut or a
 * machine that does not answer, is left to the timeout. Thread-safe.
 */
final class LeaderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderWatch.class);
  private static final int CONNECT_MILLIS = 200;

  /** The next in rank stands only if the one before it has not won until then. */
  private static final long TURN_MILLIS = 250;

  private final Probation probation;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "leader-watch");
            named.setDaemon(true);
            return named;
          });
  private volatile RaftServer server;
  private volatile RaftGroupId group;

  LeaderWatch(Probation probation) {
    this.probation = probation;
  }

  /** From now on. */
  void begin(RaftServer running, RaftGroupId groupId) {
    group = groupId;
    server = running;
  }

  /** A stream of entries from some master has ended. */
  void streamEnded() {
    if (server == null) {
      return;
    }
    try {
      thread.execute(this::look);
    } catch (RejectedExecutionException e) {
      LOG.debug("this master is closing", e);
    }
  }

  /** What is known of the leader when its stream ends. */
  private record Leader(RaftPeerId id, long term) {}

  private void look() {
    try {
      RaftServer.Division division = server.getDivision(group);
      Leader leader = leader(division.getInfo());
      if (leader == null || probation.active()) {
        return;
      }
      RaftPeer peer = division.getRaftConf().getPeer(leader.id);
      if (peer != null && isGone(HostPort.parse(peer.getAddress()))) {
        long turn = TURN_MILLIS * rank(division, leader.id);
        LOG.info("the process of the leader {} is gone; stands after {} ms", leader.id, turn);
        thread.schedule(() -> stand(leader), turn, TimeUnit.MILLISECONDS);
      }
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot look after the leader; the election timeout does: {}", e.toString());
    }
  }

  /** The leader that this master follows; null where there is none. */
  private static Leader leader(DivisionInfo info) {
    RaftPeerId id = info.getLeaderId();
    return id == null || !info.isFollower() ? null : new Leader(id, info.getCurrentTerm());
  }

  private static boolean isGone(HostPort address) {
    try (Socket socket = new Socket()) {
      socket.connect(address.resolve(), CONNECT_MILLIS);
      return false;
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Those of higher priority first: votes between equal logs go by it. */
  private static int rank(RaftServer.Division division, RaftPeerId gone) {
    List<RaftPeerId> order =
        division.getRaftConf().getCurrentPeers().stream()
            .filter(peer -> !peer.getId().equals(gone))
            .sorted(
                Comparator.comparing(RaftPeer::getPriority)
                    .reversed()
                    .thenComparing(peer -> peer.getId().toString()))
            .map(RaftPeer::getId)
            .toList();
    return Math.max(0, order.indexOf(division.getId()));
  }

  private void stand(Leader gone) {
    try {
      RaftServer.Division division = server.getDivision(group);
      if (!gone.equals(leader(division.getInfo())) || probation.active()) {
        return;
      }
      TermIndex last = division.getRaftLog().getLastEntryTermIndex();
      // As if the leader had handed over: the term is its own, and this log decides who votes.
      server.startLeaderElection(
          StartLeaderElectionRequestProto.newBuilder()
              .setServerRequest(
                  RaftRpcRequestProto.newBuilder()
                      .setRequestorId(gone.id.toByteString())
                      .setReplyId(division.getId().toByteString())
                      .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(group)))
              .setLeaderLastEntry(
                  TermIndex.valueOf(gone.term, last == null ? 0 : last.getIndex()).toProto())
              .build());
    } catch (IOException | RuntimeException e) {
      LOG.warn("cannot stand for election; the election timeout does: {}", e.toString());
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
