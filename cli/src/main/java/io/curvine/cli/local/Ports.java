/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import io.curvine.cli.CliException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Finds out whether somebody listens already. Stateless. */
final class Ports {
  private Ports() {}

  /**
   * Tries all ports of all nodes.
   *
   * @throws CliException naming every port that is in use
   */
  static void requireFree(List<NodeSpec> nodes) throws CliException {
    List<String> taken = new ArrayList<>();
    for (NodeSpec node : nodes) {
      for (LocalPlan.Port port : node.ports()) {
        if (!isFree(port.number())) {
          taken.add(port.number() + " (" + port.use() + " of " + node.name() + ")");
        }
      }
    }
    if (!taken.isEmpty()) {
      throw new CliException(
          "port in use: "
              + String.join(", ", taken)
              + "; stop what listens there, or give another --base-port");
    }
  }

  /** All ports of all nodes are. */
  static boolean areFree(List<NodeSpec> nodes) {
    return nodes.stream()
        .flatMap(node -> node.ports().stream())
        .allMatch(port -> isFree(port.number()));
  }

  private static boolean isFree(int port) {
    try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort() == port;
    } catch (IOException e) {
      return false;
    }
  }
}
