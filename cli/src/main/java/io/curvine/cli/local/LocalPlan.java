/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.CliException;
import io.curvine.protocol.net.HostPort;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What runs where in a local cluster: all ports follow from one base port, all directories from
 * one. Immutable.
 *
 * @param dataDir absolute
 * @param basePort of the first master's RPC
 * @param workers how many
 * @param cache capacity of each worker, as {@code 10GiB}
 * @param mountPoint absolute; empty: no mount
 */
record LocalPlan(Path dataDir, int basePort, int workers, String cache, Optional<Path> mountPoint) {
  static final int MASTERS = 3;
  static final int WORKERS_MAX = 50;
  static final String HOST = "127.0.0.1";

  private static final int RAFT = 100;
  private static final int FEED = 200;
  private static final int HTTP = 300;
  private static final int DATA = 400;
  private static final int WORKER_HTTP = 500;
  private static final int MOUNT_HTTP = 600;
  private static final int PORT_MAX = 65_535;

  /**
   * Checks the numbers.
   *
   * @throws CliException naming the option and what is allowed
   */
  LocalPlan checked() throws CliException {
    if (basePort < 1 || basePort + MOUNT_HTTP > PORT_MAX) {
      throw new CliException(
          "--base-port is " + basePort + "; allowed: 1 to " + (PORT_MAX - MOUNT_HTTP));
    }
    if (workers < 1 || workers > WORKERS_MAX) {
      throw new CliException("--workers is " + workers + "; allowed: 1 to " + WORKERS_MAX);
    }
    return this;
  }

  List<NodeSpec> masters() {
    return IntStream.range(0, MASTERS).mapToObj(this::master).toList();
  }

  List<NodeSpec> workerNodes() {
    return IntStream.range(0, workers).mapToObj(this::worker).toList();
  }

  Optional<NodeSpec> mount() {
    return mountPoint.map(
        point ->
            new NodeSpec(
                NodeSpec.Role.FUSE,
                "mount",
                List.of(new Port("HTTP", basePort + MOUNT_HTTP)),
                point,
                log("mount"),
                List.of("client.masters=" + masterRpcs())));
  }

  /**
   * A mount beside those of the plan, on a directory of its own below that of the data.
   *
   * @param number from 1, for its port
   */
  NodeSpec furtherMount(String id, int number, List<String> furtherSettings, List<String> options) {
    List<String> settings = new ArrayList<>(List.of("client.masters=" + masterRpcs()));
    settings.addAll(furtherSettings);
    return new NodeSpec(
        NodeSpec.Role.FUSE,
        id,
        List.of(new Port("HTTP", basePort + MOUNT_HTTP + number)),
        dataDir.resolve("mounts").resolve(id),
        log(id),
        List.copyOf(settings),
        options);
  }

  /** All nodes, in the order in which they start. */
  List<NodeSpec> all() {
    List<NodeSpec> all = new ArrayList<>(masters());
    all.addAll(workerNodes());
    mount().ifPresent(all::add);
    return all;
  }

  /** RPC addresses, comma-separated. */
  String masterRpcs() {
    return IntStream.range(0, MASTERS)
        .mapToObj(i -> new HostPort(HOST, basePort + i).toString())
        .collect(Collectors.joining(","));
  }

  private NodeSpec master(int i) {
    String id = masterId(i);
    Path directory = dataDir.resolve("masters").resolve(id);
    return new NodeSpec(
        NodeSpec.Role.MASTER,
        id,
        List.of(
            new Port("RPC", basePort + i),
            new Port("Raft", basePort + RAFT + i),
            new Port("FEED", basePort + FEED + i),
            new Port("HTTP", basePort + HTTP + i)),
        directory,
        log(id),
        List.of(
            "master.id=" + id,
            "master.bind-host=" + HOST,
            "master.data-dir=" + directory,
            "master.secrets-key-file=" + secretsKeyFile(),
            "master.cluster-peers=" + peers()));
  }

  /** One for all masters, made at the first start. */
  Path secretsKeyFile() {
    return dataDir.resolve("secrets.key");
  }

  private NodeSpec worker(int i) {
    String id = "w" + (i + 1);
    Path directory = dataDir.resolve("workers").resolve(id);
    return new NodeSpec(
        NodeSpec.Role.WORKER,
        id,
        List.of(
            new Port("DATA", basePort + DATA + i), new Port("HTTP", basePort + WORKER_HTTP + i)),
        directory,
        log(id),
        List.of(
            "worker.masters=" + masterRpcs(),
            "worker.bind-host=" + HOST,
            "worker.advertised-host=" + HOST,
            "worker.data-port=" + (basePort + DATA + i),
            "worker.http-port=" + (basePort + WORKER_HTTP + i),
            "worker.id-dir=" + directory.resolve("id"),
            "worker.dirs=SSD:" + directory.resolve("cache") + ":" + cache));
  }

  private String peers() {
    return IntStream.range(0, MASTERS)
        .mapToObj(
            i ->
                masterId(i)
                    + "="
                    + HOST
                    + ":"
                    + (basePort + RAFT + i)
                    + ":"
                    + (basePort + i)
                    + ":"
                    + (basePort + FEED + i)
                    + ":"
                    + (basePort + HTTP + i))
        .collect(Collectors.joining(","));
  }

  private static String masterId(int i) {
    return "m" + (i + 1);
  }

  private Path log(String id) {
    return dataDir.resolve("logs").resolve(id + ".log");
  }

  /**
   * A port that a node listens on.
   *
   * @param use for people
   */
  record Port(String use, int number) {}
}
