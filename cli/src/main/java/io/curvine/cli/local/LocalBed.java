/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.CliException;
import io.curvine.cli.GlobalOptions;
import io.curvine.cli.node.MountPoint;
import io.curvine.master.secrets.SecretsKeyFile;
import io.curvine.protocol.io.FileTrees;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Three masters, and workers where they are wanted, as processes, on free ports and in a directory
 * of their own that goes with them: for measurements. Thread-safe.
 */
public final class LocalBed implements AutoCloseable {
  /** Below the ports that systems give to those who connect. */
  private static final int BASE_PORT_MIN = 12_000;

  private static final int BASE_PORT_MAX = 30_000;
  private static final int PORT_ATTEMPTS = 100;
  private static final int WORKERS_MAX = 2;
  private static final String CACHE = "1TiB";

  private final LocalPlan plan;
  private final ProcessNodes nodes;
  private final List<Path> further = new ArrayList<>();
  private int mounts; // further ones, by their ports
  private boolean closed;

  private LocalBed(LocalPlan plan, ProcessNodes nodes) {
    this.plan = plan;
    this.nodes = nodes;
  }

  /**
   * Starts the masters, and waits until they serve.
   *
   * @param parent where the directory is made
   * @param events is told what happens, a line each
   * @throws CliException where one cannot start, with the reason
   */
  public static LocalBed start(
      Path launcher, GlobalOptions global, Path parent, Consumer<String> events)
      throws IOException {
    Path directory = Files.createTempDirectory(parent.toAbsolutePath(), "curvine-bench-");
    Files.createDirectories(directory.resolve("logs"));
    LocalPlan plan = plan(directory, freeBasePort(directory));
    ProcessNodes nodes = new ProcessNodes(launcher, LocalCommand.commonOptions(global), events);
    LocalBed bed = new LocalBed(plan, nodes);
    SecretsKeyFile.make(plan.secretsKeyFile());
    try {
      for (NodeSpec master : plan.masters()) {
        nodes.start(master);
      }
      new LocalReadiness(nodes).await(plan.masters());
      return bed;
    } catch (IOException | RuntimeException e) {
      bed.close();
      throw e;
    }
  }

  private static LocalPlan plan(Path directory, int basePort) {
    return new LocalPlan(
        directory, basePort, WORKERS_MAX, CACHE, Optional.of(directory.resolve("mount")));
  }

  private static int freeBasePort(Path directory) throws CliException {
    for (int i = 0; i < PORT_ATTEMPTS; i++) {
      int base = ThreadLocalRandom.current().nextInt(BASE_PORT_MIN, BASE_PORT_MAX);
      if (Ports.areFree(plan(directory, base).all())) {
        return base;
      }
    }
    throw new CliException(
        "no free ports between " + BASE_PORT_MIN + " and " + BASE_PORT_MAX + " were found");
  }

  /**
   * Starts a worker, and waits until it serves. It keeps nothing of what is deleted: what is
   * written next finds the memory that this took, as it does after the writes that it is compared
   * with.
   *
   * @param number 0 or 1
   * @return its process id
   */
  public long startWorker(int number) throws IOException {
    NodeSpec worker = worker(number);
    nodes.start(worker);
    new LocalReadiness(nodes).await(List.of(worker));
    return nodes.pid(worker);
  }

  /** Mounts the namespace, and waits until it can be used; gives where. */
  public Path startMount() throws IOException {
    NodeSpec mount = plan.mount().orElseThrow();
    nodes.start(mount);
    new LocalReadiness(nodes).await(List.of(mount));
    return mount.directory();
  }

  /**
   * A mount that serves.
   *
   * @param directory where it is
   * @param pid its process
   */
  public record Mounted(Path directory, long pid) {}

  /**
   * Mounts the namespace once more, and waits until it can be used.
   *
   * @param id its name, and that of its directory
   * @param settings {@code section.key=value} over the configuration
   */
  public Mounted startMount(String id, List<String> settings) throws IOException {
    return startFurther(id, settings, List.of());
  }

  /** The same of a file system in memory, which knows nothing of the cluster. */
  public Mounted startNullMount(String id, List<String> settings) throws IOException {
    return startFurther(id, settings, List.of("--null"));
  }

  private Mounted startFurther(String id, List<String> settings, List<String> options)
      throws IOException {
    NodeSpec mount;
    synchronized (this) {
      do {
        mount = plan.furtherMount(id, ++mounts, settings, options);
      } while (!Ports.areFree(List.of(mount)));
      nodes.start(mount);
      further.add(mount.directory());
    }
    new LocalReadiness(nodes).await(List.of(mount));
    return new Mounted(mount.directory(), nodes.pid(mount));
  }

  /** Ends a worker as a crash would, starts it again, and waits until it serves. */
  public void restartWorker(int number) throws IOException, InterruptedException {
    NodeSpec worker = worker(number);
    nodes.hold(worker);
    nodes.release(worker);
    new LocalReadiness(nodes).await(List.of(worker));
  }

  private NodeSpec worker(int number) {
    return plan.workerNodes().get(number).with("worker.unnamed-kept=0s");
  }

  /** Where a worker's cache lies. */
  public Path cache(int worker) {
    return plan.workerNodes().get(worker).directory().resolve("cache");
  }

  /** The processes of the masters that run. */
  public List<Long> masterPids() {
    return plan.masters().stream().map(nodes::pid).filter(pid -> pid != 0).toList();
  }

  /** RPC addresses, comma-separated. */
  public String masterRpcs() {
    return plan.masterRpcs();
  }

  /** The name of the master at an RPC address. */
  public String id(HostPort rpc) {
    return plan.masters().stream()
        .filter(master -> master.address("RPC").equals(rpc.toString()))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no master " + rpc))
        .id();
  }

  /** Where data and logs of the masters lie. */
  public Path directory() {
    return plan.dataDir();
  }

  /** From now on a master that ends is started again. */
  public void keepRunning() {
    nodes.keepRunning();
  }

  /**
   * Ends a master as a crash would.
   *
   * @param id its name, such as m1
   */
  public void kill(String id) {
    nodes.kill(master(id));
  }

  /** Ends a master as a crash would, and leaves it so until it is released. */
  public void hold(String id) throws InterruptedException {
    nodes.hold(master(id));
  }

  /** Deletes all that a master has, which is held. */
  public void wipe(String id) throws IOException {
    FileTrees.delete(master(id).directory());
  }

  /** Starts a master that is held. */
  public void release(String id) throws IOException {
    nodes.release(master(id));
  }

  private NodeSpec master(String id) {
    return plan.masters().stream()
        .filter(master -> master.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no master " + id));
  }

  /** Why a master has ended; empty: all run. */
  public Optional<String> failure() {
    return nodes.failure();
  }

  /** Stops them and deletes their directory. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    nodes.close();
    try {
      for (Path mount : further) {
        if (MountPoint.isMounted(mount)) { // its process was killed, or something is open in it
          MountPoint.detach(mount);
        }
      }
      FileTrees.delete(plan.dataDir());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + plan.dataDir(), e);
    }
  }
}
