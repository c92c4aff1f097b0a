/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import com.google.protobuf.ByteString;
import java.util.List;

/**
 * A member wants into the group, or into its next generation.
 *
 * @param client for people: who it is and where it runs
 * @param protocols how partitions may be shared out, the preferred one first
 * @param takesIdFirst it can be told an id and join once more with that, so that a client that
 *     never hears its answer leaves no member behind
 * @param knowsToSkip it can be told that it leads and is not to assign
 */
public record JoinRequest(
    Identity member,
    Client client,
    Timeouts timeouts,
    String protocolType,
    List<Protocol> protocols,
    boolean takesIdFirst,
    boolean knowsToSkip) {

  public JoinRequest {
    protocols = List.copyOf(protocols);
  }

  /** Where a member runs. */
  public record Client(String id, String host) {}

  /**
   * How long a member may be silent.
   *
   * @param sessionMs without a heartbeat
   * @param rebalanceMs until it joins again, when it is told to
   */
  public record Timeouts(int sessionMs, int rebalanceMs) {}

  /** One way to share out partitions, and what the member says of itself under it. */
  public record Protocol(String name, ByteString subscription) {}

  int subscriptionBytes() {
    return protocols.stream().mapToInt(protocol -> protocol.subscription().size()).sum();
  }
}
