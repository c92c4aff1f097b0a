/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import com.google.protobuf.ByteString;
import java.util.List;
import org.apache.kafka.common.protocol.Errors;

/**
 * What a member that joined is told.
 *
 * @param leader id of the member that assigns
 * @param skipAssignment the leader is not to assign: what was assigned holds
 * @param members for the leader, else empty
 */
public record JoinAnswer(
    Errors error,
    String memberId,
    int generation,
    String protocolType,
    String protocol,
    String leader,
    boolean skipAssignment,
    List<Joined> members) {
  private static final int NO_GENERATION = -1;

  public JoinAnswer {
    members = List.copyOf(members);
  }

  /** One of the members that the leader assigns to. */
  public record Joined(Identity member, ByteString subscription) {}

  static JoinAnswer refused(Errors error, String memberId) {
    return new JoinAnswer(error, memberId, NO_GENERATION, "", "", "", false, List.of());
  }
}
