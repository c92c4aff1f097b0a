/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Printable;
import io.curvine.client.CurvineClient;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.TreeJob;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code curvine jobs show}. */
@Command(
    name = "show",
    description = "Show one job, how far it is and what failed.",
    mixinStandardHelpOptions = true)
final class JobsShow extends Action {
  @Parameters(paramLabel = "JOB", description = "Its number.")
  private long id;

  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      JobState state = client.namespace().jobs(List.of(id), Duration.ZERO).get(0);
      if (state.hasTree()) {
        print(JobTexts.json(state.getTree()), text(state.getTree()));
      } else if (state.hasJob()) {
        print(JobTexts.json(state), text(state));
      } else {
        throw new CliException("there is no job " + id + ", or it is done");
      }
    }
  }

  private static String text(TreeJob job) {
    StringBuilder text = new StringBuilder();
    row(text, "job", Long.toString(job.getId()));
    row(text, "kind", JobTexts.lower(job.getKind()));
    row(text, "path", Printable.of(job.getPath()));
    row(text, "status", JobTexts.lower(job.getStatus()));
    row(text, "user", Printable.of(job.getUser()));
    row(text, "began", JobTexts.time(job.getCreatedNanos()));
    if (job.getEndedNanos() != 0) {
      row(text, "ended", JobTexts.time(job.getEndedNanos()));
    }
    row(text, "found", JobTexts.files(job.getFiles()) + (job.getWalked() ? "" : " so far"));
    row(text, "done", JobTexts.files(job.getFilesDone()));
    row(text, "failed", JobTexts.files(job.getFilesFailed()));
    row(text, "nothing to do", JobTexts.files(job.getFilesSkipped()));
    row(
        text,
        "bytes",
        Units.showBytes(job.getBytesDone()) + " of " + Units.showBytes(job.getBytes()));
    row(text, "open parts", Integer.toString(job.getOpenJobs()));
    for (String error : job.getErrorsList()) {
      row(text, "error", Printable.of(error));
    }
    return text.toString();
  }

  private static String text(JobState state) {
    Job job = state.getJob();
    StringBuilder text = new StringBuilder();
    row(text, "job", Long.toString(job.getId()));
    row(text, "kind", JobTexts.lower(job.getKind()));
    row(text, "status", JobTexts.status(state));
    row(text, "mount", Integer.toString(job.getMountId()));
    row(text, "of", JobTexts.target(job));
    row(text, "since", JobTexts.time(job.getCreatedNanos()));
    row(text, "attempts", Integer.toString(job.getAttempts()));
    if (!state.getError().isEmpty()) {
      row(text, "last error", Printable.of(state.getError()));
    }
    return text.toString();
  }

  private static void row(StringBuilder text, String name, String value) {
    text.append(String.format(Locale.ROOT, "%-14s %s\n", name, value));
  }
}
