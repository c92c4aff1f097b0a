/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.curvine.chaos.harness.Await;
import io.curvine.chaos.harness.LocalCluster;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.client.CurvineInputStream;
import io.curvine.client.Refs;
import io.curvine.protocol.net.HostPort;
import java.io.IOException;
import java.time.Duration;

/** The Java API as tests use it. */
final class Clients {
  private Clients() {}

  static CurvineClient connect(LocalCluster cluster) throws IOException {
    return CurvineClient.connect(
        ClientConfig.defaults().withMasters(HostPort.parseList(cluster.masters())));
  }

  static byte[] read(String path, CurvineClient client) throws IOException {
    try (CurvineInputStream in = client.openStream(Refs.path(path))) {
      return in.readAllBytes();
    }
  }

  /** In the end; what cannot be read now may be later. */
  static void becomes(String path, String content, CurvineClient client, Duration patience) {
    Await.until(
        path + " to be " + content,
        patience,
        () -> new String(read(path, client), UTF_8).equals(content));
  }
}
