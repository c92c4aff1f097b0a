/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.doctor;

import io.curvine.client.Namespace;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JobList;
import io.curvine.protocol.proto.JobState;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** What changes of UFSs wait for somebody. Stateless. */
final class JobChecks {
  private static final int PAGE = 1_000;

  /** More are not read: what to do is the same. */
  private static final int READ_MAX = 10_000;

  private JobChecks() {}

  static List<Finding> all(Namespace namespace) throws IOException {
    List<JobState> kept = new ArrayList<>();
    List<JobState> page;
    do {
      long after = kept.isEmpty() ? 0 : kept.get(kept.size() - 1).getJobId();
      page = namespace.listJobs(JobList.FAILED_JOBS, after, PAGE);
      kept.addAll(page);
    } while (page.size() == PAGE && kept.size() < READ_MAX);
    return all(kept);
  }

  /**
   * Of the jobs that are kept.
   *
   * @param kept by number
   */
  static List<Finding> all(List<JobState> kept) {
    List<JobState> conflicts = kept.stream().filter(JobChecks::isConflict).toList();
    List<JobState> refused = kept.stream().filter(job -> !isConflict(job)).toList();
    List<Finding> found = new ArrayList<>();
    if (!conflicts.isEmpty()) {
      found.add(
          Finding.warning(
              "jobs",
              count(conflicts)
                  + " met an object at the UFS that another program had put there, which was kept."
                  + " One is "
                  + last(conflicts),
              "'curvine jobs list --failed' has them all, and says what has which name. Where there"
                  + " is a NAME.conflict-..., delete the content that is not wanted, then 'curvine"
                  + " jobs cancel JOB' (ops/runbooks/ufs-refuses-changes.md)"));
    }
    if (!refused.isEmpty()) {
      found.add(
          Finding.warning(
              "jobs",
              count(refused) + " failed for good at the UFS. One is " + last(refused),
              "'curvine jobs list --failed' has them all; 'curvine jobs retry JOB' once the cause"
                  + " is gone, or 'curvine jobs cancel JOB' (ops/runbooks/ufs-refuses-changes.md)"));
    }
    return found;
  }

  private static boolean isConflict(JobState job) {
    return job.getJob().getLastCode() == ErrorCode.UFS_CONFLICT;
  }

  private static String count(List<JobState> jobs) {
    return (jobs.size() < READ_MAX ? "" : "at least ")
        + jobs.size()
        + (jobs.size() == 1 ? " change" : " changes");
  }

  private static String last(List<JobState> jobs) {
    JobState job = jobs.get(jobs.size() - 1);
    long madeSeconds = TimeUnit.NANOSECONDS.toSeconds(job.getJob().getCreatedNanos());
    return "job "
        + job.getJobId()
        + " of "
        + Instant.ofEpochSecond(madeSeconds)
        + ": "
        + job.getError();
  }
}
