/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.check.Repairs;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.RepairState;
import io.curvine.protocol.proto.RepairedFinding;
import io.curvine.protocol.proto.StateFinding;
import io.curvine.protocol.proto.StateRepaired;
import java.util.Optional;

/**
 * Mends what a check of the state found, where it is still so on the state that this is decided on.
 * The event has the rows as they are afterwards: no applier looks for flaws.
 */
final class RepairDecider {
  private RepairDecider() {}

  static void repair(RepairState command, Context context) throws Refused {
    int count = command.getFindingsCount();
    if (count == 0 || count > Limits.REPAIR_MAX_FINDINGS) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          count + " findings; allowed: 1 to " + Limits.REPAIR_MAX_FINDINGS);
    }
    long epoch = context.meta().get(Counter.EPOCH);
    if (command.getEpoch() != epoch) {
      throw new Refused(
          ErrorCode.FENCED,
          "the findings are of leadership "
              + command.getEpoch()
              + ", this is leadership "
              + epoch
              + ": another master's state; check again");
    }
    if (Repairs.mustWait(context.rows())) {
      throw new Refused(
          ErrorCode.BUSY, "many deleted trees wait to be reaped; repair when there are fewer");
    }
    Repairs repairs =
        new Repairs(
            context.rows(), context.nowNanos(), context.meta().nextOffset(), command.getOffset());
    StateRepaired.Builder repaired = StateRepaired.newBuilder();
    for (StateFinding finding : command.getFindingsList()) {
      repair(finding, repairs).ifPresent(repaired::addFindings);
    }
    if (repaired.getFindingsCount() > 0) {
      repaired.addAllRows(repairs.changes());
      context.emit(Event.newBuilder().setStateRepaired(repaired));
    }
    context.result().setRepaired(repaired.getFindingsCount());
  }

  /** What cannot be read is not mended, and stops nobody: no event follows from it. */
  private static Optional<RepairedFinding> repair(StateFinding finding, Repairs repairs)
      throws Refused {
    try {
      return repairs.repair(finding);
    } catch (IllegalStateException | IndexOutOfBoundsException e) {
      throw new Refused(
          ErrorCode.CORRUPT, "a row cannot be read, so nothing is mended: " + e.getMessage());
    }
  }
}
