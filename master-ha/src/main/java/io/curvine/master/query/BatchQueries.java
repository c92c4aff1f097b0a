/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.query;

import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.state.view.Refused;
import io.curvine.master.state.view.StateView;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.BatchGetEntry;
import io.curvine.protocol.proto.EntryBatch;
import io.curvine.protocol.proto.EntryOutcome;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.GetEntry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Many entries at once; what is wrong with one is the outcome of that one. */
final class BatchQueries {
  private final StateView state;
  private final Map<Long, CurvineException> unloadable;

  /**
   * Queries on a state.
   *
   * @param unloadable see {@link Bounds}
   */
  BatchQueries(StateView state, Map<Long, CurvineException> unloadable) {
    this.state = state;
    this.unloadable = unloadable;
  }

  EntryBatch entries(BatchGetEntry query) throws Refused, NeedsUfs {
    int count = query.getAtCount();
    if (count < 1 || count > Limits.BATCH_GET_MAX_ENTRIES) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT,
          count + " entries are asked for; allowed: 1 to " + Limits.BATCH_GET_MAX_ENTRIES);
    }
    EntryBatch.Builder batch = EntryBatch.newBuilder();
    Set<Long> missing = new LinkedHashSet<>();
    for (EntryRef at : query.getAtList()) {
      try {
        batch.addOutcomes(outcome(query, at));
      } catch (NeedsUfs needs) {
        missing.addAll(needs.directories());
      }
    }
    if (!missing.isEmpty()) {
      throw new NeedsUfs(new ArrayList<>(missing));
    }
    return batch.build();
  }

  private EntryOutcome outcome(BatchGetEntry query, EntryRef at) throws NeedsUfs {
    GetEntry one =
        GetEntry.newBuilder()
            .setAt(at)
            .setFollow(query.getFollow())
            .setWithPath(query.getWithPath())
            .build();
    try {
      return EntryOutcome.newBuilder().setEntry(new EntryQueries(state).get(one)).build();
    } catch (Refused refused) {
      return failed(refused.code(), refused.getMessage());
    } catch (NeedsUfs needs) {
      for (long directory : needs.directories()) {
        CurvineException failure = unloadable.get(directory);
        if (failure != null) {
          return failed(failure.code(), failure.getMessage());
        }
      }
      throw needs;
    }
  }

  private static EntryOutcome failed(ErrorCode code, String message) {
    return EntryOutcome.newBuilder().setCode(code).setMessage(message).build();
  }
}
