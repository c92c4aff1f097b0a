/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.admin.fsck;

import io.curvine.cli.CliException;
import io.curvine.cli.admin.AdminClient;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.AdminRequest;
import io.curvine.protocol.proto.CheckState;
import io.curvine.protocol.proto.MasterStatus;
import io.curvine.protocol.proto.RepairFindings;
import io.curvine.protocol.proto.StateChecked;
import io.curvine.protocol.proto.StateFinding;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;

/** Has masters check their states, twice, and the leader mend its own. For one thread. */
final class LiveCheck {
  private static final int WAIT_MS = 2_000;

  /** As many as one command mends. */
  private static final int REPAIRED_AT_ONCE = 500;

  private final AdminClient client;
  private final boolean ufs;
  private final long againNanos;
  private final long deadlineNanos;

  /**
   * @param ufs compares with UFSs too
   * @param again so long after the first look is the second one
   * @param deadlineNanos as {@link System#nanoTime}; for all that is asked
   */
  LiveCheck(AdminClient client, boolean ufs, Duration again, long deadlineNanos) {
    this.client = client;
    this.ufs = ufs;
    this.againNanos = again.toNanos();
    this.deadlineNanos = deadlineNanos;
  }

  /** Checks a master's state, and what is found a second time. */
  Checked check(MasterStatus master, boolean leader) throws IOException {
    CheckState first = CheckState.newBuilder().setWorkers(leader).setUfs(leader && ufs).build();
    StateChecked found = ask(master, first);
    Checked checked =
        new Checked(
            master.getNodeId(),
            found.getOffset(),
            found.getEpoch(),
            found.getRows(),
            found.getFindingsList(),
            found.getMore(),
            found.getSkippedList(),
            found.getUnknownList());
    if (found.getFindingsCount() == 0) {
      return checked;
    }
    LockSupport.parkNanos(againNanos);
    StateChecked again =
        ask(master, CheckState.newBuilder().addAllConfirm(found.getFindingsList()).build());
    List<String> unknown = new ArrayList<>(found.getUnknownList());
    again.getUnknownList().stream().filter(each -> !unknown.contains(each)).forEach(unknown::add);
    return checked.with(again.getFindingsList(), unknown);
  }

  private StateChecked ask(MasterStatus master, CheckState check) throws IOException {
    AdminRequest request =
        AdminRequest.newBuilder()
            .setCheckState(
                check.toBuilder().setWaitMs(WAIT_MS).setRequest(UUID.randomUUID().toString()))
            .build();
    return client
        .untilDone(
            HostPort.parse(master.getRpc()),
            request,
            reply -> reply.getStateChecked().getFinished(),
            deadlineNanos)
        .getStateChecked();
  }

  /** Has the leader mend what it can of these; tells how many it did. */
  int repair(MasterStatus leader, Checked checked) throws IOException {
    List<StateFinding> findings = checked.repairable();
    int repaired = 0;
    for (int from = 0; from < findings.size(); from += REPAIRED_AT_ONCE) {
      RepairFindings repair =
          RepairFindings.newBuilder()
              .setEpoch(checked.epoch())
              .setOffset(checked.offset())
              .addAllFindings(
                  findings.subList(from, Math.min(findings.size(), from + REPAIRED_AT_ONCE)))
              .setWaitMs(WAIT_MS)
              .setRequest(UUID.randomUUID().toString())
              .build();
      repaired +=
          client
              .untilDone(
                  HostPort.parse(leader.getRpc()),
                  AdminRequest.newBuilder().setRepairFindings(repair).build(),
                  reply -> reply.getFindingsRepaired().getFinished(),
                  deadlineNanos)
              .getFindingsRepaired()
              .getRepaired();
    }
    return repaired;
  }

  /**
   * The masters, the leader first.
   *
   * @throws CliException where none leads
   */
  List<MasterStatus> masters() throws CliException {
    List<MasterStatus> all = new ArrayList<>();
    all.add(client.master(null));
    client.masters().getMastersList().stream()
        .filter(each -> !each.getNodeId().equals(all.get(0).getNodeId()))
        .forEach(all::add);
    return all;
  }
}
