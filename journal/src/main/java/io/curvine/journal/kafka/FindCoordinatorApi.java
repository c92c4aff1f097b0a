/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.common.message.FindCoordinatorRequestData;
import org.apache.kafka.common.message.FindCoordinatorResponseData;
import org.apache.kafka.common.message.FindCoordinatorResponseData.Coordinator;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.FindCoordinatorRequest.CoordinatorType;

/** Who coordinates a consumer group: the leader does all of them. */
final class FindCoordinatorApi {
  private static final int NO_NODE = -1;

  /** From here on it asks for several at once. */
  private static final short SEVERAL_VERSION = 4;

  private final Supplier<List<Broker>> brokers;

  FindCoordinatorApi(Supplier<List<Broker>> brokers) {
    this.brokers = brokers;
  }

  FindCoordinatorResponseData answer(FindCoordinatorRequestData request, short version) {
    Coordinator found = find(request.keyType());
    FindCoordinatorResponseData answer = new FindCoordinatorResponseData();
    if (version < SEVERAL_VERSION) {
      return answer
          .setErrorCode(found.errorCode())
          .setErrorMessage(found.errorMessage())
          .setNodeId(found.nodeId())
          .setHost(found.host())
          .setPort(found.port());
    }
    for (String key : request.coordinatorKeys()) {
      answer.coordinators().add(found.duplicate().setKey(key));
    }
    return answer;
  }

  private Coordinator find(byte keyType) {
    if (keyType == CoordinatorType.TRANSACTION.id()) {
      // Not "not available": a producer would ask for ever.
      return none(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED, "topics of Curvine are read-only");
    }
    if (keyType != CoordinatorType.GROUP.id()) {
      return none(
          Errors.INVALID_REQUEST, "key type is " + keyType + "; allowed: 0, a consumer group");
    }
    Optional<Broker> leader = brokers.get().stream().filter(Broker::leader).findFirst();
    return leader
        .map(
            broker ->
                new Coordinator()
                    .setErrorMessage("")
                    .setNodeId(broker.id())
                    .setHost(broker.host())
                    .setPort(broker.port()))
        .orElseGet(() -> none(Errors.COORDINATOR_NOT_AVAILABLE, "the masters have no leader now"));
  }

  private static Coordinator none(Errors error, String why) {
    return new Coordinator()
        .setErrorCode(error.code())
        .setErrorMessage(why)
        .setNodeId(NO_NODE)
        .setPort(NO_NODE);
  }
}
