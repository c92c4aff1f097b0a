/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker;

import static io.curvine.protocol.config.Allowed.check;
import static io.curvine.protocol.config.Allowed.range;

import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import io.curvine.worker.store.DirSpec;
import io.curvine.worker.store.Eviction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a worker behaves. Immutable; a value that is out of range is refused with the key, the value
 * and what is allowed.
 */
public record WorkerConfig(
    @Setting(
            value = "127.0.0.1:8995,127.0.0.1:8996,127.0.0.1:8997",
            doc = "RPC addresses of all masters, host:port, in any order.")
        List<HostPort> masters,
    @Setting(value = "0.0.0.0", doc = "Address that the data port listens on.") String bindHost,
    @Setting(
            value = "",
            doc = "Host that clients and other workers reach; empty: the name of this machine.")
        String advertisedHost,
    @Setting(
            value = "",
            doc =
                "What fails together with this machine, as a rack or a zone, by any name of up to 255"
                    + " characters: replicas are spread over racks, and clients in the rack prefer"
                    + " it. Empty: not known.")
        String rack,
    @Setting(value = "9395", doc = "TCP port of the data protocol, 1 to 65535; 0: a free one.")
        int dataPort,
    @Setting(
            value = "",
            doc =
                "Path of a Unix domain socket for clients on this host, at most 107 bytes; none: no such"
                    + " socket; empty: data.sock in id-dir.")
        String socket,
    @Setting(
            value = "9495",
            doc = "Port of the launcher's /metrics and /health, told to the masters; 0: none.")
        int httpPort,
    @Setting(
            value = "SSD:data/worker/cache:10GiB",
            doc =
                "Cache directories, each TIER:PATH:CAPACITY with TIER of MEM, SSD, HDD; fastest"
                    + " first. Each belongs to this worker alone.")
        List<String> dirs,
    @Setting(
            value = "95",
            doc = "A directory that is fuller than this, in percent, is evicted from; 2 to 100.")
        int highWatermarkPercent,
    @Setting(
            value = "85",
            doc = "Eviction stops here, in percent; 1 to less than high_watermark_percent.")
        int lowWatermarkPercent,
    @Setting(
            value = "80",
            doc =
                "Of each directory, what pinned paths may keep in it, in percent, and never more than"
                    + " low_watermark_percent: what comes after is cached and not pinned; 0 to 100.")
        int pinMaxPercent,
    @Setting(
            value = "data/worker/id",
            doc = "Directory that keeps the worker's identity, its cluster and its feed cursor.")
        Path idDir,
    @Setting(value = "1s", doc = "Between two heartbeats to each master; 10ms to 1m.")
        Duration heartbeatInterval,
    @Setting(value = "5s", doc = "For one answer of one master; 50ms to 10m.")
        Duration masterTimeout,
    @Setting(value = "16", doc = "Ranges fetched from UFSs at the same time, 1 to 1024.")
        int fillThreads,
    @Setting(
            value = "8MiB",
            bytes = true,
            doc = "Neighbouring missing pages are fetched in one range up to this; 1MiB to 64MiB.")
        long maxFillRangeBytes,
    @Setting(value = "8", doc = "Threads that read and write cache files, 1 to 1024.")
        int dataThreads,
    @Setting(value = "15s", doc = "For one answer of another worker in a pipeline; 100ms to 10m.")
        Duration peerTimeout,
    @Setting(
            value = "2m",
            doc =
                "A client that takes nothing of an answer that waits for it, or sends nothing more"
                    + " of half a request, for so long is cut off; 100ms to 1d.")
        Duration stallTimeout,
    @Setting(value = "4", doc = "Jobs (exports, loads, ...) run at the same time; 1 to 256.")
        int jobSlots,
    @Setting(
            value = "w-tinylfu",
            doc =
                "Which cached blocks go first: those used least often and lately (w-tinylfu), not for"
                    + " longest (lru), least often (lfu).")
        Eviction eviction,
    @Setting(
            value = "64MiB",
            bytes = true,
            doc = "A second, at most, moved between tiers; 0 (no limit) to 16GiB.")
        long moveRate,
    @Setting(
            value = "64MiB",
            bytes = true,
            doc =
                "A second, at most, copied from other workers where one of them was lost or is"
                    + " drained; 0 (no limit) to 16GiB.")
        long copyRate,
    @Setting(
            value = "16MiB",
            bytes = true,
            doc =
                "A second, at most, read to find pages that have gone bad; 0 (none is read) to 16GiB.")
        long scrubRate,
    @Setting(
            value = "8",
            doc =
                "A block of which so many times its bytes (so many times 16 MiB, at least) went to"
                    + " readers within 10 seconds gets further workers, where the UFS has it; 0"
                    + " (none does) to 10000.")
        int hotBlockReads,
    @Setting(value = "10m", doc = "Between two searches for blocks nobody names; 100ms to 7d.")
        Duration sweepInterval,
    @Setting(
            value = "10m",
            doc =
                "A block written by a client and not used since is taken for abandoned after this,"
                    + " if the masters do not name it; 100ms to 7d.")
        Duration writeGrace,
    @Setting(
            value = "10m",
            doc =
                "Blocks of deleted files and of older versions stay readable for so long, for who"
                    + " looks back or undeletes, unless their room is needed before; 0s (dropped at"
                    + " once) to 30d.")
        Duration unnamedKept) {
  private static final long RATE_MAX_BYTES = 16L << 30;

  public WorkerConfig {
    masters = List.copyOf(masters);
    dirs = List.copyOf(dirs);
    check(!masters.isEmpty() && masters.size() <= 64, "masters", masters, "1 to 64 host:port");
    masters.forEach(m -> check(m.port() > 0, "masters", m, "a port of 1 to 65535"));
    check(!bindHost.isBlank(), "bind_host", bindHost, "an address of this machine");
    check(rack.length() <= 255, "rack", rack, "up to 255 characters");
    range("data_port", dataPort, 0, 65_535);
    range("http_port", httpPort, 0, 65_535);
    check(!dirs.isEmpty() && dirs.size() <= 64, "dirs", dirs, "1 to 64 directories");
    checkDirs(dirs);
    range("high_watermark_percent", highWatermarkPercent, 2, 100);
    range("low_watermark_percent", lowWatermarkPercent, 1, highWatermarkPercent - 1);
    range("pin_max_percent", pinMaxPercent, 0, 100);
    range("heartbeat_interval", heartbeatInterval, Duration.ofMillis(10), Duration.ofMinutes(1));
    range("master_timeout", masterTimeout, Duration.ofMillis(50), Duration.ofMinutes(10));
    range("fill_threads", fillThreads, 1, 1024);
    range("max_fill_range_bytes", maxFillRangeBytes, 1 << 20, 64 << 20);
    range("data_threads", dataThreads, 1, 1024);
    range("peer_timeout", peerTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
    range("stall_timeout", stallTimeout, Duration.ofMillis(100), Duration.ofDays(1));
    range("job_slots", jobSlots, 1, 256);
    range("move_rate", moveRate, 0, RATE_MAX_BYTES);
    range("copy_rate", copyRate, 0, RATE_MAX_BYTES);
    range("scrub_rate", scrubRate, 0, RATE_MAX_BYTES);
    range("hot_block_reads", hotBlockReads, 0, 10_000);
    range("sweep_interval", sweepInterval, Duration.ofMillis(100), Duration.ofDays(7));
    range("write_grace", writeGrace, Duration.ofMillis(100), Duration.ofDays(7));
    range("unnamed_kept", unnamedKept, Duration.ZERO, Duration.ofDays(30));
  }

  /** The defaults, for a local cluster. */
  public static WorkerConfig defaults() {
    return new WorkerConfig(
        HostPort.parseList("127.0.0.1:8995,127.0.0.1:8996,127.0.0.1:8997"),
        "0.0.0.0",
        "",
        "",
        9395,
        "",
        9495,
        List.of("SSD:data/worker/cache:10GiB"),
        95,
        85,
        80,
        Path.of("data/worker/id"),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        16,
        8 << 20,
        8,
        Duration.ofSeconds(15),
        Duration.ofMinutes(2),
        4,
        Eviction.W_TINYLFU,
        64L << 20,
        64L << 20,
        16L << 20,
        8,
        Duration.ofMinutes(10),
        Duration.ofMinutes(10),
        Duration.ofMinutes(10));
  }

  /** The same for other masters. */
  public WorkerConfig withMasters(List<HostPort> addresses) {
    return copy(addresses, bindHost, advertisedHost, dataPort, dirs, idDir);
  }

  /** The same on another address, also told to others; port 0 takes a free one. */
  public WorkerConfig withAddress(String host, int port) {
    return copy(masters, host, host, port, dirs, idDir);
  }

  /** The same with other directories. */
  public WorkerConfig withDirs(List<String> specs, Path identity) {
    return copy(masters, bindHost, advertisedHost, dataPort, specs, identity);
  }

  /** Where the socket for clients on this host is; empty: there is none. */
  public Optional<Path> socketPath() {
    return switch (socket) {
      case "none" -> Optional.empty();
      case "" -> Optional.of(idDir.resolve("data.sock"));
      default -> Optional.of(Path.of(socket));
    };
  }

  /** The parsed form of {@link #dirs}. */
  public List<DirSpec> dirSpecs() {
    return dirs.stream().map(DirSpec::parse).toList();
  }

  private WorkerConfig copy(
      List<HostPort> addresses,
      String bind,
      String advertised,
      int port,
      List<String> specs,
      Path identity) {
    return new WorkerConfig(
        addresses,
        bind,
        advertised,
        rack,
        port,
        socket,
        httpPort,
        specs,
        highWatermarkPercent,
        lowWatermarkPercent,
        pinMaxPercent,
        identity,
        heartbeatInterval,
        masterTimeout,
        fillThreads,
        maxFillRangeBytes,
        dataThreads,
        peerTimeout,
        stallTimeout,
        jobSlots,
        eviction,
        moveRate,
        copyRate,
        scrubRate,
        hotBlockReads,
        sweepInterval,
        writeGrace,
        unnamedKept);
  }

  private static void checkDirs(List<String> dirs) {
    Set<Path> seen = new HashSet<>();
    for (String dir : dirs) {
      Path path = DirSpec.parse(dir).path().toAbsolutePath().normalize();
      check(seen.add(path), "dirs", dir, "each directory once");
    }
  }
}
