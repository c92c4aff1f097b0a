/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.WaitJobs;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Work at a UFS that callers wait for. Thread-safe. */
final class Jobs {
  /** The most that one query may wait. */
  private static final long WAIT_MAX_MS = 30_000;

  /** For one query of a longer wait: a failover is noticed within it. */
  private static final long WAIT_STEP_MS = 10_000;

  /** In one query; many are waited for in groups, each with the whole time. */
  private static final int ASKED_MAX = 1_000;

  private final MasterCalls masters;
  private final Duration timeout;

  Jobs(MasterCalls masters, Duration timeout) {
    this.masters = masters;
    this.timeout = timeout;
  }

  /** Their states when all are finished, or after {@code wait}. */
  List<JobState> states(List<Long> ids, Duration wait) throws IOException {
    long waitMs = Math.max(0, Math.min(WAIT_MAX_MS, wait.toMillis()));
    Query query =
        Query.newBuilder()
            .setWaitJobs(WaitJobs.newBuilder().addAllJobIds(ids).setWaitMs((int) waitMs))
            .build();
    return masters.query(query, Duration.ofMillis(waitMs)).getJobs().getJobsList();
  }

  /** The unfinished jobs of a mount; 0: of all. */
  List<JobState> pending(int mountId) throws IOException {
    Query query =
        Query.newBuilder()
            .setWaitJobs(WaitJobs.newBuilder().setListAll(true).setMountId(mountId))
            .build();
    return masters.query(query).getJobs().getJobsList();
  }

  /**
   * Until the jobs that the result names are finished.
   *
   * @throws CurvineException UFS_CONFLICT where the UFS had another object there than the one known
   *     here; UFS_ERROR where one failed for good, the UFS denies it, or the time is over
   */
  CommandResult await(CommandResult result) throws IOException {
    if (result.getJobIdsCount() > 0) {
      await(result.getJobIdsList());
    }
    return result;
  }

  private void await(List<Long> ids) throws IOException {
    for (CurvineException failure : failures(ids).values()) {
      throw failure;
    }
  }

  /** Until they are finished or the time is over: by id, why the UFS did not follow. */
  Map<Long, CurvineException> failures(List<Long> ids) throws IOException {
    Map<Long, CurvineException> failures = new LinkedHashMap<>();
    for (int from = 0; from < ids.size(); from += ASKED_MAX) {
      int to = Math.min(ids.size(), from + ASKED_MAX);
      await(ids.subList(from, to), failures);
    }
    return failures;
  }

  private void await(List<Long> ids, Map<Long, CurvineException> failures) throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    List<JobState> unfinished;
    List<Long> left = ids;
    long leftMs;
    do {
      leftMs = Math.max(0, (deadline - System.nanoTime()) / 1_000_000);
      unfinished = new ArrayList<>();
      for (JobState job : states(left, Duration.ofMillis(Math.min(WAIT_STEP_MS, leftMs)))) {
        if (job.getJob().getLastCode() == ErrorCode.UFS_DENIED && !job.getFinished()) {
          failures.put(job.getJobId(), ufsError(refused(job) + "; it is tried again"));
        } else if (!job.getFinished()) {
          unfinished.add(job);
        } else if (!job.getSucceeded() && !job.getError().isEmpty()) {
          boolean conflict = job.getJob().getLastCode() == ErrorCode.UFS_CONFLICT;
          failures.put(
              job.getJobId(),
              conflict
                  ? new CurvineException(ErrorCode.UFS_CONFLICT, job.getError())
                  : ufsError(refused(job)));
        }
      }
      left = unfinished.stream().map(JobState::getJobId).toList();
    } while (!left.isEmpty() && leftMs > 0);
    unfinished.forEach(job -> failures.put(job.getJobId(), ufsError(late(job))));
  }

  private static CurvineException ufsError(String message) {
    return new CurvineException(ErrorCode.UFS_ERROR, message);
  }

  private static String refused(JobState job) {
    return "the change is done here, and the UFS refused it (job "
        + job.getJobId()
        + "): "
        + job.getError();
  }

  private String late(JobState job) {
    return "the change is done here, and the UFS did not follow within "
        + timeout
        + " (job "
        + job.getJobId()
        + (job.getError().isEmpty() ? ")" : "): " + job.getError());
  }
}
