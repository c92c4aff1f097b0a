/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.fsck;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.cli.admin.state.Hashed;
import io.curvine.cli.admin.state.LiveHash;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.FindingKind;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.SnapshotTaken;
import io.curvine.protocol.proto.StateFinding;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Mends the state of the leader, which all masters follow by the journal. Only where all of them
 * have the same state, and after each has a snapshot of it. For one thread.
 */
final class LiveRepair {
  private final AdminClient client;
  private final LiveCheck checks;
  private final long deadlineNanos;

  LiveRepair(AdminClient client, LiveCheck checks, long deadlineNanos) {
    this.client = client;
    this.checks = checks;
    this.deadlineNanos = deadlineNanos;
  }

  /**
   * Refuses where a root is missing: what hangs on it would be taken for lost. Before the snapshots
   * are taken, since each new one lets an old one go.
   *
   * @throws CliException the reason
   */
  static void requireRoots(Checked found) throws CliException {
    for (StateFinding each : found.findings()) {
      boolean missing =
          each.getKind() == FindingKind.NO_ROOT
              || (each.getKind() == FindingKind.MOUNT_WITHOUT_ROOT && each.getRepair().isEmpty());
      if (missing) {
        throw new CliException(
            "no repair: "
                + each.getText()
                + ", and all below it would be taken for lost. Restore the newest snapshot that has"
                + " it, or rebuild the state from the journal");
      }
    }
  }

  /**
   * Refuses where a repair would do harm: it writes the rows of the leader to every master.
   *
   * @throws CliException the reason
   */
  void requireSame() throws IOException {
    LiveHash hash = new LiveHash(client, deadlineNanos);
    List<Hashed> all = hash.hash(null);
    if (!hash.unreachable().isEmpty()) {
      throw new CliException(
          "no repair: "
              + String.join(", ", hash.unreachable())
              + " does not answer, and may have another state; start it, or remove it from the"
              + " masters");
    }
    List<String> differing = Hashed.differences(all);
    if (!differing.isEmpty()) {
      throw new CliException(
          "no repair: the masters' states differ in "
              + String.join(", ", differing)
              + "; 'curvine-admin state hash' names the first key. Rebuild the master that differs"
              + " from another one: stop it, move its data directory away and start it");
    }
  }

  /** Takes a snapshot on every master; fails where one cannot. */
  void backUp(List<MasterStatus> masters, ArrayNode to) throws IOException {
    for (MasterStatus master : masters) {
      try {
        SnapshotTaken taken = client.takeSnapshot(HostPort.parse(master.getRpc()), deadlineNanos);
        to.addObject().put("master", master.getNodeId()).put("snapshot", taken.getName());
      } catch (IOException e) {
        throw new CliException(
            "no repair: " + master.getNodeId() + " takes no snapshot: " + e.getMessage(), e);
      }
    }
  }

  /**
   * Mends, and checks again, until nothing is left or nothing helps: what is behind a finding may
   * show only when that is mended. Findings that were all there in an earlier round come back with
   * every other one.
   *
   * @return the last check
   */
  Checked run(Checked first, ObjectNode json) throws IOException {
    Checked now = first;
    int repaired = 0;
    Set<Integer> seen = new HashSet<>();
    while (!now.repairable().isEmpty() && seen.add(hash(now.repairable()))) {
      MasterStatus leader = client.master(null);
      repaired += checks.repair(leader, now);
      json.put("repaired", repaired);
      now = checks.check(leader, true);
    }
    return now;
  }

  /** Of what is wrong, whenever that was last touched. */
  private static int hash(List<StateFinding> findings) {
    return findings.stream()
        .map(each -> each.toBuilder().clearMtimeNanos().build())
        .toList()
        .hashCode();
  }
}
