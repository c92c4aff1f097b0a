/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.doctor;

import io.curvine.cli.http.NodePage;
import io.curvine.protocol.proto.MasterList;
import io.curvine.protocol.proto.MasterProgress;
import io.curvine.protocol.proto.MasterStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What can be wrong with the masters. Stateless. */
final class MasterChecks {
  /** A follower that is further behind takes noticeably long to lead, or to serve reads. */
  private static final long LAG_MAX_EVENTS = 100_000;

  private static final Duration CLOCK_MAX = Duration.ofSeconds(5);
  private static final int GOOD_VOTERS = 3;

  private MasterChecks() {}

  /** Of all of them. */
  static List<Finding> all(MasterList list) {
    List<Finding> found = new ArrayList<>(quorum(list));
    long newest =
        list.getMastersList().stream().mapToLong(MasterStatus::getAppliedOffset).max().orElse(0);
    for (MasterStatus master : list.getMastersList()) {
      if (master.getPid() == 0) {
        found.add(
            Finding.error(
                subject(master),
                "does not answer at " + master.getRpc(),
                "start it; with an empty data directory it fetches all from the others"
                    + " (ops/runbooks/master-disk-died.md)"));
      } else {
        found.addAll(one(master, newest));
      }
    }
    return found;
  }

  static List<Finding> quorum(MasterList list) {
    List<Finding> found = new ArrayList<>();
    List<MasterStatus> masters = list.getMastersList();
    if (masters.stream().noneMatch(each -> each.getRole().equals("leader"))) {
      found.add(
          Finding.error(
              "quorum",
              "no master leads, so nothing can be changed",
              "more than half of the voting masters have to run and to reach each other"
                  + " (ops/runbooks/quorum-lost.md)"));
    }
    long voters = masters.stream().filter(each -> !each.getListener()).count();
    if (voters < GOOD_VOTERS || voters % 2 == 0) {
      found.add(
          Finding.warning(
              "quorum",
              voters + " masters vote; it bears the loss of " + (voters - 1) / 2,
              "3 or 5 that vote bear the loss of 1 or 2; 'quorum add' or 'quorum remove' changes"
                  + " them"));
    }
    if (!list.getGroup().getSettled()) {
      found.add(
          Finding.warning(
              "quorum",
              "a change of the masters is under way",
              "it ends when the new master has caught up; 'quorum status' shows how far it is"));
    }
    return found;
  }

  private static List<Finding> one(MasterStatus master, long newest) {
    List<Finding> found = new ArrayList<>();
    long lag = newest - master.getAppliedOffset();
    if (lag > LAG_MAX_EVENTS) {
      found.add(
          Finding.warning(
              subject(master),
              "is " + lag + " events behind",
              "it catches up by itself; where it does not, its disk or its network is too slow"));
    }
    MasterProgress progress = master.getProgress();
    if (progress.getSnapshotIndex() < 0 && progress.getAppliedIndex() > LAG_MAX_EVENTS) {
      found.add(
          Finding.warning(
              subject(master),
              "has no snapshot and " + progress.getAppliedIndex() + " entries to replay",
              "'curvine-admin snapshot create' takes one; its log says why none was taken"));
    }
    if (!master.getHttp().endsWith(":0") && !master.getHttp().isEmpty()) {
      found.addAll(http(subject(master), master.getHttp(), Instant.now()));
      found.addAll(metrics(master));
    }
    return found;
  }

  /** Whether a node says that it is ready, and what its clock says. */
  static List<Finding> http(String subject, String http, Instant now) {
    try {
      NodePage page = NodePage.get(http, "/health/ready");
      List<Finding> found = new ArrayList<>();
      if (page.status() != 200) {
        found.add(
            Finding.error(
                subject, page.body().strip(), "its log says more; a start or a fault may last"));
      }
      if (page.clock() != null
          && Duration.between(page.clock(), now).abs().compareTo(CLOCK_MAX) > 0) {
        found.add(
            Finding.warning(
                subject,
                "has its clock at " + page.clock() + "; here it is " + now,
                "synchronize the clocks; times of events and sessions' ends depend on them"));
      }
      return found;
    } catch (IOException e) {
      return List.of(
          Finding.error(
              subject,
              "does not answer at http " + http + ": " + e.getMessage(),
              "look at its log"));
    }
  }

  private static List<Finding> metrics(MasterStatus master) {
    try {
      NodePage metrics = NodePage.get(master.getHttp(), "/metrics");
      List<Finding> found = new ArrayList<>(disk(subject(master), metrics));
      found.addAll(
          secrets(
              subject(master),
              (long) metrics.metric("curvine_master_secrets_unopened").orElse(0),
              (long) metrics.metric("curvine_master_secrets_clear").orElse(0)));
      return found;
    } catch (IOException e) {
      return List.of(); // The page before it has said so.
    }
  }

  private static List<Finding> disk(String subject, NodePage metrics) {
    OptionalDouble low = metrics.metric("curvine_master_disk_low");
    OptionalDouble free = metrics.metric("curvine_master_disk_free_bytes");
    if (low.orElse(0) == 0) {
      return List.of();
    }
    return List.of(
        Finding.error(
            subject,
            "has "
                + (long) free.orElse(0)
                + " bytes free on its disk and refuses mutations if it leads",
            "free space on it, or move it: below master.disk-low-watermark only deletes pass"));
  }

  /**
   * How the secrets of mounts are kept.
   *
   * @param unopened mounts with a secret that the master has no key for
   * @param clear mounts with a secret that is not sealed
   */
  static List<Finding> secrets(String subject, long unopened, long clear) {
    List<Finding> found = new ArrayList<>();
    if (unopened > 0) {
      found.add(
          Finding.error(
              subject,
              "cannot open the secrets of "
                  + mounts(unopened)
                  + ", so it could not reach the UFS if it led",
              "give it the file of master.secrets-key-file that the others have and restart it; its"
                  + " log names the mounts"));
    }
    if (clear > 0) {
      found.add(
          Finding.warning(
              subject,
              "keeps the secrets of " + mounts(clear) + " in clear on its disk",
              "set master.secrets-key-file on every master, then 'curvine mount --update' of each"
                  + " seals them; its log names the mounts"));
    }
    return found;
  }

  private static String mounts(long count) {
    return count + (count == 1 ? " mount" : " mounts");
  }

  private static String subject(MasterStatus master) {
    return "master " + master.getNodeId();
  }
}
