/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master;

import io.curvine.master.members.Pings;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.MasterMember;
import io.curvine.protocol.proto.Pong;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a master forms a cluster with the peers of its configuration or joins one. Decided once
 * for a data directory; what Raft's log says later goes before. Stateless.
 */
final class FirstStart {
  private static final Logger LOG = LoggerFactory.getLogger(FirstStart.class);
  private static final int FORMING_MAX = 7;

  private FirstStart() {}

  /**
   * Whether it joins. Asks the other peers where the directory is empty, so that one that lost its
   * disk never forms a second cluster beside the one that it was of.
   *
   * @param hasLog there is a Raft log
   * @throws IOException where it can do neither
   */
  static boolean joins(MasterConfig config, Identity identity, boolean hasLog, Pings pings)
      throws IOException {
    if (hasLog && identity.joined().isPresent()) {
      return identity.joined().get();
    }
    boolean joins =
        config.join()
            || identity.joined().orElse(false)
            || lostItsLog(identity)
            || findsCluster(config, pings);
    if (identity.restored() && identity.members().size() <= 1) {
      requireAlone(config);
    } else if (!joins) {
      requireFormable(config);
    }
    identity.begins(joins);
    LOG.info(
        "master {} {}",
        config.id(),
        joins ? "joins a cluster" : "forms one of " + config.members());
    return joins;
  }

  private static boolean lostItsLog(Identity identity) {
    return identity.formed() && identity.members().size() > 1;
  }

  private static boolean findsCluster(MasterConfig config, Pings pings) throws IOException {
    List<HostPort> others =
        config.members().stream()
            .filter(peer -> !peer.id().equals(config.id()))
            .map(Peer::rpc)
            .toList();
    boolean found = false;
    for (Pong pong : pings.ask(others).join()) {
      if (!pong.getClusterName().equals(config.clusterName())) {
        throw new IOException(
            "master "
                + pong.getNodeId()
                + " of cluster_peers is of cluster '"
                + pong.getClusterName()
                + "'; allowed: masters of cluster_name '"
                + config.clusterName()
                + "'");
      }
      requireSameAddress(config, pong);
      found |= !pong.getClusterId().isEmpty();
    }
    return found;
  }

  private static void requireSameAddress(MasterConfig config, Pong pong) throws IOException {
    for (MasterMember member : pong.getGroup().getMembersList()) {
      HostPort raft =
          new HostPort(member.getAddress().getHost(), member.getAddress().getRaftPort());
      if (member.getAddress().getId().equals(config.id()) && !raft.equals(config.self().raft())) {
        throw new IOException(
            "the cluster has a master "
                + config.id()
                + " at "
                + raft
                + ", this one is at "
                + config.self().raft()
                + "; allowed: an id of its own, to replace that one");
      }
    }
  }

  /** Others that are empty could agree on an empty state among themselves. */
  private static void requireAlone(MasterConfig config) throws IOException {
    if (config.join() || config.members().size() != 1) {
      throw new IOException(
          "data_dir is "
              + config.dataDir()
              + ", restored from a snapshot, and cluster_peers has "
              + config.members().size()
              + " masters"
              + (config.join() ? ", with --join" : "")
              + "; allowed: this master alone at its first start, the others are added to it then");
    }
  }

  private static void requireFormable(MasterConfig config) throws IOException {
    int masters = config.members().size();
    if (masters % 2 == 0 || masters > FORMING_MAX) {
      throw new IOException(
          "cluster_peers has "
              + masters
              + " masters; allowed: 1, 3, 5 or 7 to form a cluster, any others to join one with"
              + " --join");
    }
  }
}
