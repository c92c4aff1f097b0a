/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.CliException;
import io.curvine.client.Namespace;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.Mount;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/** Takes a mount away when its UFS has all that was changed under it. For one thread. */
final class FlushedUnmount {
  /** Of which one question asks; more are counted only. */
  private static final int AWAITED_MAX = 1_000;

  private static final Duration STEP = Duration.ofSeconds(2);

  private final Namespace namespace;
  private final String path;
  private final Duration timeout;
  private final LongConsumer progress;

  /**
   * @param progress is told how many changes are left
   */
  FlushedUnmount(Namespace namespace, String path, Duration timeout, LongConsumer progress) {
    this.namespace = namespace;
    this.path = path;
    this.timeout = timeout;
    this.progress = progress;
  }

  /**
   * Waits and unmounts.
   *
   * @throws CliException where the UFS refused a change for good or the time is over; the mount
   *     stays
   */
  void run() throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    int mountId = mountId();
    boolean waited = false;
    while (true) {
      List<JobState> left = namespace.pendingJobs(mountId);
      if (waited || !left.isEmpty()) {
        progress.accept(left.size());
      }
      if (left.isEmpty()) {
        if (unmounted()) {
          return;
        }
      } else {
        waited = true;
        await(left, deadline);
      }
      if (System.nanoTime() - deadline >= 0) {
        throw new CliException(
            path
                + " has changes that the UFS does not have after "
                + timeout.toMillis() / 1000.0
                + " s; it stays mounted"
                + lastError(left));
      }
    }
  }

  private int mountId() throws IOException {
    return namespace.mounts().stream()
        .filter(mount -> mount.getPath().equals(path))
        .mapToInt(Mount::getId)
        .findFirst()
        .orElseThrow(
            () -> new CurvineException(ErrorCode.NOT_FOUND, path + " is not a mount point"));
  }

  /** False where a further change came meanwhile. */
  private boolean unmounted() throws IOException {
    try {
      namespace.unmount(path);
      return true;
    } catch (CurvineException e) {
      if (e.code() == ErrorCode.FILE_BUSY) {
        return false;
      }
      throw e;
    }
  }

  private void await(List<JobState> left, long deadline) throws IOException {
    Duration rest = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    List<Long> asked =
        left.subList(0, Math.min(left.size(), AWAITED_MAX)).stream()
            .map(JobState::getJobId)
            .toList();
    for (JobState job : namespace.jobs(asked, rest.compareTo(STEP) < 0 ? rest : STEP)) {
      // Without an error it was left out, since a later change made it void.
      boolean failed = job.getFinished() && !job.getSucceeded() && !job.getError().isEmpty();
      if (failed || job.getJob().getLastCode() == ErrorCode.UFS_DENIED) {
        throw new CliException(
            "the UFS refuses a change (job "
                + job.getJobId()
                + "): "
                + job.getError()
                + "; "
                + path
                + " stays mounted; see 'curvine jobs list --failed'");
      }
    }
  }

  private static String lastError(List<JobState> left) {
    return left.stream()
        .filter(job -> !job.getError().isEmpty())
        .findFirst()
        .map(job -> "; job " + job.getJobId() + ": " + job.getError())
        .orElse("");
  }
}
