/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.bench.fuse;

import io.curvine.cli.bench.ProcessMemory;
import io.curvine.cli.local.LocalBed;
import io.curvine.cli.local.LocalBed.Mounted;
import io.curvine.client.Batch;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.client.Outcome;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.InodeType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A cluster with one worker that is mounted, and what a mount is compared with: a mount of nothing
 * but memory, a client, and a directory of this machine. What a case does not need is not started.
 * For one thread.
 */
final class FuseBed implements AutoCloseable {
  static final String CLIENT = "client";
  static final String MOUNT = "mount";
  static final String WORKER = "worker";
  static final String MASTERS = "masters";

  private static final List<String> KERNEL_CACHES_OFF =
      List.of("fuse.attr-timeout=0s", "fuse.entry-timeout=0s", "fuse.negative-timeout=0s");
  private static final int BATCH = 1_000;
  private static final int MODE_FILE = 0644;
  private static final int MODE_DIRECTORY = 0755;

  private final LocalBed cluster;
  private final CurvineClient client;
  private final long worker;
  private final Path local;
  private final List<Mounted> mounts = new ArrayList<>();
  private Mounted usual;
  private Mounted usualNull;
  private Mounted uncached;
  private Mounted uncachedNull;

  private FuseBed(LocalBed cluster, CurvineClient client, long worker, Path local) {
    this.cluster = cluster;
    this.client = client;
    this.worker = worker;
    this.local = local;
  }

  /**
   * Starts a worker and connects.
   *
   * @param cluster its masters; it stays the caller's
   */
  static FuseBed start(LocalBed cluster, ClientConfig config) throws IOException {
    long worker = cluster.startWorker(0);
    Path local = Files.createDirectory(cluster.directory().resolve("local"));
    return new FuseBed(cluster, CurvineClient.connect(config), worker, local);
  }

  CurvineClient client() {
    return client;
  }

  /** A directory of this machine. */
  Path local() {
    return local;
  }

  /** What all of it is below. */
  Path directory() {
    return cluster.directory();
  }

  /** The cluster, as its users mount it. */
  Mounted mount() throws IOException {
    if (usual == null) {
      usual = cluster.startMount("curvine", List.of());
      mounts.add(usual);
    }
    return usual;
  }

  /** The cluster, of which the kernel believes no name and no attribute for any time. */
  Mounted uncachedMount() throws IOException {
    if (uncached == null) {
      uncached = cluster.startMount("curvine-uncached", KERNEL_CACHES_OFF);
      mounts.add(uncached);
    }
    return uncached;
  }

  /** Memory, mounted in the same way as {@link #mount}. */
  Mounted nullMount() throws IOException {
    if (usualNull == null) {
      usualNull = cluster.startNullMount("null", List.of());
    }
    return usualNull;
  }

  /** Memory, mounted in the same way as {@link #uncachedMount}. */
  Mounted uncachedNullMount() throws IOException {
    if (uncachedNull == null) {
      uncachedNull = cluster.startNullMount("null-uncached", KERNEL_CACHES_OFF);
    }
    return uncachedNull;
  }

  private static List<Long> self() {
    return List.of(ProcessHandle.current().pid());
  }

  /** Who works when the cluster is used through a mount. */
  Map<String, List<Long>> rolesOf(Mounted mount) {
    return Map.of(
        CLIENT,
        self(),
        MOUNT,
        List.of(mount.pid()),
        WORKER,
        List.of(worker),
        MASTERS,
        cluster.masterPids());
  }

  /** Who works when a null mount is used. */
  Map<String, List<Long>> rolesOfNull(Mounted mount) {
    return Map.of(CLIENT, self(), MOUNT, List.of(mount.pid()));
  }

  /** Who works when the client is used. */
  Map<String, List<Long>> rolesOfClient() {
    return Map.of(CLIENT, self(), WORKER, List.of(worker), MASTERS, cluster.masterPids());
  }

  /** Who works when the machine's own file system is used. */
  Map<String, List<Long>> rolesOfLocal() {
    return Map.of(CLIENT, self());
  }

  /** Makes a directory of the root of the cluster. */
  void makeDirectory(String name) throws IOException {
    var unused = client.namespace().mkdir(Refs.path("/" + name), MODE_DIRECTORY, false);
  }

  /** Makes such a directory with so many empty files, which have numbers for names. */
  void makeFiles(String directory, int files) throws IOException {
    makeDirectory(directory);
    for (int first = 0; first < files; first += BATCH) {
      Batch batch = client.namespace().batch();
      for (int file = first; file < Math.min(files, first + BATCH); file++) {
        batch = batch.createEmpty(Refs.path("/" + directory + "/" + file), MODE_FILE);
      }
      for (Outcome outcome : batch.run()) {
        var unused = outcome.orThrow();
      }
    }
  }

  /** The same in another file system. */
  static Path makeFiles(Path directory, int files) throws IOException {
    Path made = Files.createDirectory(directory);
    for (int file = 0; file < files; file++) {
      var unused = Files.createFile(made.resolve(Integer.toString(file)));
    }
    return made;
  }

  /** Deletes a directory of the root of the cluster, with all that is in it. */
  void deleteDirectory(String name) throws IOException {
    client.namespace().delete(Refs.path("/" + name), InodeType.DIRECTORY, true, true);
  }

  /** What the process of a mount of the cluster had resident at most; of several, the largest. */
  long mostResident() throws IOException {
    long most = 0;
    for (Mounted each : mounts) {
      most = Math.max(most, ProcessMemory.mostResident(each.pid()));
    }
    return most;
  }

  @Override
  public void close() {
    client.close();
  }
}
