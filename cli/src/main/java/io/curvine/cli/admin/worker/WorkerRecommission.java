/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.worker;

import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
    name = "recommission",
    description = "Keep a worker that was to leave: it gets new blocks again.",
    mixinStandardHelpOptions = true)
public final class WorkerRecommission extends Action {
  @Parameters(paramLabel = "ID", description = "Which one: the number that 'curvine report' shows.")
  private int id;

  @Override
  protected void run() throws IOException {
    if (id < 1) {
      throw usage("the worker is " + id + "; allowed: 1 or more");
    }
    Leaving.set(global().configuration().get(ClientConfig.class).masters(), id, false);
    print(Json.object().put("worker", id).put("leaving", false), "worker " + id + " stays\n");
  }
}
