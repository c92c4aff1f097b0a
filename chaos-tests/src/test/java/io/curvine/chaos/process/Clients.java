/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import io.curvine.chaos.harness.LocalCluster;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;

/** The Java API as tests use it. */
final class Clients {
  private Clients() {}

  static CurvineClient connect(LocalCluster cluster) throws IOException {
    return CurvineClient.connect(
        ClientConfig.defaults().withMasters(HostPort.parseList(cluster.masters())));
  }
}
