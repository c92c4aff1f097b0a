/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine jobs cancel}: cancels jobs. */
@Command(
    name = "cancel",
    description = {
      "End jobs of load, export and free: what is under way goes on to its end, no more is begun.",
      "A change that a UFS refused for good is given up: its data stays in Curvine, and the UFS",
      "keeps what it has until the file changes again or is exported by 'curvine export'."
    },
    mixinStandardHelpOptions = true)
final class JobsCancel extends Action {
  @Parameters(paramLabel = "JOB", arity = "0..*", description = "Their numbers.")
  private List<Long> ids = List.of();

  @Option(names = "--failed", description = "All changes that a UFS refused for good.")
  private boolean failed;

  @Override
  protected void run() throws IOException {
    if (ids.isEmpty() != failed) {
      throw usage("which jobs? allowed: their numbers, or --failed");
    }
    int done = 0;
    try (CurvineClient client = connect()) {
      for (long id : failed ? FailedJobs.ids(client.namespace()) : ids) {
        try {
          client.namespace().cancelJob(id);
          done++;
        } catch (IOException e) {
          problem(e);
        }
      }
    }
    print(Json.object().put("jobs", done), done + (done == 1 ? " job\n" : " jobs\n"));
  }
}
