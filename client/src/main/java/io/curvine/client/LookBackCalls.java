/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.LookBack;
import io.curvine.protocol.proto.LookBackReply;
import io.curvine.protocol.proto.Moment;
import io.curvine.protocol.proto.OpenPast;
import io.curvine.protocol.proto.PastState;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryPast;
import io.curvine.protocol.proto.QueryResult;
import java.io.IOException;
import java.time.Duration;

/** Asks the leader about the past; what a new leader does not have open is opened anew. */
final class LookBackCalls {
  /** Less than after what a master takes it that nobody waits any more. */
  private static final Duration STEP = Duration.ofSeconds(2);

  /** A state that is closed by others between opening and asking is opened again so often. */
  private static final int OPENINGS_MAX = 10;

  private final MasterCalls masters;
  private final Principal principal;

  LookBackCalls(MasterCalls masters, Principal principal) {
    this.masters = masters;
    this.principal = principal;
  }

  /** A question without its principal. */
  LookBackReply ask(LookBack.Builder question, Duration wait) throws IOException {
    return masters.lookBack(question.setPrincipal(principal).build(), wait);
  }

  /** As {@link #ask}, which a master answers after two seconds at most. */
  LookBackReply askInSteps(LookBack.Builder question) throws IOException {
    return ask(question, STEP);
  }

  static int stepMs() {
    return Math.toIntExact(STEP.toMillis());
  }

  /** What it takes to open a state. */
  PastState plan(Moment at) throws IOException {
    return ask(
            LookBack.newBuilder().setOpenPast(OpenPast.newBuilder().setAt(at).setOnlyPlan(true)),
            STEP)
        .getPastState();
  }

  /** Opens a state, however long it takes. */
  PastState open(long offset, PastListener listener) throws IOException {
    LookBack.Builder question =
        LookBack.newBuilder()
            .setOpenPast(
                OpenPast.newBuilder()
                    .setAt(Moment.newBuilder().setOffset(offset))
                    .setWaitMs(stepMs()));
    while (true) {
      PastState state = askInSteps(question).getPastState();
      if (state.getOpen()) {
        return state;
      }
      listener.opening(state);
    }
  }

  /** Answers a query on a state, which is opened where it is not. */
  QueryResult query(long offset, Query query, PastListener listener) throws IOException {
    LookBack.Builder question =
        LookBack.newBuilder()
            .setQueryPast(QueryPast.newBuilder().setOffset(offset).setQuery(query));
    for (int opened = 0; opened < OPENINGS_MAX; opened++) {
      LookBackReply reply = ask(question, STEP);
      if (reply.hasQuery()) {
        return reply.getQuery();
      }
      open(offset, listener);
    }
    throw new CurvineException(
        ErrorCode.BUSY,
        "the state at offset "
            + offset
            + " was closed "
            + OPENINGS_MAX
            + " times before it was asked: too many look back at once; try later, or with a"
            + " larger past_states");
  }
}
