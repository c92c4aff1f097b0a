/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.master.MasterConfig;
import io.curvine.protocol.net.HostPort;
import java.io.File;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Every property of Ratis that is not left at its default, with the reason. */
final class RaftSettings {
  /** The largest entry; a command is far smaller, see the RPC's own limit. */
  static final int ENTRY_MAX_BYTES = 24 << 20;

  private static final long STEP_DOWN_MIN_MILLIS = 3_000;
  private static final long STAGING_MIN_MILLIS = 15_000;
  private static final int STAGING_GAP_ENTRIES = 200;
  private static final int SEGMENTS_IN_MEMORY = 1;
  private static final long PREALLOCATED_MAX_BYTES = 4 << 20;

  private RaftSettings() {}

  static RaftProperties of(MasterConfig config) {
    RaftProperties properties = new RaftProperties();
    HostPort bind = config.bind(config.self().raftPort());
    // Elections are under the control of Probation.
    RaftConfigKeys.Rpc.setType(properties, new VotingRpcType());
    GrpcConfigKeys.Server.setHost(properties, bind.host());
    GrpcConfigKeys.Server.setPort(properties, bind.port());
    File directory = config.dataDir().resolve("raft").toFile();
    RaftServerConfigKeys.setStorageDir(properties, List.of(directory));
    RaftServerConfigKeys.setRemovedGroupsDir(properties, new File(directory, "removed"));
    // After ENOSPC the log worker stays failed until a restart: stop before that.
    RaftServerConfigKeys.setStorageFreeSpaceMin(properties, bytes(config.freeSpaceMin()));
    // Replies are kept in the state; the library's cache would keep them a second time.
    RaftServerConfigKeys.RetryCache.setExpiryTime(properties, millis(2_000));
    elections(config, properties);
    members(config, properties);
    reads(properties);
    log(config, properties);
    snapshots(properties);
    return properties;
  }

  private static void elections(MasterConfig config, RaftProperties properties) {
    RaftServerConfigKeys.Rpc.setTimeoutMin(properties, time(config.electionTimeoutMin()));
    RaftServerConfigKeys.Rpc.setTimeoutMax(properties, time(config.electionTimeoutMax()));
    // Heartbeats have a channel of their own, so that none waits behind 24 MB of entries. A
    // follower
    // counts the append that it works on as a sign of life, so a long fsync there elects nobody.
    GrpcConfigKeys.Server.setHeartbeatChannel(properties, true);
    // An append that takes longer is sent anew on a new stream: a slow disk is no reason for that.
    RaftServerConfigKeys.Rpc.setRequestTimeout(
        properties, millis(3 * config.electionTimeoutMax().toMillis()));
    // A master that comes back must not depose a healthy leader.
    RaftServerConfigKeys.LeaderElection.setPreVote(properties, true);
    // A leader that paused for this long, and thus is deposed, says so at once; one that lost its
    // majority stands for election again only after it, the others first.
    long stepDown = Math.max(STEP_DOWN_MIN_MILLIS, 3 * config.electionTimeoutMax().toMillis());
    RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(properties, millis(stepDown));
    // The server closes itself after a longer pause; the process ends with it.
    RaftServerConfigKeys.setCloseThreshold(properties, time(config.pauseMax()));
  }

  private static void members(MasterConfig config, RaftProperties properties) {
    // A new master votes once it is so near; an entry has up to batch_commands commands, so the
    // default of 1,000 entries could be a million of them to wait for.
    RaftServerConfigKeys.setStagingCatchupGap(properties, STAGING_GAP_ENTRIES);
    // Of silence of the new one, however long it takes to catch up.
    RaftServerConfigKeys.setStagingTimeout(
        properties,
        millis(Math.max(STAGING_MIN_MILLIS, 3 * config.electionTimeoutMax().toMillis())));
  }

  /** Another master has to lead within this time, or the former one goes on. */
  static Duration transferMax(MasterConfig config) {
    return config.electionTimeoutMax().multipliedBy(2);
  }

  private static void reads(RaftProperties properties) {
    // Only so that a follower can ask for a read index, see RaftNode.hurry; reads rest on
    // ReadLease.
    RaftServerConfigKeys.Read.setOption(properties, RaftServerConfigKeys.Read.Option.LINEARIZABLE);
    // Documented as on, off in the code. With it that question costs the leader no round trip.
    RaftServerConfigKeys.Read.setLeaderLeaseEnabled(properties, true);
  }

  private static void log(MasterConfig config, RaftProperties properties) {
    // The default of 1 ms is paid by every entry while one is in flight at a time.
    RaftServerConfigKeys.Log.Appender.setWaitTimeMin(properties, TimeDuration.ZERO);
    // A master that comes back should not wait the default's 5 s for the next try.
    RaftServerConfigKeys.Log.Appender.setRetryPolicy(properties, "1ms,10, 200ms,20, 1s,100000");
    // An entry must fit one append request and the write buffer.
    RaftServerConfigKeys.Log.Appender.setBufferByteLimit(properties, bytes(ENTRY_MAX_BYTES));
    RaftServerConfigKeys.Log.setWriteBufferSize(properties, bytes(ENTRY_MAX_BYTES + (1 << 20)));
    RaftServerConfigKeys.Log.setSegmentSizeMax(properties, bytes(config.raftSegment()));
    // Of the default of six full segments in memory none is read but the newest: followers in step
    // want the last entries, and those far behind come from the disk at the disk's speed.
    RaftServerConfigKeys.Log.setSegmentCacheNumMax(properties, SEGMENTS_IN_MEMORY);
    RaftServerConfigKeys.Log.setPreallocatedSize(
        properties, bytes(Math.min(PREALLOCATED_MAX_BYTES, config.raftSegment())));
    // An entry per commit index costs a write each and tells nothing that a restart needs.
    RaftServerConfigKeys.Log.setLogMetadataEnabled(properties, false);
    // The default purges up to the slowest peer: a dead one would pin the log for ever.
    RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(properties, true);
    RaftServerConfigKeys.Log.setPurgeGap(properties, 1);
    // How much is kept for masters that were away briefly the state says, see LogTail.
    RaftServerConfigKeys.Log.setPurgePreservationLogNum(properties, 0);
  }

  private static void snapshots(RaftProperties properties) {
    // A follower is told to fetch one by itself, over the RPC port and file by file.
    RaftServerConfigKeys.Log.Appender.setInstallSnapshotEnabled(properties, false);
    // The state is asked after each batch of entries; it counts entries, bytes and age itself.
    RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(properties, true);
    RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(properties, 1);
    RaftServerConfigKeys.Snapshot.setCreationGap(properties, 1);
    RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(properties, false);
    RaftServerConfigKeys.Snapshot.setTriggerWhenRemoveEnabled(properties, false);
  }

  private static SizeInBytes bytes(long count) {
    return SizeInBytes.valueOf(count);
  }

  private static TimeDuration millis(long count) {
    return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
  }

  private static TimeDuration time(Duration duration) {
    return millis(duration.toMillis());
  }
}
