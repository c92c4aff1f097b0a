/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.util.LifeCycle;

/**
 * Hands committed entries to a {@link ReplicatedState}. What Ratis takes for the latest snapshot is
 * the state that was opened or installed: entries up to there need no applying, and files are never
 * sent by Ratis itself.
 */
final class JournalStateMachine extends BaseStateMachine
    implements StateMachine.EventApi, StateMachine.LeaderEventApi, StateMachine.FollowerEventApi {
  private final ReplicatedState state;
  private final Proposals proposals;
  private final Duration pauseMax;
  private volatile boolean closing;
  private volatile SnapshotInfo base;
  private long reportedIndex = RaftLog.INVALID_LOG_INDEX;

  /**
   * @param proposals what this master has proposed, with what it knows of it
   * @param pauseMax the server closes itself after a longer pause of the process
   */
  JournalStateMachine(ReplicatedState state, Proposals proposals, Duration pauseMax) {
    this.state = state;
    this.proposals = proposals;
    this.pauseMax = pauseMax;
  }

  /** This master itself is about to close the server. */
  void closing() {
    closing = true;
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage storage)
      throws IOException {
    super.initialize(server, groupId, storage);
    getLifeCycle().startAndTransition(() -> rebase(state.applied()));
  }

  private void rebase(Position applied) {
    TermIndex at = TermIndex.valueOf(applied.term(), applied.index());
    setLastAppliedTermIndex(at);
    reportedIndex = applied.index();
    base = applied.index() < 0 ? null : new Base(at);
  }

  @Override
  public SnapshotInfo getLatestSnapshot() {
    return base;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext trx) {
    LogEntryProto entry = trx.getLogEntry();
    if (entry.getIndex() > getLastAppliedTermIndex().getIndex()) {
      state.apply(
          new Position(entry.getTerm(), entry.getIndex()),
          entry.getStateMachineLogEntry().getLogData().asReadOnlyByteBuffer(),
          proposals.find(trx.getClientRequest()));
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
    }
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    if (index > getLastAppliedTermIndex().getIndex()) {
      state.advance(new Position(term, index));
      updateLastAppliedTermIndex(term, index);
    }
  }

  /** Its only use is to wait until the apply thread has passed the read index. */
  @Override
  public CompletableFuture<Message> query(Message request) {
    return CompletableFuture.completedFuture(Message.EMPTY);
  }

  @Override
  public long takeSnapshot() {
    long published = state.snapshotIfDue();
    if (published <= reportedIndex) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    reportedIndex = published;
    return published;
  }

  /** Null says that the leader has none; Raft then sends its log from the beginning. */
  @Override
  public CompletableFuture<TermIndex> notifyInstallSnapshotFromLeader(
      RoleInfoProto role, TermIndex firstAvailable) {
    RaftPeerProto leader = role.getFollowerInfo().getLeaderInfo().getId();
    return state
        .fetch(HostPort.parse(leader.getClientAddress()), firstAvailable.getIndex())
        .thenApply(
            fetched ->
                fetched.index() < 0 ? null : TermIndex.valueOf(fetched.term(), fetched.index()));
  }

  @Override
  public void pause() {
    getLifeCycle().transition(LifeCycle.State.PAUSING);
    getLifeCycle().transition(LifeCycle.State.PAUSED);
  }

  @Override
  public void reinitialize() throws IOException {
    rebase(state.install());
    getLifeCycle().transition(LifeCycle.State.STARTING);
    getLifeCycle().transition(LifeCycle.State.RUNNING);
  }

  @Override
  public void notifyLeaderReady() {
    state.roleChanged();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    state.roleChanged();
  }

  @Override
  public void notifyLeaderChanged(RaftGroupMemberId member, RaftPeerId leader) {
    state.roleChanged();
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    state.failed(new IOException("the Raft log cannot be written" + reasons(cause), cause));
  }

  /** What Ratis was doing, and then why it could not: the disk's own words come last. */
  private static String reasons(Throwable failure) {
    StringBuilder reasons = new StringBuilder();
    for (Throwable at = failure; at != null; at = at.getCause()) {
      String message = at.getMessage();
      if (message != null && reasons.indexOf(message) < 0) {
        reasons.append(": ").append(message);
      }
    }
    return reasons.toString();
  }

  /**
   * The end of the server, whoever caused it: a long pause, an error while it applied or wrote, or
   * the other masters, who tell a member that they removed. Raft itself would leave the process
   * alive, and reports only some of these in other ways.
   */
  @Override
  public void close() throws IOException {
    super.close();
    if (!closing) {
      state.failed(new RaftEndedException(whyEnded()));
    }
  }

  private String whyEnded() {
    RaftServer server = getServer().getNow(null);
    boolean all = server != null && server.getLifeCycleState().isClosingOrClosed();
    return all
        ? "Raft closed itself after a pause of this process of more than pause_max ("
            + pauseMax.toMillis()
            + " ms)"
        : "Raft closed itself; its messages above say why";
  }

  private record Base(TermIndex at) implements SnapshotInfo {
    @Override
    public TermIndex getTermIndex() {
      return at;
    }

    @Override
    public List<FileInfo> getFiles() {
      return List.of();
    }
  }
}
