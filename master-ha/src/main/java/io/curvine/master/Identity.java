/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.disk.DirectoryLock;
import io.curvine.protocol.io.DurableFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whose a data directory is: the file {@code identity} with node id, name of the cluster, the
 * members last known and, once formed, the cluster id; and a lock while a master runs on it.
 * Thread-safe.
 */
final class Identity implements AutoCloseable {
  private static final String FILE = "identity";
  private static final String NODE = "node";
  private static final String NAME = "cluster-name";
  private static final String CLUSTER = "cluster";
  private static final String START = "start";
  private static final String MEMBERS = "members";
  private static final String REMOVED = "removed";
  private static final String JOIN = "join";
  private static final String FORM = "form";
  private static final String RESTORED = "restored";
  private static final String RESTORING = "restoring";

  private final Path file;
  private final DirectoryLock lock;
  private final Map<String, String> values;

  private Identity(Path file, DirectoryLock lock, Map<String, String> values) {
    this.file = file;
    this.lock = lock;
    this.values = values;
  }

  /**
   * Takes the directory for this master.
   *
   * @throws IOException where it is another master's, another cluster's or a removed member's, or
   *     in use
   */
  static Identity take(MasterConfig config) throws IOException {
    Path directory = Files.createDirectories(config.dataDir());
    DirectoryLock lock =
        DirectoryLock.take(directory)
            .orElseThrow(
                () -> new IOException("data_dir is " + directory + ": another master runs on it"));
    try {
      Path file = directory.resolve(FILE);
      Identity identity = new Identity(file, lock, read(file));
      identity.claim(config, directory);
      return identity;
    } catch (IOException | RuntimeException e) {
      lock.close();
      throw e;
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
    String name = values.getOrDefault(NAME, config.clusterName());
    if (!name.equals(config.clusterName())) {
      throw new IOException(
          "data_dir is "
              + directory
              + " of cluster '"
              + name
              + "'; allowed: one of cluster_name '"
              + config.clusterName()
              + "', or an empty directory");
    }
    if (values.containsKey(RESTORING)) {
      throw new IOException(
          "data_dir is "
              + directory
              + ", into which a snapshot was being restored; allowed: to restore it again with"
              + " 'curvine-admin snapshot restore --force'");
    }
    if (values.containsKey(REMOVED)) {
      throw new IOException(
          "data_dir is "
              + directory
              + " of master "
              + node
              + ", which was removed from the cluster; allowed: an empty directory, to have it added"
              + " anew");
    }
    values.put(NODE, node);
    values.put(NAME, name);
    write();
  }

  /** How this master began; empty where it has not yet. */
  synchronized Optional<Boolean> joined() {
    return Optional.ofNullable(values.get(START)).map(JOIN::equals);
  }

  /** Notes whether it joined a cluster or formed one, before it does. */
  synchronized void begins(boolean joins) throws IOException {
    values.put(START, joins ? JOIN : FORM);
    write();
  }

  /** Whether the directory has been part of a cluster. */
  synchronized boolean formed() {
    return values.containsKey(CLUSTER);
  }

  /** Whether the state was restored from a snapshot and no master has served it yet. */
  synchronized boolean restored() {
    return values.containsKey(RESTORED);
  }

  /**
   * Notes that a snapshot is being restored into a directory, whose identity stays otherwise.
   *
   * @return whether that was not noted already
   */
  static boolean beginRestore(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    Map<String, String> values = read(file);
    boolean news = values.put(RESTORING, "true") == null;
    write(file, values);
    return news;
  }

  /** Takes back {@link #beginRestore}. */
  static void withdrawRestore(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    Map<String, String> values = read(file);
    values.remove(RESTORING);
    if (values.isEmpty()) {
      Files.deleteIfExists(file);
    } else {
      write(file, values);
    }
  }

  /** Writes what a directory's identity was before {@link #beginRestore} into another. */
  static void keepFormer(Path directory, Path into) throws IOException {
    Map<String, String> values = read(directory.resolve(FILE));
    values.remove(RESTORING);
    if (!values.isEmpty()) {
      write(into.resolve(FILE), values);
    }
  }

  /** Makes a directory that of a restored state, and of no master so far. */
  static void endRestore(Path directory) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    values.put(RESTORED, "true");
    write(directory.resolve(FILE), values);
  }

  /** The members last known, as {@link Peer#parse} reads them; empty where none are. */
  synchronized List<String> members() {
    String known = values.getOrDefault(MEMBERS, "");
    return known.isEmpty() ? List.of() : List.of(known.split(",", -1));
  }

  /** Notes who the members are, for a start without the Raft log. */
  synchronized void members(List<String> peers) throws IOException {
    String joined = String.join(",", peers);
    // Raft knows its members: the first start after a restore has succeeded.
    boolean first = values.remove(RESTORED) != null;
    if (!joined.equals(values.put(MEMBERS, joined)) || first) {
      write();
    }
  }

  /** From now on nothing runs on this directory: its master is a member no more. */
  synchronized void removed() throws IOException {
    values.put(REMOVED, "true");
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
    write(file, values);
  }

  private static void write(Path file, Map<String, String> values) throws IOException {
    StringBuilder text = new StringBuilder();
    values.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
    DurableFile.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
