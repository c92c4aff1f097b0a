/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.query.Bounds;
import io.curvine.master.query.Found;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.read.FollowerGate;
import io.curvine.master.state.view.NeedsUfs;
import io.curvine.master.store.StoreException;
import io.curvine.protocol.proto.Consistency;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.rpc.RpcResponder;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Answers queries on a master that does not lead. What would take a load from the UFS is for the
 * leader. Thread-safe.
 */
final class FollowerQueries {
  private final NodeView node;
  private final FollowerGate gate;
  private final QuerySteps steps;
  private final Freshness freshness;

  FollowerQueries(NodeView node, FollowerGate gate, QuerySteps steps, Freshness freshness) {
    this.freshness = freshness;
    this.node = node;
    this.gate = gate;
    this.steps = steps;
  }

  void handle(Query query, RpcResponder responder, boolean onEventLoop) {
    if (freshness.concerns(query)) {
      responder.respond(steps.notLeader());
    } else if (query.getConsistency() == Consistency.BOUNDED_STALE) {
      stale(query, responder, onEventLoop);
    } else {
      steps.after(
          gate.pass(),
          responder,
          point ->
              answer(
                  query,
                  responder,
                  found ->
                      steps.await(
                          gate.confirm(point, found.offset()),
                          responder,
                          confirmed -> responder.respond(Responses.found(found)))));
    }
  }

  private void stale(Query query, RpcResponder responder, boolean onEventLoop) {
    Runnable answer =
        () -> answer(query, responder, found -> responder.respond(Responses.found(found)));
    if (gate.passedWithin(Duration.ofMillis(query.getMaxStalenessMs()))) {
      if (!onEventLoop || !QueryKinds.isBrief(query) || !answeredBriefly(query, responder)) {
        steps.inPool(responder, answer);
      }
    } else {
      steps.after(gate.pass(), responder, passed -> answer.run());
    }
  }

  private boolean answeredBriefly(Query query, RpcResponder responder) {
    Found found;
    try {
      found = find(query, QueryKinds.BRIEF);
    } catch (NeedsUfs needs) {
      responder.respond(steps.notLeader());
      return true;
    }
    if (found != null) {
      responder.respond(Responses.found(found));
    }
    return found != null;
  }

  private void answer(Query query, RpcResponder responder, Consumer<Found> then) {
    Found found;
    try {
      found = find(query, Bounds.NONE);
    } catch (NeedsUfs needs) {
      responder.respond(steps.notLeader());
      return;
    }
    then.accept(found);
  }

  /** Once more where a snapshot took the state's place just then: that state is a later one. */
  private Found find(Query query, Bounds bounds) throws NeedsUfs {
    QueryEngine queries = node.queries();
    try {
      return queries.find(query, bounds);
    } catch (StoreException e) {
      if (node.queries() == queries) {
        throw e;
      }
      return node.queries().find(query, bounds);
    }
  }
}
