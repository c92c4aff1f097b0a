/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import com.google.protobuf.ByteString;
import java.util.List;

/** A group as operators see it; what members say and have is only there while it is stable. */
public record Described(
    String name, GroupState state, String protocolType, String protocol, List<Member> members) {
  public Described {
    members = List.copyOf(members);
  }

  /** One member. */
  public record Member(
      Identity identity,
      JoinRequest.Client client,
      ByteString subscription,
      ByteString assignment) {}

  static Described unknown(String name) {
    return new Described(name, GroupState.DEAD, "", "", List.of());
  }
}
