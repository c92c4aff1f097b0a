/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import io.curvine.master.Peer;
import io.curvine.master.members.Member;
import io.curvine.protocol.net.HostPort;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftConfiguration;

/**
 * Members as Raft has them. A peer of Raft has four addresses, of which Raft itself uses one; the
 * others carry ours, so that the log tells every master where each of them listens. Stateless.
 */
final class RaftPeers {
  private RaftPeers() {}

  static RaftPeer of(Member member) {
    Peer peer = member.peer();
    return RaftPeer.newBuilder()
        .setId(peer.id())
        .setAddress(peer.raft().toString())
        .setClientAddress(peer.rpc().toString())
        .setDataStreamAddress(peer.feed().toString())
        .setAdminAddress(peer.http().toString())
        .setPriority(member.priority())
        .setStartupRole(member.listener() ? RaftPeerRole.LISTENER : RaftPeerRole.FOLLOWER)
        .build();
  }

  static List<RaftPeer> of(Collection<Member> members, boolean listeners) {
    return members.stream()
        .filter(member -> member.listener() == listeners)
        .map(RaftPeers::of)
        .toList();
  }

  /** The members after the change that is under way, if one is. */
  static List<Member> members(RaftConfiguration configuration) {
    return Stream.concat(
            configuration.getCurrentPeers(RaftPeerRole.FOLLOWER).stream()
                .map(peer -> member(peer, false)),
            configuration.getCurrentPeers(RaftPeerRole.LISTENER).stream()
                .map(peer -> member(peer, true)))
        .toList();
  }

  private static Member member(RaftPeer peer, boolean listener) {
    HostPort raft = HostPort.parse(peer.getAddress());
    Peer parsed =
        new Peer(
            peer.getId().toString(),
            raft.host(),
            raft.port(),
            HostPort.parse(peer.getClientAddress()).port(),
            HostPort.parse(peer.getDataStreamAddress()).port(),
            HostPort.parse(peer.getAdminAddress()).port());
    return new Member(parsed, listener, peer.getPriority());
  }
}
