/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ConnectException;
import java.net.Socket;
import java.util.Comparator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
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
public final class LeaderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderWatch.class);
  private static final int CONNECT_MILLIS = 200;

  /** The next in rank stands only if the one before it has not won until then. */
  private static final long TURN_MILLIS = 250;

  private static final long ANSWER_MILLIS = 150;

  /** Entries that had arrived before the stream ended get into the logs first. */
  private static final long SETTLE_MILLIS = 50;

  private static final long LOOK_MILLIS = 100;
  private static final int LOOKS_MAX = 20;

  private final Probation probation;
  private final Standings standings;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread named = new Thread(task, "leader-watch");
            named.setDaemon(true);
            return named;
          });

  /** Whom the thread has found gone. */
  private Leader gone;

  private volatile RaftServer server;
  private volatile RaftGroupId group;

  LeaderWatch(Probation probation, Standings standings) {
    this.probation = probation;
    this.standings = standings;
  }

  /** Asks other masters how they would stand. */
  @FunctionalInterface
  public interface Standings {
    /** Of the master at an RPC address. */
    CompletableFuture<Standing> ask(HostPort rpc);
  }

  /**
   * What speaks for a master.
   *
   * @param log its newest entry
   * @param startedMillis since the epoch; one that has just started is slow, its code is not
   *     compiled
   */
  public record Standing(Position log, long startedMillis) {}

  static Standing standing(RaftServer.Division division) {
    return new Standing(logEnd(division), ManagementFactory.getRuntimeMXBean().getStartTime());
  }

  private static Position logEnd(RaftServer.Division division) {
    TermIndex last = division.getRaftLog().getLastEntryTermIndex();
    return last == null ? Position.NONE : new Position(last.getTerm(), last.getIndex());
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
      thread.execute(() -> look(0));
    } catch (RejectedExecutionException e) {
      LOG.debug("this master is closing", e);
    }
  }

  /** What is known of the leader when its stream ends. */
  private record Leader(RaftPeerId id, long term) {}

  private void look(int before) {
    try {
      RaftServer.Division division = server.getDivision(group);
      Leader leader = leader(division.getInfo());
      if (leader == null || leader.equals(gone) || probation.active()) {
        return;
      }
      RaftPeer peer = division.getRaftConf().getPeer(leader.id);
      if (peer != null && isGone(HostPort.parse(peer.getAddress()))) {
        gone = leader;
        thread.schedule(() -> takeTurn(division, leader), SETTLE_MILLIS, TimeUnit.MILLISECONDS);
      } else if (before < LOOKS_MAX) {
        // A process that ends in order closes its streams first.
        thread.schedule(() -> look(before + 1), LOOK_MILLIS, TimeUnit.MILLISECONDS);
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

  /**
   * Stands after those that would not vote for this master: votes go by the log, then by priority.
   * Of equals the one that has run longest begins.
   */
  private void takeTurn(RaftServer.Division division, Leader leader) {
    RaftPeer self = division.getRaftConf().getPeer(division.getId());
    Standing own = standing(division);
    AtomicInteger before = new AtomicInteger();
    CompletableFuture<?>[] answers =
        division.getRaftConf().getCurrentPeers().stream()
            .filter(peer -> !peer.getId().equals(leader.id) && !peer.equals(self))
            .map(
                peer ->
                    standings
                        .ask(HostPort.parse(peer.getClientAddress()))
                        .completeOnTimeout(own, ANSWER_MILLIS, TimeUnit.MILLISECONDS)
                        .exceptionally(failure -> own)
                        .thenAccept(
                            theirs -> {
                              if (goesBefore(peer, theirs, self, own)) {
                                before.incrementAndGet();
                              }
                            }))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(answers)
        .thenRun(
            () -> {
              long turn = TURN_MILLIS * before.get();
              LOG.info("the process of the leader {} is gone; stands after {} ms", leader.id, turn);
              thread.schedule(() -> stand(leader), turn, TimeUnit.MILLISECONDS);
            });
  }

  private static boolean goesBefore(RaftPeer other, Standing theirs, RaftPeer self, Standing own) {
    int order =
        Comparator.comparing(Position::term)
            .thenComparing(Position::index)
            .compare(theirs.log, own.log);
    if (order == 0) {
      order = Integer.compare(other.getPriority(), self.getPriority());
    }
    if (order == 0) {
      order = Long.compare(own.startedMillis, theirs.startedMillis);
    }
    if (order == 0) {
      order = self.getId().toString().compareTo(other.getId().toString());
    }
    return order > 0;
  }

  private void stand(Leader leader) {
    try {
      RaftServer.Division division = server.getDivision(group);
      if (!leader.equals(leader(division.getInfo())) || probation.active()) {
        return;
      }
      Position last = logEnd(division);
      // As if the leader had handed over: the term is its own, and this log decides who votes.
      server.startLeaderElection(
          StartLeaderElectionRequestProto.newBuilder()
              .setServerRequest(
                  RaftRpcRequestProto.newBuilder()
                      .setRequestorId(leader.id.toByteString())
                      .setReplyId(division.getId().toByteString())
                      .setRaftGroupId(ProtoUtils.toRaftGroupIdProtoBuilder(group)))
              .setLeaderLastEntry(
                  TermIndex.valueOf(leader.term, Math.max(0, last.index())).toProto())
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
