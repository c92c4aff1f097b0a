/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import io.curvine.client.Namespace;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that says of jobs what is to become of them; goes on after a refusal. */
abstract class JobsChange extends Action {
  @Parameters(paramLabel = "JOB", arity = "0..*", description = "Their numbers.")
  private List<Long> ids = List.of();

  @Option(names = "--failed", description = "All changes that a UFS refused for good.")
  private boolean failed;

  abstract void change(Namespace namespace, long id) throws IOException;

  @Override
  protected final void run() throws IOException {
    if (ids.isEmpty() != failed) {
      throw usage("which jobs? allowed: their numbers, or --failed");
    }
    int done = 0;
    try (CurvineClient client = connect()) {
      for (long id : failed ? FailedJobs.ids(client.namespace()) : ids) {
        try {
          change(client.namespace(), id);
          done++;
        } catch (IOException e) {
          problem(e);
        }
      }
    }
    print(Json.object().put("jobs", done), done + (done == 1 ? " job\n" : " jobs\n"));
  }
}
