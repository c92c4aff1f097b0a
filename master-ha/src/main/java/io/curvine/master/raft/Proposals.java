/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientRequest;

/**
 * What this process has proposed and knows of each proposal beside its bytes. Ratis hands the
 * request back where it applies the entry, and only there. Thread-safe.
 */
final class Proposals {
  private final ClientId proposer = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();
  private final Map<Long, Object> open = new ConcurrentHashMap<>();

  /** Whose requests they are. */
  ClientId proposer() {
    return proposer;
  }

  long nextCallId() {
    return callIds.incrementAndGet();
  }

  /** The call id to propose with. */
  long add(Object known) {
    long callId = nextCallId();
    if (known != null) {
      open.put(callId, known);
    }
    return callId;
  }

  void remove(long callId) {
    open.remove(callId);
  }

  /**
   * What is known of a request; null where it is not of this process, or over.
   *
   * @param request null where the entry was not proposed here
   */
  Object find(RaftClientRequest request) {
    return request == null || !request.getClientId().equals(proposer)
        ? null
        : open.get(request.getCallId());
  }
}
