/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.curvine.cli.Action;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.cli.output.Table;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobList;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.TreeJob;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code curvine jobs list}. */
@Command(
    name = "list",
    aliases = "ls",
    description = "List the jobs of load, export and free, the newest first.",
    mixinStandardHelpOptions = true)
final class JobsList extends Action {
  /** Another list. */
  private static final class Which {
    @Option(
        names = "--pending",
        description = "Instead: what is to be done at UFSs and workers, the oldest first.")
    @SuppressWarnings("unused") // It is what is meant where the other one is not given.
    private boolean pending;

    @Option(
        names = "--failed",
        description = {
          "Instead: changes that a UFS refused for good. Their data stays in Curvine until",
          "'jobs retry' or 'jobs cancel' says what is to become of them."
        })
    private boolean failed;
  }

  @ArgGroup private Which which;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "At most so many, 1 to 10000; default: ${DEFAULT-VALUE}.")
  private int limit;

  @Override
  protected void run() throws IOException {
    if (limit < 1 || limit > 10_000) {
      throw usage("--limit is " + limit + "; allowed: 1 to 10000");
    }
    JobList list = list();
    try (CurvineClient client = connect()) {
      List<JobState> jobs = client.namespace().listJobs(list, 0, limit);
      ArrayNode json = Json.array();
      jobs.forEach(job -> json.add(JobTexts.json(job)));
      Table table = list == JobList.TREES ? trees(jobs) : single(jobs);
      print(json, table.isEmpty() ? "no jobs\n" : table.render());
    }
  }

  private JobList list() {
    if (which == null) {
      return JobList.TREES;
    }
    return which.failed ? JobList.FAILED_JOBS : JobList.PENDING_JOBS;
  }

  private static Table trees(List<JobState> jobs) {
    Table table =
        new Table(">JOB", "KIND", "PATH", "STATUS", ">FILES", ">DONE", ">FAILED", "BEGAN");
    for (JobState state : jobs) {
      TreeJob job = state.getTree();
      table.row(
          job.getId(),
          JobTexts.lower(job.getKind()),
          Printable.of(job.getPath()),
          JobTexts.lower(job.getStatus()),
          job.getFiles(),
          job.getFilesDone(),
          job.getFilesFailed(),
          JobTexts.time(job.getCreatedNanos()));
    }
    return table;
  }

  private static Table single(List<JobState> jobs) {
    Table table = new Table(">JOB", "KIND", ">MOUNT", "OF", "SINCE", ">ATTEMPTS", "LAST ERROR");
    for (JobState state : jobs) {
      Job job = state.getJob();
      table.row(
          job.getId(),
          JobTexts.lower(job.getKind()),
          job.getMountId(),
          JobTexts.target(job),
          JobTexts.time(job.getCreatedNanos()),
          job.getAttempts(),
          Printable.of(state.getError()));
    }
    return table;
  }
}
