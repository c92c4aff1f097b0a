/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.check.Repairs;
import io.curvine.master.state.Counter;
import io.curvine.master.state.view.Refused;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.RepairState;
import io.curvine.protocol.proto.RepairedFinding;
import io.curvine.protocol.proto.StateRepaired;
import java.util.List;
import java.util.Optional;

/**
 * Mends what a check of the state found, where it is still so on the state that this is decided on.
 * The event has the rows as they are afterwards: no applier looks for flaws.
 */
final class RepairDecider {
  /** Searches for rows in one command, which others wait for. */
  private static final long LOOKUPS_MAX = 100_000;

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
    StateRepaired repaired = repaired(command, context);
    if (repaired.getFindingsCount() > 0) {
      context.emit(Event.newBuilder().setStateRepaired(repaired));
    }
    context.result().setRepaired(repaired.getFindingsCount());
  }

  /**
   * What cannot be read is not mended, and stops nobody: no event follows from it. Changes nothing
   * itself.
   */
  private static StateRepaired repaired(RepairState command, Context context) throws Refused {
    try {
      if (Repairs.mustWait(context.rows())) {
        throw new Refused(
            ErrorCode.BUSY, "many deleted trees wait to be reaped; repair when there are fewer");
      }
      Repairs repairs =
          new Repairs(
              context.rows(), context.nowNanos(), context.meta().nextOffset(), command.getOffset());
      Optional<String> missing = repairs.missingRoot();
      if (missing.isPresent()) {
        throw new Refused(
            ErrorCode.CORRUPT,
            "nothing is mended: "
                + missing.get()
                + ", and all below it would be taken for lost; restore the newest snapshot that"
                + " has it, or rebuild the state from the journal");
      }
      List<RepairedFinding> done = repairs.repair(command.getFindingsList(), LOOKUPS_MAX);
      return StateRepaired.newBuilder()
          .addAllFindings(done)
          .addAllRows(done.isEmpty() ? List.of() : repairs.changes())
          .build();
    } catch (StoreException e) {
      throw e; // The database failed, not a row of it.
    } catch (RuntimeException e) {
      throw new Refused(
          ErrorCode.CORRUPT, "a row cannot be read, so nothing is mended: " + e.getMessage());
    }
  }
}
