/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.protocol.proto.Consistency;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.rpc.RpcResponder;
import java.time.Duration;

/**
 * Answers queries as current as they ask for, or says who can. Thread-safe; called on event loops.
 */
final class QueryService {
  private static final Duration CATCH_UP_MAX = Duration.ofSeconds(1);

  private final NodeView node;
  private final ServiceParts.Reads reads;
  private final QuerySteps steps;
  private final LeaderQueries atLeader;
  private final FollowerQueries elsewhere;

  QueryService(
      NodeView node,
      ServiceParts.Reads reads,
      QuerySteps steps,
      LeaderQueries atLeader,
      FollowerQueries elsewhere) {
    this.node = node;
    this.reads = reads;
    this.steps = steps;
    this.atLeader = atLeader;
    this.elsewhere = elsewhere;
  }

  void handle(Query query, RpcResponder responder) {
    String problem = QueryKinds.problem(query);
    if (!problem.isEmpty()) {
      responder.respond(Responses.of(ErrorCode.INVALID_ARGUMENT, problem));
    } else if (query.getMinOffset() <= reads.applied().now()) {
      route(query, responder, true);
    } else {
      steps.after(
          reads.gate().reach(query.getMinOffset(), CATCH_UP_MAX),
          responder,
          reached -> route(query, responder, false));
    }
  }

  private void route(Query query, RpcResponder responder, boolean onEventLoop) {
    if (node.leading()) {
      atLeader.handle(query, responder, onEventLoop);
    } else if (query.getConsistency() != Consistency.AT_LEADER && QueryKinds.anyMasterCan(query)) {
      elsewhere.handle(query, responder, onEventLoop);
    } else {
      responder.respond(steps.notLeader());
    }
  }
}
