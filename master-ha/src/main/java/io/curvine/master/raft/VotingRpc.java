/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Collection;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotReplyProto;
import org.apache.ratis.proto.RaftProtos.InstallSnapshotRequestProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteReplyProto;
import org.apache.ratis.proto.RaftProtos.RequestVoteRequestProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionReplyProto;
import org.apache.ratis.proto.RaftProtos.StartLeaderElectionRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.server.protocol.RaftServerAsynchronousProtocol;

/** The library's RPC, but for asking votes while on probation: that fails. */
final class VotingRpc implements GrpcServices {
  private final GrpcServices library;
  private final Probation probation;

  VotingRpc(GrpcServices library, Probation probation) {
    this.library = library;
    this.probation = probation;
  }

  GrpcServices library() {
    return library;
  }

  @Override
  public RequestVoteReplyProto requestVote(RequestVoteRequestProto request) throws IOException {
    if (probation.active()) {
      throw new IOException("this master may have lost entries and does not stand for election");
    }
    return library.requestVote(request);
  }

  @Override
  public void start() throws IOException {
    library.start();
  }

  @Override
  public RpcType getRpcType() {
    return library.getRpcType();
  }

  @Override
  public InetSocketAddress getInetSocketAddress() {
    return library.getInetSocketAddress();
  }

  @Override
  public InetSocketAddress getClientServerAddress() {
    return library.getClientServerAddress();
  }

  @Override
  public InetSocketAddress getAdminServerAddress() {
    return library.getAdminServerAddress();
  }

  @Override
  public void handleException(RaftPeerId serverId, Exception e, boolean reconnect) {
    library.handleException(serverId, e, reconnect);
  }

  @Override
  public void notifyNotLeader(RaftGroupId groupId) {
    library.notifyNotLeader(groupId);
  }

  @Override
  public RaftServerAsynchronousProtocol async() {
    return library.async();
  }

  @Override
  public void addRaftPeers(Collection<RaftPeer> peers) {
    library.addRaftPeers(peers);
  }

  @Override
  public AppendEntriesReplyProto appendEntries(AppendEntriesRequestProto request)
      throws IOException {
    return library.appendEntries(request);
  }

  @Override
  public InstallSnapshotReplyProto installSnapshot(InstallSnapshotRequestProto request)
      throws IOException {
    return library.installSnapshot(request);
  }

  @Override
  public StartLeaderElectionReplyProto startLeaderElection(StartLeaderElectionRequestProto request)
      throws IOException {
    return library.startLeaderElection(request);
  }

  @Override
  public void close() throws IOException {
    library.close();
  }
}
