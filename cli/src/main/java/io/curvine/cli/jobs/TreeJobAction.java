/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import io.curvine.client.Namespace;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.TierKind;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import io.curvine.protocol.proto.TreeJobStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that begins a job on each path, and waits for it. */
abstract class TreeJobAction extends Action {
  private static final Duration STEP = Duration.ofMillis(500);

  @Option(
      names = "--no-wait",
      negatable = true,
      description = {
        "Return when the work is in the journal: it is done whatever becomes of this command, and"
            + " 'curvine jobs' shows it. Default: wait for its end."
      })
  private boolean noWait;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, or directories with all below.")
  private List<String> paths;

  abstract TreeJobKind kind();

  /** What is done first with each path. */
  void prepare(Namespace namespace, String path) throws IOException {}

  /** Whether that is not all. */
  boolean begins() {
    return true;
  }

  /** Of a load. */
  int replicas() {
    return 0;
  }

  /** Of a load. */
  TierKind tier() {
    return TierKind.TIER_UNSPECIFIED;
  }

  @Override
  protected final void run() throws IOException {
    try (CurvineClient client = connect()) {
      Namespace namespace = client.namespace();
      List<Long> ids = new ArrayList<>();
      for (String path : paths) {
        prepare(namespace, path);
        if (begins()) {
          ids.add(namespace.startJob(kind(), Refs.path(path), replicas(), tier()));
        }
      }
      if (noWait || !begins()) {
        print(json(ids), ordered(ids));
      } else {
        awaitAll(namespace, ids);
      }
    }
  }

  private com.fasterxml.jackson.databind.JsonNode json(List<Long> ids) {
    var jobs = Json.array();
    ids.forEach(id -> jobs.add(Json.object().put("id", id)));
    return Json.object().set("jobs", jobs);
  }

  private static String ordered(List<Long> ids) {
    StringBuilder text = new StringBuilder();
    ids.forEach(id -> text.append("job ").append(id).append(" is under way\n"));
    return text.toString();
  }

  private void awaitAll(Namespace namespace, List<Long> ids) throws IOException {
    var jobs = Json.array();
    StringBuilder text = new StringBuilder();
    for (long id : ids) {
      TreeJob ended = await(namespace, id);
      jobs.add(JobTexts.json(ended));
      text.append(JobTexts.line(ended)).append('\n');
      if (ended.getStatus() != TreeJobStatus.SUCCEEDED) {
        problem(new CliException(JobTexts.failure(ended)));
      }
    }
    print(Json.object().set("jobs", jobs), text.toString());
  }

  private TreeJob await(Namespace namespace, long id) throws IOException {
    JobProgress progress = new JobProgress(onTerminal() ? err() : null);
    while (true) {
      JobState state = namespace.jobs(List.of(id), STEP).get(0);
      if (!state.hasTree()) {
        throw new CliException("job " + id + " was forgotten: too many have ended since");
      }
      progress.show(state.getTree());
      if (state.getFinished()) {
        progress.end();
        return state.getTree();
      }
    }
  }
}
