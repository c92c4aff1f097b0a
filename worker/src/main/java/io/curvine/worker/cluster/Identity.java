/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.cluster;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.io.DurableFile;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Who the worker is, across restarts: its uuid, the cluster that it belongs to, and how far it has
 * followed the journal; one small file each. Thread-safe.
 */
public final class Identity {
  private static final String UUID_FILE = "uuid";
  private static final String CLUSTER_FILE = "cluster";
  private static final String CURSOR_FILE = "feed-cursor";

  private final Path directory;
  private final String uuid;

  private Identity(Path directory, String uuid) {
    this.directory = directory;
    this.uuid = uuid;
  }

  /** Reads the identity, or makes one. */
  public static Identity open(Path directory) throws IOException {
    Files.createDirectories(directory);
    Identity old = new Identity(directory, "");
    String uuid = old.read(UUID_FILE);
    if (uuid.isEmpty()) {
      uuid = UUID.randomUUID().toString();
      old.write(UUID_FILE, uuid);
    }
    return new Identity(directory, uuid);
  }

  public String uuid() {
    return uuid;
  }

  /** The cluster that it joined; empty: none yet. */
  public synchronized String clusterId() throws IOException {
    return read(CLUSTER_FILE);
  }

  /**
   * Joins the cluster, once for ever.
   *
   * @throws CurvineException INVALID_ARGUMENT where it belongs to another
   */
  public synchronized void join(String clusterId) throws IOException {
    String joined = clusterId();
    if (!joined.isEmpty() && !joined.equals(clusterId)) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT,
          "id_dir "
              + directory
              + " belongs to a worker of cluster "
              + joined
              + ", the masters are of cluster "
              + clusterId
              + "; give masters of its own cluster, or other directories");
    }
    if (joined.isEmpty()) {
      write(CLUSTER_FILE, clusterId);
    }
  }

  /** The next offset to read from the journal, if it was kept. */
  public synchronized OptionalLong cursor() throws IOException {
    String text = read(CURSOR_FILE);
    return text.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(text));
  }

  /** Keeps the next offset to read. */
  public synchronized void keepCursor(long offset) throws IOException {
    write(CURSOR_FILE, Long.toString(offset));
  }

  private String read(String name) throws IOException {
    Path file = directory.resolve(name);
    return Files.exists(file) ? Files.readString(file).trim() : "";
  }

  private void write(String name, String text) throws IOException {
    DurableFile.write(directory.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }
}
