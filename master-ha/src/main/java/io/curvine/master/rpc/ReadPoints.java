/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.rpc;

import io.curvine.master.read.ReadLease;
import io.curvine.protocol.proto.ConfirmTerm;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.ReadPoint;
import io.curvine.protocol.rpc.RpcResponder;

/** What masters ask each other so that their reads are linearizable. Thread-safe. */
final class ReadPoints {
  private final NodeView node;
  private final ReadLease lease;
  private final QuerySteps steps;

  ReadPoints(NodeView node, ReadLease lease, QuerySteps steps) {
    this.node = node;
    this.lease = lease;
    this.steps = steps;
  }

  /** Every master answers, with the term it is in. */
  MasterResponse confirm(ConfirmTerm request) {
    if (!request.getGroup().equals(node.group())) {
      return Responses.of(
          ErrorCode.INVALID_ARGUMENT,
          "group is '" + request.getGroup() + "'; allowed: this master's, " + node.group());
    }
    return MasterResponse.newBuilder().setTermConfirmed(node.term()).build();
  }

  /** The leader answers. */
  void readPoint(RpcResponder responder) {
    if (lease.holds()) {
      respondPoint(responder);
    } else {
      steps.await(lease.gate(), responder, passed -> respondPoint(responder));
    }
  }

  /** From the state itself: what a read has seen there is below it. */
  private void respondPoint(RpcResponder responder) {
    responder.respond(
        MasterResponse.newBuilder()
            .setReadPoint(ReadPoint.newBuilder().setOffset(node.queries().nextOffset()))
            .build());
  }
}
