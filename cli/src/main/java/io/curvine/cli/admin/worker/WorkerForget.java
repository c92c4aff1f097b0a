/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.worker;

import io.curvine.cli.Action;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.EndWorker;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine-admin worker forget}. */
@Command(
    name = "forget",
    description = {
      "Forget a worker that will not come back.",
      "Reports do not list it any more, and fsck does not wait for what it holds. Refused while it lives. If it",
      "does come back, it registers as a new one."
    },
    mixinStandardHelpOptions = true)
public final class WorkerForget extends Action {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

  @Parameters(paramLabel = "ID", description = "Which one: the number that 'curvine report' shows.")
  private int id;

  @Override
  protected void run() throws IOException {
    if (id < 1) {
      throw usage("the worker is " + id + "; allowed: 1 or more");
    }
    try (AdminClient client =
        new AdminClient(global().configuration().get(ClientConfig.class).masters())) {
      client.leader(
          AdminRequest.newBuilder().setEndWorker(EndWorker.newBuilder().setWorkerId(id)).build(),
          System.nanoTime() + PATIENCE_NANOS);
    }
    print(Json.object().put("forgotten", id), "worker " + id + " is forgotten\n");
  }
}
