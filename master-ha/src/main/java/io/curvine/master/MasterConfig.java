/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import static io.curvine.protocol.config.Allowed.check;
import static io.curvine.protocol.config.Allowed.range;

import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Everything that is set on one master; the section {@code [master]}. Immutable. The compact
 * constructor refuses what is out of range with a message that names the key and what is allowed.
 */
public record MasterConfig(
    @Setting(value = "m1", doc = "Which of cluster_peers this master is.") String id,
    @Setting(
            value = "curvine",
            doc =
                "Name of the cluster, the same on each of its masters; masters of another name are"
                    + " not talked to. 1 to 64 letters, digits, '_', '.', '-'.")
        String clusterName,
    @Setting(
            value =
                "m1=127.0.0.1:9095:8995:9195:9295,m2=127.0.0.1:9096:8996:9196:9296,"
                    + "m3=127.0.0.1:9097:8997:9197:9297",
            doc =
                "The masters that the cluster is made of at first, one or an odd number; later, where"
                    + " this master looks for its cluster. This one is always among them:"
                    + " id=host:raft-port:rpc-port:feed-port:http-port.")
        List<String> clusterPeers,
    @Setting(
            value = "false",
            doc =
                "With an empty data_dir: wait to be added to the cluster of the other cluster_peers,"
                    + " and never make a new one.")
        boolean join,
    @Setting(
            value = "127.0.0.1",
            doc = "Address that the ports are bound to; 0.0.0.0: every address of this machine.")
        String bindHost,
    @Setting(value = "data/master", doc = "Directory of Raft log, state, journal and snapshots.")
        Path dataDir,
    @Setting(value = "400000", doc = "A snapshot after this many Raft entries; 100 to 1000000000.")
        long snapshotEntries,
    @Setting(
            value = "256MiB",
            bytes = true,
            doc = "A snapshot after this much of Raft log; 1MiB to 1TiB.")
        long snapshotBytes,
    @Setting(
            value = "6h",
            doc = "A snapshot where the last is older and anything has changed; 1s to 30d.")
        Duration snapshotAge,
    @Setting(value = "2", doc = "Snapshots kept; 1 to 16.") int snapshotsKept,
    @Setting(
            value = "64MiB",
            bytes = true,
            doc =
                "How fast a snapshot is given to masters that are behind, all together, in bytes a"
                    + " second; 0B (no limit), or 1MiB to 1TiB.")
        long snapshotTransferRate,
    @Setting(
            value = "8192",
            doc = "Commands waiting to be decided; more are told to come later; 16 to 1048576.")
        int decideQueue,
    @Setting(value = "1024", doc = "Commands in one Raft entry at most; 1 to 65536.")
        int batchCommands,
    @Setting(
            value = "2MiB",
            bytes = true,
            doc = "Requests in one Raft entry at most, in bytes; 64KiB to 16MiB.")
        long batchBytes,
    @Setting(
            value = "60s",
            doc = "A client's session ends after this long without a sign of life; 1s to 24h.")
        Duration sessionTimeout,
    @Setting(
            value = "10s",
            doc = "How long a worker may serve after a heartbeat was answered; 100ms to 10m.")
        Duration workerLease,
    @Setting(
            value = "15s",
            doc =
                "A worker without a heartbeat for this long is taken for dead; longer than"
                    + " worker_lease, at most 1h.")
        Duration deadWorkerAfter,
    @Setting(
            value = "5m",
            doc =
                "A worker without a heartbeat for this long is not counted on any more: what the UFS"
                    + " does not have is copied from the others; 1s to 100 times dead_worker_after.")
        Duration replicateAfter,
    @Setting(
            value = "60s",
            doc =
                "How often the loaded directories of a cache-mode mount are listed again, where the"
                    + " mount does not say; 0s (never) to 7d.")
        Duration scanInterval,
    @Setting(
            value = "4",
            doc =
                "UFS listings of one mount at the same time, twice as many of all mounts; 1 to 256.")
        int ufsThreads,
    @Setting(
            value = "",
            doc =
                "A file, the same on each master, with a key of 32 random bytes in base64, by which"
                    + " secrets of mounts are sealed; more lines are keys that open as well. Mode 0600."
                    + " Empty: no mount can be given a secret.")
        String secretsKeyFile,
    @Setting(
            value = "10m",
            doc = "A job that its worker has not finished goes to another; 1s to 7d.")
        Duration jobTimeout,
    @Setting(
            value = "1s",
            doc = "Before a failed job is tried again, doubled each time; 10ms to 1h.")
        Duration jobRetryMin,
    @Setting(value = "1m", doc = "The longest wait before a failed job is tried again; up to 24h.")
        Duration jobRetryMax,
    @Setting(
            value = "7d",
            doc =
                "A change that fails at its UFS for so long is tried no more, and kept for"
                    + " 'curvine jobs retry'; 1s to 3650d.")
        Duration jobGiveUpAfter,
    @Setting(value = "64MiB", bytes = true, doc = "One segment file of the journal; 64KiB to 1GiB.")
        long journalSegment,
    @Setting(
            value = "8GiB",
            bytes = true,
            doc = "Journal kept for its readers, in bytes; 0B: no limit by size.")
        long journalRetention,
    @Setting(value = "7d", doc = "Journal kept for its readers, by age; 0s: no limit by age.")
        Duration journalRetentionAge,
    @Setting(
            value = "64GiB",
            bytes = true,
            doc =
                "Journal kept for the feed's floors, in bytes, beyond the two retentions; 0B: no"
                    + " limit. Without effect while less than disk-high-watermark is free.")
        long journalFloorMax,
    @Setting(
            value = "7d",
            doc =
                "A consumer group of the feed without members is forgotten, with its offsets, this"
                    + " long after its last commit or member; 1m to 3650d.")
        Duration feedGroupRetention,
    @Setting(
            value = "16MiB",
            bytes = true,
            doc = "One segment file of the Raft log; whole files are purged; 64KiB to 1GiB.")
        long raftSegment,
    @Setting(
            value = "160MiB",
            bytes = true,
            doc =
                "Inodes and names in memory, of the heap; about 900,000 files with the default; 1MiB"
                    + " to 64GiB.")
        long stateCache,
    @Setting(
            value = "64MiB",
            bytes = true,
            doc =
                "Blocks, indexes and filters of the state's database in memory, beside the heap;"
                    + " 8MiB to 1TiB.")
        long blockCache,
    @Setting(
            value = "64MiB",
            bytes = true,
            doc =
                "Changes of the state in memory before they are written to a table, beside the"
                    + " heap; 4MiB to 16GiB.")
        long writeBuffer,
    @Setting(value = "1s", doc = "The shortest wait for a lost leader; 50ms to 1m.")
        Duration electionTimeoutMin,
    @Setting(
            value = "2s",
            doc = "The longest wait for a lost leader; longer than the shortest, up to 2m.")
        Duration electionTimeoutMax,
    @Setting(
            value = "60s",
            doc =
                "A master whose process stood still for longer ends, to be started anew; 5s to 1h.")
        Duration pauseMax,
    @Setting(
            value = "256MiB",
            bytes = true,
            doc =
                "Free space on the disk below which nothing at all is taken, and a master does not"
                    + " start; 0B to 1TiB.")
        long freeSpaceMin,
    @Setting(
            value = "512MiB",
            bytes = true,
            doc =
                "Free space on the leader's disk below which the cluster is read-only: only deletes"
                    + " are taken; free_space_min to 1TiB.")
        long diskLowWatermark,
    @Setting(
            value = "1GiB",
            bytes = true,
            doc =
                "Free space on the leader's disk from which it takes all commands again;"
                    + " disk_low_watermark to 2TiB.")
        long diskHighWatermark,
    @Setting(value = "2", doc = "Event loops of the RPC port; 1 to 64.") int rpcThreads,
    @Setting(
            value = "true",
            doc =
                "Read for up to 110 ms without asking the other masters again. Turn it off where the"
                    + " machine may be suspended and woken: its clock stands still meanwhile.")
        boolean readLease,
    @Setting(
            value = "2",
            doc = "Threads that answer queries which are not brief, such as listings; 1 to 64.")
        int queryThreads,
    @Setting(value = "16384", doc = "Queries that wait for a thread; 16 to 1048576.")
        int queryQueue,
    @Setting(
            value = "2",
            doc =
                "Past states of the namespace that are open at the same time, for who looks back; 2"
                    + " to 16.")
        int pastStates,
    @Setting(
            value = "5m",
            doc = "A past state that nobody has looked at for so long is closed; 1s to 1d.")
        Duration pastIdle) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  public MasterConfig {
    check(
        NAME.matcher(clusterName).matches(),
        "cluster_name",
        clusterName,
        "1 to 64 letters, digits, '_', '.', '-', a letter or digit first");
    clusterPeers = List.copyOf(clusterPeers);
    List<Peer> all = Peer.parseAll(clusterPeers);
    String ids = all.stream().map(Peer::id).collect(Collectors.joining(", "));
    check(all.size() <= 16, "cluster_peers", clusterPeers, "up to 16 masters");
    String self = id;
    check(!bindHost.isBlank(), "bind_host", bindHost, "an address or a name");
    check(
        all.stream().anyMatch(p -> p.id().equals(self)),
        "id",
        id,
        "one of the cluster_peers: " + ids);
    range("snapshot_entries", snapshotEntries, 100, 1_000_000_000L);
    range("snapshot_bytes", snapshotBytes, 1 << 20, 1L << 40);
    range("snapshot_age", snapshotAge, Duration.ofSeconds(1), Duration.ofDays(30));
    range("snapshots_kept", snapshotsKept, 1, 16);
    check(
        snapshotTransferRate == 0
            || (snapshotTransferRate >= 1 << 20 && snapshotTransferRate <= 1L << 40),
        "snapshot_transfer_rate",
        snapshotTransferRate,
        "0 (no limit), or 1048576 to 1099511627776");
    range("decide_queue", decideQueue, 16, 1 << 20);
    range("batch_commands", batchCommands, 1, 1 << 16);
    range("batch_bytes", batchBytes, 64 << 10, 16 << 20);
    range("session_timeout", sessionTimeout, Duration.ofSeconds(1), Duration.ofDays(1));
    range("worker_lease", workerLease, Duration.ofMillis(100), Duration.ofMinutes(10));
    range("dead_worker_after", deadWorkerAfter, workerLease, Duration.ofHours(1));
    range(
        "replicate_after",
        replicateAfter,
        Duration.ofSeconds(1),
        deadWorkerAfter.multipliedBy(100));
    range("scan_interval", scanInterval, Duration.ZERO, Duration.ofDays(7));
    range("ufs_threads", ufsThreads, 1, 256);
    range("job_timeout", jobTimeout, Duration.ofSeconds(1), Duration.ofDays(7));
    range("job_retry_min", jobRetryMin, Duration.ofMillis(10), Duration.ofHours(1));
    range("job_retry_max", jobRetryMax, jobRetryMin, Duration.ofDays(1));
    range("job_give_up_after", jobGiveUpAfter, Duration.ofSeconds(1), Duration.ofDays(3_650));
    range("journal_segment", journalSegment, 64 << 10, 1 << 30);
    range("journal_retention", journalRetention, 0, Long.MAX_VALUE);
    range("journal_floor_max", journalFloorMax, 0, Long.MAX_VALUE);
    range("journal_retention_age", journalRetentionAge, Duration.ZERO, Duration.ofDays(36_500));
    range("feed_group_retention", feedGroupRetention, Duration.ofMinutes(1), Duration.ofDays(3650));
    range("raft_segment", raftSegment, 64 << 10, 1 << 30);
    range("state_cache", stateCache, 1 << 20, 64L << 30);
    range("block_cache", blockCache, 8 << 20, 1L << 40);
    range("write_buffer", writeBuffer, 4 << 20, 16L << 30);
    range("election_timeout_min", electionTimeoutMin, Duration.ofMillis(50), Duration.ofMinutes(1));
    range(
        "election_timeout_max",
        electionTimeoutMax,
        electionTimeoutMin.plusMillis(1),
        Duration.ofMinutes(2));
    range("pause_max", pauseMax, Duration.ofSeconds(5), Duration.ofHours(1));
    range("free_space_min", freeSpaceMin, 0, 1L << 40);
    range("disk_low_watermark", diskLowWatermark, freeSpaceMin, 1L << 40);
    range("disk_high_watermark", diskHighWatermark, diskLowWatermark, 1L << 41);
    range("rpc_threads", rpcThreads, 1, 64);
    range("query_threads", queryThreads, 1, 64);
    range("query_queue", queryQueue, 16, 1 << 20);
    range("past_states", pastStates, 2, 16);
    range("past_idle", pastIdle, Duration.ofSeconds(1), Duration.ofDays(1));
  }

  /** The defaults: the first of three masters on this machine. */
  public static MasterConfig defaults() {
    return new MasterConfig(
        "m1",
        "curvine",
        List.of(
            "m1=127.0.0.1:9095:8995:9195:9295",
            "m2=127.0.0.1:9096:8996:9196:9296",
            "m3=127.0.0.1:9097:8997:9197:9297"),
        false,
        "127.0.0.1",
        Path.of("data/master"),
        400_000,
        256L << 20,
        Duration.ofHours(6),
        2,
        64L << 20,
        8192,
        1024,
        2 << 20,
        Duration.ofSeconds(60),
        Duration.ofSeconds(10),
        Duration.ofSeconds(15),
        Duration.ofMinutes(5),
        Duration.ofSeconds(60),
        4,
        "",
        Duration.ofMinutes(10),
        Duration.ofSeconds(1),
        Duration.ofMinutes(1),
        Duration.ofDays(7),
        64L << 20,
        8L << 30,
        Duration.ofDays(7),
        64L << 30,
        Duration.ofDays(7),
        16L << 20,
        160L << 20,
        64L << 20,
        64L << 20,
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofSeconds(60),
        256L << 20,
        512L << 20,
        1L << 30,
        2,
        true,
        2,
        16_384,
        2,
        Duration.ofMinutes(5));
  }

  /** The same as another member of another cluster, with its own directory. */
  public MasterConfig withMember(String member, List<String> cluster, Path directory) {
    return copy(member, cluster, directory, tuned());
  }

  /** The same of a cluster of another name. */
  public MasterConfig withClusterName(String name) {
    Tuned tuned = tuned();
    tuned.clusterName = name;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same, and it does not make a cluster by itself. */
  public MasterConfig joining() {
    Tuned tuned = tuned();
    tuned.join = true;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same with a snapshot after so many entries, and Raft log files of this size. */
  public MasterConfig withSnapshots(long entries, long raftSegmentBytes) {
    Tuned tuned = tuned();
    tuned.snapshotEntries = entries;
    tuned.raftSegment = raftSegmentBytes;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same with another rate for the transfer of snapshots. */
  public MasterConfig withSnapshotTransferRate(long bytesPerSecond) {
    Tuned tuned = tuned();
    tuned.snapshotTransferRate = bytesPerSecond;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same with other marks of free space. */
  public MasterConfig withFreeSpace(long least, long low, long high) {
    Tuned tuned = tuned();
    tuned.freeSpaceMin = least;
    tuned.diskLowWatermark = low;
    tuned.diskHighWatermark = high;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same with other amounts of memory for the state. */
  public MasterConfig withStateMemory(long cache, long blocks, long writes) {
    Tuned tuned = tuned();
    tuned.stateCache = cache;
    tuned.blockCache = blocks;
    tuned.writeBuffer = writes;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same with other waits for a lost leader. */
  public MasterConfig withElectionTimeout(Duration min, Duration max) {
    Tuned tuned = tuned();
    tuned.electionTimeoutMin = min;
    tuned.electionTimeoutMax = max;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same with another session timeout. */
  public MasterConfig withSessionTimeout(Duration timeout) {
    Tuned tuned = tuned();
    tuned.sessionTimeout = timeout;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same with the read lease on or off. */
  public MasterConfig withReadLease(boolean on) {
    Tuned tuned = tuned();
    tuned.readLease = on;
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The same with a file of keys for the secrets of mounts. */
  public MasterConfig withSecretsKeyFile(Path file) {
    Tuned tuned = tuned();
    tuned.secretsKeyFile = file.toString();
    return copy(id, clusterPeers, dataDir, tuned);
  }

  /** The masters that the configuration names, in its order; who is one, Raft's log says. */
  public List<Peer> members() {
    return Peer.parseAll(clusterPeers);
  }

  /** This master. */
  public Peer self() {
    return member(id);
  }

  /**
   * One master that the configuration names.
   *
   * @throws IllegalArgumentException where the id is none of the peers
   */
  public Peer member(String member) {
    return members().stream()
        .filter(peer -> peer.id().equals(member))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no peer has the id " + member));
  }

  /** Where one of this master's ports is bound. */
  public HostPort bind(int port) {
    return new HostPort(bindHost, port);
  }

  /** What tests set, for a copy. */
  private static final class Tuned {
    private String clusterName;
    private boolean join;
    private long snapshotEntries;
    private long snapshotTransferRate;
    private long raftSegment;
    private long stateCache;
    private long blockCache;
    private long writeBuffer;
    private Duration electionTimeoutMin;
    private Duration electionTimeoutMax;
    private long freeSpaceMin;
    private long diskLowWatermark;
    private long diskHighWatermark;
    private Duration sessionTimeout;
    private boolean readLease;
    private String secretsKeyFile;
  }

  private Tuned tuned() {
    Tuned tuned = new Tuned();
    tuned.clusterName = clusterName;
    tuned.join = join;
    tuned.snapshotEntries = snapshotEntries;
    tuned.snapshotTransferRate = snapshotTransferRate;
    tuned.raftSegment = raftSegment;
    tuned.stateCache = stateCache;
    tuned.blockCache = blockCache;
    tuned.writeBuffer = writeBuffer;
    tuned.electionTimeoutMin = electionTimeoutMin;
    tuned.electionTimeoutMax = electionTimeoutMax;
    tuned.freeSpaceMin = freeSpaceMin;
    tuned.diskLowWatermark = diskLowWatermark;
    tuned.diskHighWatermark = diskHighWatermark;
    tuned.sessionTimeout = sessionTimeout;
    tuned.readLease = readLease;
    tuned.secretsKeyFile = secretsKeyFile;
    return tuned;
  }

  private MasterConfig copy(String member, List<String> cluster, Path directory, Tuned tuned) {
    return new MasterConfig(
        member,
        tuned.clusterName,
        cluster,
        tuned.join,
        bindHost,
        directory,
        tuned.snapshotEntries,
        snapshotBytes,
        snapshotAge,
        snapshotsKept,
        tuned.snapshotTransferRate,
        decideQueue,
        batchCommands,
        batchBytes,
        tuned.sessionTimeout,
        workerLease,
        deadWorkerAfter,
        replicateAfter,
        scanInterval,
        ufsThreads,
        tuned.secretsKeyFile,
        jobTimeout,
        jobRetryMin,
        jobRetryMax,
        jobGiveUpAfter,
        journalSegment,
        journalRetention,
        journalRetentionAge,
        journalFloorMax,
        feedGroupRetention,
        tuned.raftSegment,
        tuned.stateCache,
        tuned.blockCache,
        tuned.writeBuffer,
        tuned.electionTimeoutMin,
        tuned.electionTimeoutMax,
        pauseMax,
        tuned.freeSpaceMin,
        tuned.diskLowWatermark,
        tuned.diskHighWatermark,
        rpcThreads,
        tuned.readLease,
        queryThreads,
        queryQueue,
        pastStates,
        pastIdle);
  }
}
