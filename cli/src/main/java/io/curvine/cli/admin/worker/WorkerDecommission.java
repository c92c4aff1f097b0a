/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.worker;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.client.ClientConfig;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.WorkerStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "decommission",
    description = {
      "Drain a worker that is to leave.",
      "It gets nothing new, and what the UFS does not have is copied to the others. It serves on until it is",
      "stopped. 'curvine report' says when it may go; then stop it, and 'curvine-admin worker forget' it."
    },
    mixinStandardHelpOptions = true)
public final class WorkerDecommission extends Action {
  private static final long LOOK_MILLIS = 1_000;

  @Parameters(paramLabel = "ID", description = "Which one: the number that 'curvine report' shows.")
  private int id;

  @Option(names = "--wait", description = "End when it may go.")
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "1h",
      description = "With --wait: how long at most. It is drained on after that. Default: 1h.")
  private String timeout;

  @Override
  protected void run() throws IOException {
    if (id < 1) {
      throw usage("the worker is " + id + "; allowed: 1 or more");
    }
    Duration patience = patience();
    Leaving.set(global().configuration().get(ClientConfig.class).masters(), id, true);
    boolean drained = wait && awaitDrained(patience);
    print(
        Json.object().put("worker", id).put("leaving", true).put("drained", drained),
        "worker " + id + (drained ? " may go\n" : " is leaving\n"));
  }

  private Duration patience() {
    try {
      return Units.duration(timeout);
    } catch (IllegalArgumentException e) {
      throw usage("--timeout is '" + timeout + "'; allowed: a time such as 30s, 10m, 2h");
    }
  }

  private boolean awaitDrained(Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    try (CurvineClient client = connect()) {
      long needed = needed(client);
      while (needed != 0) {
        if (System.nanoTime() - deadline > 0) {
          throw new CliException(
              "worker "
                  + id
                  + " is not drained yet"
                  + (needed < 0 ? "" : ": " + needed + " blocks are to be copied")
                  + "; that goes on");
        }
        pause();
        needed = needed(client);
      }
    }
    return true;
  }

  private long needed(CurvineClient client) throws IOException {
    Optional<WorkerStatus> status =
        client.namespace().status().getWorkersList().stream()
            .filter(worker -> worker.getId() == id)
            .findFirst();
    if (status.isEmpty()) {
      return 0; // somebody forgot it meanwhile
    }
    if (!status.get().getLeaving()) {
      throw new CliException("worker " + id + " stays: somebody took its leaving back");
    }
    return status.get().getNeededBlocks();
  }

  private void pause() throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
