/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.doctor;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ClusterStatus;
import io.curvine.protocol.proto.TierUsage;
import io.curvine.protocol.proto.WorkerStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What can be wrong with workers, and with what they do for the masters. Stateless. */
final class WorkerChecks {
  private static final long FEED_LAG_MAX_EVENTS = 100_000;
  private static final long PENDING_JOBS_MAX = 100_000;

  private WorkerChecks() {}

  static List<Finding> all(ClusterStatus status) {
    List<Finding> found = new ArrayList<>();
    if (status.getWorkersList().stream().noneMatch(WorkerStatus::getLive)) {
      found.add(
          Finding.error(
              "workers",
              "none is live, so no content can be read or written",
              "start one: 'curvine worker'"));
    }
    if (status.getPendingJobs() > PENDING_JOBS_MAX) {
      found.add(
          Finding.warning(
              "jobs",
              status.getPendingJobs() + " wait for the UFS",
              "the UFS or the workers are slower than the writers; more workers help"));
    }
    for (WorkerStatus worker : status.getWorkersList()) {
      found.addAll(one(worker, status.getNextOffset()));
    }
    return found;
  }

  private static List<Finding> one(WorkerStatus worker, long nextOffset) {
    String subject = "worker " + worker.getId();
    HostPort http = new HostPort(worker.getAddress().getHost(), worker.getAddress().getHttpPort());
    List<Finding> found = new ArrayList<>();
    if (!worker.getLive()) {
      found.add(
          Finding.error(
              subject,
              "of "
                  + worker.getAddress().getHost()
                  + " has not been heard of for "
                  + worker.getLastHeartbeatMsAgo() / 1_000
                  + " s",
              "start it; if it will not come back: 'curvine-admin worker forget "
                  + worker.getId()
                  + "' (what the UFS has is read from there)"));
      return found;
    }
    long behind = nextOffset - worker.getFeedOffset();
    if (behind > FEED_LAG_MAX_EVENTS) {
      found.add(
          Finding.warning(
              subject,
              "follows the journal " + behind + " events late",
              "it keeps blocks of deleted files longer than it should; look at its load"));
    }
    if (worker.getLeaving() && worker.getNeededBlocks() == 0) {
      found.add(
          Finding.warning(
              subject,
              "is drained, and still there",
              "stop it, then 'curvine-admin worker forget "
                  + worker.getId()
                  + "'; or keep it: 'curvine-admin worker recommission "
                  + worker.getId()
                  + "'"));
    }
    for (TierUsage tier : worker.getTiersList()) {
      if (tier.getCapacityBytes() == 0) {
        found.add(
            Finding.error(
                subject,
                "has taken out its directory " + tier.getDirectory() + ", which failed",
                "its log says why; mend the disk, then restart the worker: it finds its blocks"));
      }
    }
    if (worker.getCorruptPages() > 0) {
      found.add(
          Finding.warning(
              subject,
              "has found " + worker.getCorruptPages() + " corrupt pages",
              "they were dropped and are filled again from the UFS; look at its disks"));
    }
    if (http.port() > 0) {
      found.addAll(MasterChecks.http(subject, http.toString(), Instant.now()));
    }
    return found;
  }
}
