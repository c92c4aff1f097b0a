/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static io.curvine.protocol.config.Allowed.check;
import static io.curvine.protocol.config.Allowed.range;

import io.curvine.protocol.Limits;
import io.curvine.protocol.block.WriteAck;
import io.curvine.protocol.config.Setting;
import io.curvine.protocol.net.HostPort;
import java.time.Duration;
import java.util.List;

/**
 * How a client behaves. Immutable; a value that is out of range is refused with the key, the value
 * and what is allowed.
 */
public record ClientConfig(
    @Setting(
            value = "127.0.0.1:8995,127.0.0.1:8996,127.0.0.1:8997",
            doc = "RPC addresses of the masters, host:port, in any order.")
        List<HostPort> masters,
    @Setting(
            value = "30s",
            doc = "Patience of one call over all its retries and failovers; 100ms to 1h.")
        Duration requestTimeout,
    @Setting(value = "2s", doc = "To connect to a master or worker; 10ms to 1m.")
        Duration connectTimeout,
    @Setting(
            value = "5s",
            doc = "For one answer of one master, before another is asked; 50ms to 10m.")
        Duration attemptTimeout,
    @Setting(
            value = "15s",
            doc =
                "For one answer of a worker, before another is asked; 100ms to 10m. A read may have"
                    + " to wait for the UFS.")
        Duration blockTimeout,
    @Setting(
            value = "10m",
            doc = "For the UFS to follow a change under a write-through mount; 1s to 24h.")
        Duration jobTimeout,
    @Setting(
            value = "8MiB",
            bytes = true,
            doc = "Read-ahead of one sequential reader; 0 (none) to 256MiB.")
        long readWindowBytes,
    @Setting(
            value = "4MiB",
            bytes = true,
            doc = "Written and not yet acknowledged, for one writer; 1MiB to 64MiB.")
        long writeWindowBytes,
    @Setting(
            value = "128MiB",
            bytes = true,
            doc = "Read-ahead of all readers together; 0 (none) to 16GiB.")
        long prefetchBytes,
    @Setting(
            value = "0B",
            bytes = true,
            doc = "Block size of new files, a multiple of 1MiB up to 1GiB; 0: the mount's default.")
        long blockSize,
    @Setting(
            value = "0",
            doc =
                "Replicas of blocks that the UFS does not have yet, 1 to 16; 0: of the mount, else 2.")
        int replicas,
    @Setting(
            value = "page-cache",
            doc =
                "When what is written counts as written, on every replica. memory: it is in memory,"
                    + " in a MEM directory where a worker has one with room; outlives processes, not"
                    + " the machine. page-cache: it is in a file on a disk, not forced there."
                    + " fsync: it is on the disk, at every flush and close.")
        WriteAck writeAck,
    @Setting(value = "curvine-client", doc = "Shown to operators; 1 to 255 characters.")
        String clientName,
    @Setting(
            value = "",
            doc = "Workers on this host are preferred; empty: the name of this machine.")
        String clientHost,
    @Setting(
            value = "",
            doc =
                "Workers in this rack (worker.rack) are preferred to those in others; empty: the rack"
                    + " of a worker on this host.")
        String clientRack,
    @Setting(value = "true", doc = "Check the CRC32C of what workers send.")
        boolean verifyChecksums,
    @Setting(
            value = "true",
            doc = "Use the Unix domain socket of a worker on this host instead of its port.")
        boolean localSockets,
    @Setting(
            value = "true",
            doc =
                "Read and write the files of a worker on this host that has a socket, without the worker,"
                    + " where it lets one; blocks of several replicas are written through it.")
        boolean shortCircuit,
    @Setting(
            value = "leader",
            doc =
                "Which masters answer lookups and listings. leader: the leader. any: all in turn, as"
                    + " current as the leader. stale: all in turn, behind by up to max_staleness.")
        ReadFrom readFrom,
    @Setting(value = "1s", doc = "How far behind an answer may be with read_from stale; 1ms to 1h.")
        Duration maxStaleness,
    @Setting(
            value = "true",
            doc =
                "Workers keep what they fetch from the UFS for this client's reads. false: what is"
                    + " cached is used, all else is fetched and forgotten.")
        boolean cache) {
  private static final int MASTERS_MAX = 64;

  public ClientConfig {
    masters = List.copyOf(masters);
    check(!masters.isEmpty(), "masters", masters, "at least one host:port");
    check(masters.size() <= MASTERS_MAX, "masters", masters, "at most " + MASTERS_MAX);
    masters.forEach(m -> check(m.port() > 0, "masters", m, "a port of 1 to 65535"));
    range("request_timeout", requestTimeout, Duration.ofMillis(100), Duration.ofHours(1));
    range("connect_timeout", connectTimeout, Duration.ofMillis(10), Duration.ofMinutes(1));
    range("attempt_timeout", attemptTimeout, Duration.ofMillis(50), Duration.ofMinutes(10));
    range("block_timeout", blockTimeout, Duration.ofMillis(100), Duration.ofMinutes(10));
    range("job_timeout", jobTimeout, Duration.ofSeconds(1), Duration.ofHours(24));
    range("read_window_bytes", readWindowBytes, 0, 256L << 20);
    range("write_window_bytes", writeWindowBytes, 1 << 20, 64L << 20);
    range("prefetch_bytes", prefetchBytes, 0, 16L << 30);
    check(
        blockSize == 0
            || (blockSize % Limits.PAGE_SIZE_BYTES == 0
                && blockSize >= Limits.BLOCK_SIZE_MIN_BYTES
                && blockSize <= Limits.BLOCK_SIZE_MAX_BYTES),
        "block_size",
        blockSize,
        "0 or a multiple of 1MiB, up to 1GiB");
    range("replicas", replicas, 0, Limits.REPLICAS_MAX);
    check(
        !clientName.isBlank() && clientName.length() <= 255,
        "client_name",
        clientName,
        "1 to 255 characters");
    check(clientRack.length() <= 255, "client_rack", clientRack, "up to 255 characters");
    range(
        "max_staleness",
        maxStaleness,
        Duration.ofMillis(1),
        Duration.ofMillis(Limits.STALENESS_MAX_MS));
  }

  /** The defaults, for a local cluster. */
  public static ClientConfig defaults() {
    return new ClientConfig(
        HostPort.parseList("127.0.0.1:8995,127.0.0.1:8996,127.0.0.1:8997"),
        Duration.ofSeconds(30),
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15),
        Duration.ofMinutes(10),
        8 << 20,
        4 << 20,
        128 << 20,
        0,
        0,
        WriteAck.PAGE_CACHE,
        "curvine-client",
        "",
        "",
        true,
        true,
        true,
        ReadFrom.LEADER,
        Duration.ofSeconds(1),
        true);
  }

  /** How files are read where the caller does not say. */
  public ReadOptions reading() {
    return new ReadOptions(cache);
  }

  /** The same for other masters. */
  public ClientConfig withMasters(List<HostPort> addresses) {
    return copy(addresses, requestTimeout, writeAck, clientName, readFrom, maxStaleness);
  }

  /** The same with another name for operators to see. */
  public ClientConfig withClientName(String name) {
    return copy(masters, requestTimeout, writeAck, name, readFrom, maxStaleness);
  }

  /** The same with another patience. */
  public ClientConfig withRequestTimeout(Duration timeout) {
    return copy(masters, timeout, writeAck, clientName, readFrom, maxStaleness);
  }

  /** The same with another point at which what is written counts as written. */
  public ClientConfig withWriteAck(WriteAck ack) {
    return copy(masters, requestTimeout, ack, clientName, readFrom, maxStaleness);
  }

  /** The same with other masters to read from, and how far behind those may be. */
  public ClientConfig withReadFrom(ReadFrom from, Duration staleness) {
    return copy(masters, requestTimeout, writeAck, clientName, from, staleness);
  }

  private ClientConfig copy(
      List<HostPort> addresses,
      Duration patience,
      WriteAck ack,
      String name,
      ReadFrom from,
      Duration staleness) {
    return new ClientConfig(
        addresses,
        patience,
        connectTimeout,
        attemptTimeout,
        blockTimeout,
        jobTimeout,
        readWindowBytes,
        writeWindowBytes,
        prefetchBytes,
        blockSize,
        replicas,
        ack,
        name,
        clientHost,
        clientRack,
        verifyChecksums,
        localSockets,
        shortCircuit,
        from,
        staleness,
        cache);
  }
}
