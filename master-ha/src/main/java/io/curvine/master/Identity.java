/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.raft.RaftNode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whose a data directory is: the file {@code identity} with node id, peers and, once formed, the
 * cluster id; and a lock while a master runs on it. Thread-safe.
 */
final class Identity implements AutoCloseable {
  private static final String NODE = "node";
  private static final String GROUP = "group";
  private static final String CLUSTER = "cluster";

  private final Path file;
  private final FileChannel lockChannel;
  private final Map<String, String> values;

  private Identity(Path file, FileChannel lockChannel, Map<String, String> values) {
    this.file = file;
    this.lockChannel = lockChannel;
    this.values = values;
  }

  /**
   * Takes the directory for this master.
   *
   * @throws IOException where it is another master's or another cluster's, or in use
   */
  static Identity take(MasterConfig config) throws IOException {
    Path directory = Files.createDirectories(config.dataDir());
    FileChannel lock =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(lock, directory);
      Path file = directory.resolve("identity");
      Identity identity = new Identity(file, lock, read(file));
      identity.claim(config, directory);
      return identity;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static void lock(FileChannel channel, Path directory) throws IOException {
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      throw new IOException("data_dir is " + directory + ": another master runs on it");
    }
  }

  private static Map<String, String> read(Path file) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        List<String> parts = List.of(line.split("=", 2));
        if (parts.size() == 2) {
          values.put(parts.get(0), parts.get(1));
        }
      }
    }
    return values;
  }

  private void claim(MasterConfig config, Path directory) throws IOException {
    String group = RaftNode.groupUuid(config).toString();
    String node = values.getOrDefault(NODE, config.id());
    if (!node.equals(config.id())) {
      throw new IOException(
          "data_dir is "
              + directory
              + " of master "
              + node
              + "; allowed: its own, not "
              + config.id()
              + "'s");
    }
    if (!values.getOrDefault(GROUP, group).equals(group)) {
      throw new IOException(
          "data_dir is "
              + directory
              + " of a cluster with other cluster_peers; allowed: the"
              + " peers that it was made with, or an empty directory");
    }
    values.put(NODE, node);
    values.put(GROUP, group);
    write();
  }

  /**
   * Notes the cluster's id when it is first known.
   *
   * @throws IOException where the directory belongs to another cluster
   */
  synchronized void confirm(String clusterId) throws IOException {
    String known = values.get(CLUSTER);
    if (known == null) {
      values.put(CLUSTER, clusterId);
      write();
    } else if (!known.equals(clusterId)) {
      throw new IOException(
          "the data directory belongs to cluster " + known + ", the other masters to " + clusterId);
    }
  }

  private void write() throws IOException {
    Path next = file.resolveSibling("identity.next");
    StringBuilder text = new StringBuilder();
    values.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    Files.writeString(next, text, StandardCharsets.UTF_8);
    try (FileChannel channel = FileChannel.open(next, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() throws IOException {
    lockChannel.close();
  }
}
