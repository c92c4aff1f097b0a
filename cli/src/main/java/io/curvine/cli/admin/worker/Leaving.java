/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.worker;

import io.curvine.cli.admin.AdminClient;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.SetLeaving;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Tells the leader whether a worker is drained. Stateless. */
final class Leaving {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Leaving() {}

  static void set(List<HostPort> masters, int worker, boolean leaving) throws IOException {
    SetLeaving set = SetLeaving.newBuilder().setWorkerId(worker).setLeaving(leaving).build();
    try (AdminClient client = new AdminClient(masters)) {
      client.leader(
          AdminRequest.newBuilder().setSetLeaving(set).build(), System.nanoTime() + PATIENCE_NANOS);
    }
  }
}
