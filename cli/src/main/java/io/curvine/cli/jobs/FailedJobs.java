/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import io.curvine.client.Namespace;
import io.curvine.protocol.proto.JobList;
import io.curvine.protocol.proto.JobState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The changes that UFSs refused for good. Stateless. */
final class FailedJobs {
  private static final int PAGE = 1_000;

  private FailedJobs() {}

  /** The numbers of all that there are now. */
  static List<Long> ids(Namespace namespace) throws IOException {
    List<Long> ids = new ArrayList<>();
    List<JobState> page;
    do {
      long after = ids.isEmpty() ? 0 : ids.get(ids.size() - 1);
      page = namespace.listJobs(JobList.FAILED_JOBS, after, PAGE);
      page.forEach(job -> ids.add(job.getJobId()));
    } while (page.size() == PAGE);
    return ids;
  }
}
