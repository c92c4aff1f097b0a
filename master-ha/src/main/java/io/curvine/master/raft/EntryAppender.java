/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.grpc.server.GrpcServicesImpl;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.raftlog.RaftLogIOException;

/**
 * Sends entries to one follower. Differs from the library's (3.2.2) in four ways: its connections
 * come from behind {@link VotingRpc}; it does not end for good where it should look again; it
 * believes a follower that has lost what it had; and it is woken for what is to be sent, not
 * whenever an index moves.
 *
 * <p>The library wakes both senders some ten times an entry, and tells every commit in a message of
 * its own. While entries follow one another the next one tells it for nothing; only after the last
 * of them does a message without entries go out, see {@link #COMMIT_DELAY_MILLIS}. That halved the
 * followers' messages.
 */
final class EntryAppender extends GrpcLogAppender {
  private static final long RETRY_MILLIS = 100;

  /**
   * A follower hears so long after its last entry that it was committed. More than a client needs
   * to make its next call, so that a single busy client's entries tell it; far less than anyone who
   * waits for a change at a follower would notice.
   */
  private static final long COMMIT_DELAY_MILLIS = 3;

  /** A follower that has been silent for longer is only told by heartbeats. */
  private static final long SILENT_MILLIS = 100;

  EntryAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
    super(server, state, follower);
  }

  @Override
  public GrpcServicesImpl getServerRpc() {
    return (GrpcServicesImpl) ((VotingRpc) getServer().getRaftServer().getServerRpc()).library();
  }

  @Override
  public void notifyLogAppender() {
    if (!isRunning() || (shouldSendAppendEntries() && !deaf())) {
      super.notifyLogAppender();
    }
  }

  /**
   * Whether it has been sent to for a while and has not answered. One that is gone is tried again
   * at the pace of the retry policy, not with every entry: that were hundreds of connections a
   * second.
   */
  private boolean deaf() {
    return getFollower().getLastRpcResponseTime().elapsedTimeMs()
            - getFollower().getLastRpcSendTime().elapsedTimeMs()
        > SILENT_MILLIS;
  }

  /**
   * What the follower says it needs next. The library does not go below what a follower once had,
   * which sends to one that was wiped what it cannot use, under load for ever.
   */
  @Override
  protected long getNextIndexForInconsistency(long requestFirstIndex, long replyNextIndex) {
    return nextIndex(requestFirstIndex, replyNextIndex);
  }

  /** Not the same again: the follower has refused it, so it lacks the entry before. */
  static long nextIndex(long requestFirstIndex, long replyNextIndex) {
    boolean again = replyNextIndex == requestFirstIndex;
    return again && replyNextIndex > RaftLog.LEAST_VALID_LOG_INDEX
        ? replyNextIndex - 1
        : replyNextIndex;
  }

  @Override
  public long getWaitTimeMs() {
    long wait = super.getWaitTimeMs();
    return owesCommit() ? Math.min(wait, COMMIT_DELAY_MILLIS) : wait;
  }

  /** Whether the follower, as far as it has said, does not know of all entries as committed. */
  private boolean owesCommit() {
    return getFollower().getCommitIndex() < getRaftLog().getNextIndex() - 1
        && getFollower().getLastRpcResponseTime().elapsedTimeMs() < SILENT_MILLIS;
  }

  /**
   * A follower that answers "I have nothing" between the look whether it needs a snapshot and the
   * reading of its next entry, which is purged, ends the library's thread (3.2.2) without a
   * restart: the leader would not speak to that follower again.
   */
  @Override
  public void run() throws IOException {
    while (true) {
      try {
        super.run();
        return;
      } catch (RaftLogIOException e) {
        if (!isRunning()) {
          throw e;
        }
        LOG.warn("looks anew at what {} needs: {}", getFollowerId(), e.getMessage());
        waitBeforeRetry();
      }
    }
  }

  private void waitBeforeRetry() throws InterruptedIOException {
    try {
      boolean unused = getEventAwaitForSignal().await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the leader ends");
    }
  }
}
