/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.local;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortsTest {
  @Test
  void takenPortsAreNamedWithTheirUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      NodeSpec node =
          new NodeSpec(
              NodeSpec.Role.MASTER,
              "m1",
              List.of(new LocalPlan.Port("RPC", taken.getLocalPort())),
              Path.of("/d"),
              Path.of("/l"),
              List.of());

      assertThatThrownBy(() -> Ports.requireFree(List.of(node)))
          .hasMessage(
              "port in use: "
                  + taken.getLocalPort()
                  + " (RPC of master m1); stop what listens there, or give another --base-port");
    }
  }
}
