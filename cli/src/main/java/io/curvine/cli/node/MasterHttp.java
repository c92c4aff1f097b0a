/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.node;

import io.curvine.master.MasterConfig;
import io.curvine.protocol.net.HostPort;
import java.util.Optional;

/** Finds the admin HTTP address of a master in its configuration. Stateless. */
final class MasterHttp {
  private MasterHttp() {}

  /** The port is the last number of the master's own line; 0 means none. */
  static Optional<HostPort> address(MasterConfig config) {
    return config.clusterPeers().stream()
        .filter(peer -> peer.startsWith(config.id() + "="))
        .map(peer -> Integer.parseInt(peer.substring(peer.lastIndexOf(':') + 1)))
        .filter(port -> port > 0)
        .map(port -> new HostPort(config.bindHost(), port))
        .findFirst();
  }
}
