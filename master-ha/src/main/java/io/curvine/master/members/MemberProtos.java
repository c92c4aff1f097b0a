/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.members;

import io.curvine.master.Peer;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterAddress;
import io.curvine.protocol.proto.MasterGroup;
import io.curvine.protocol.proto.MasterMember;

/** Members on the wire. Stateless. */
public final class MemberProtos {
  private MemberProtos() {}

  /** All that is known of the group. */
  public static MasterGroup group(Membership membership) {
    MasterGroup.Builder group =
        MasterGroup.newBuilder().setIndex(membership.index()).setSettled(membership.settled());
    for (Member member : membership.members()) {
      group.addMembers(
          MasterMember.newBuilder()
              .setAddress(address(member.peer()))
              .setListener(member.listener())
              .setPriority(member.priority()));
    }
    return group.build();
  }

  /** Where a master listens. */
  public static MasterAddress address(Peer peer) {
    return MasterAddress.newBuilder()
        .setId(peer.id())
        .setHost(peer.host())
        .setRaftPort(peer.raftPort())
        .setRpcPort(peer.rpcPort())
        .setFeedPort(peer.feedPort())
        .setHttpPort(peer.httpPort())
        .build();
  }

  /**
   * What a caller gave.
   *
   * @throws CurvineException INVALID_ARGUMENT where a part is out of range
   */
  static Peer peer(MasterAddress address) throws CurvineException {
    try {
      return new Peer(
          address.getId(),
          address.getHost(),
          address.getRaftPort(),
          address.getRpcPort(),
          address.getFeedPort(),
          address.getHttpPort());
    } catch (IllegalArgumentException e) {
      throw new CurvineException(
          ErrorCode.INVALID_ARGUMENT, "the new master is " + e.getMessage(), e);
    }
  }
}
