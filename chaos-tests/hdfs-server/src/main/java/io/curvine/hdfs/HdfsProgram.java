/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.hdfs;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.DFSConfigKeys;
import org.apache.hadoop.hdfs.HdfsConfiguration;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.hdfs.MiniDFSNNTopology;
import org.apache.hadoop.hdfs.protocol.HdfsConstants.SafeModeAction;
import org.apache.hadoop.hdfs.server.protocol.NamenodeProtocols;

/**
 * An HDFS in one process: one namenode, or two of which one is active, and one datanode, on free
 * ports of 127.0.0.1. Whoever runs the process is its superuser, unless it is in a {@link
 * KerberosRealm}.
 *
 * <p>It says {@code READY port,...}, the ports of the namenodes, and then takes commands from
 * standard input, a line each, and answers each with {@code DONE} or {@code FAILED reason}:
 *
 * <ul>
 *   <li>{@code active N}: makes namenode N (from 0) the active one
 *   <li>{@code restart N}: stops and starts a namenode; of two it is then a standby
 *   <li>{@code safe on|off}: the active namenode takes no changes, or does again
 *   <li>{@code purge}: deletes all edits that are behind an image, with those that inotify needs
 *   <li>{@code stop}: ends, as the end of standard input does
 * </ul>
 */
public final class HdfsProgram {
  private final MiniDFSCluster cluster;
  private int active;

  private HdfsProgram(MiniDFSCluster cluster) {
    this.cluster = cluster;
  }

  /**
   * Runs it.
   *
   * @param arguments a directory for its data, how many namenodes: 1 or 2, and, where it has
   *     Kerberos, a directory for the realm
   */
  public static void main(String[] arguments) throws Exception {
    int namenodes = Integer.parseInt(arguments[1]);
    Configuration conf = configuration();
    if (arguments.length > 2) {
      KerberosRealm.start(Path.of(arguments[2])).secure(conf);
    }
    MiniDFSCluster.Builder builder =
        new MiniDFSCluster.Builder(conf, Path.of(arguments[0]).toFile()).numDataNodes(1);
    if (namenodes > 1) {
      builder.nnTopology(MiniDFSNNTopology.simpleHATopology(namenodes));
    }
    try (MiniDFSCluster cluster = builder.build()) {
      HdfsProgram program = new HdfsProgram(cluster);
      if (namenodes > 1) {
        cluster.transitionToActive(0);
      }
      cluster.waitActive();
      if (arguments.length > 2) {
        KerberosRealm.makeHomes(cluster.getFileSystem(0));
      }
      StringBuilder ports = new StringBuilder();
      for (int i = 0; i < namenodes; i++) {
        ports.append(i == 0 ? "" : ",").append(cluster.getNameNodePort(i));
      }
      System.out.println("READY " + ports);
      program.serve();
    }
  }

  private static Configuration configuration() {
    Configuration conf = new HdfsConfiguration();
    conf.setInt(DFSConfigKeys.DFS_REPLICATION_KEY, 1);
    conf.setInt(DFSConfigKeys.DFS_NAMENODE_NUM_CHECKPOINTS_RETAINED_KEY, 1);
    // With fewer than the two of an empty segment a saved image deletes no edits at all.
    conf.setInt(DFSConfigKeys.DFS_NAMENODE_NUM_EXTRA_EDITS_RETAINED_KEY, 2);
    // A standby that reads the edits every minute would make a failover as long.
    conf.setInt(DFSConfigKeys.DFS_HA_TAILEDITS_PERIOD_KEY, 1);
    // A test's files are small; their blocks need not be.
    conf.setInt(DFSConfigKeys.DFS_NAMENODE_MIN_BLOCK_SIZE_KEY, 1 << 20);
    return conf;
  }

  private void serve() throws IOException {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine();
        line != null && !line.equals("stop");
        line = commands.readLine()) {
      try {
        run(line.split(" "));
        System.out.println("DONE");
      } catch (Exception e) {
        System.out.println("FAILED " + e.toString().replaceAll("\\s+", " "));
      }
    }
  }

  private void run(String[] words) throws Exception {
    switch (words[0]) {
      case "active" -> {
        cluster.transitionToStandby(active);
        active = Integer.parseInt(words[1]);
        cluster.transitionToActive(active);
      }
      case "restart" -> cluster.restartNameNode(Integer.parseInt(words[1]), true);
      case "safe" -> safeMode(words[1].equals("on"));
      case "purge" -> purge();
      default ->
          throw new IllegalArgumentException(
              "command is " + words[0] + "; allowed: active, restart, safe, purge, stop");
    }
  }

  private void safeMode(boolean on) throws IOException {
    var unused =
        namenode()
            .setSafeMode(on ? SafeModeAction.SAFEMODE_ENTER : SafeModeAction.SAFEMODE_LEAVE, false);
  }

  private void purge() throws IOException {
    safeMode(true);
    // The first one ends the edits that are written to, the second deletes what is behind its
    // image.
    for (int i = 0; i < 2; i++) {
      var unused = namenode().saveNamespace(0, 0);
    }
    safeMode(false);
  }

  private NamenodeProtocols namenode() {
    return cluster.getNameNodeRpc(active);
  }
}
