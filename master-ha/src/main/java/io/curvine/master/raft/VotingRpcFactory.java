/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import java.util.Set;
import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcServices;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;
import org.apache.ratis.thirdparty.io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import org.apache.ratis.thirdparty.io.grpc.Metadata;
import org.apache.ratis.thirdparty.io.grpc.ServerCall;
import org.apache.ratis.thirdparty.io.grpc.ServerCallHandler;
import org.apache.ratis.thirdparty.io.grpc.ServerInterceptor;
import org.apache.ratis.thirdparty.io.grpc.Status;

/** Makes the gRPC parts of a server that does not vote, nor stands, while on probation. */
final class VotingRpcFactory extends GrpcFactory {
  /** Votes, and a leader that hands over to this master. */
  private static final Set<String> ELECTIONS = Set.of("requestVote", "startLeaderElection");

  private static final String ENTRIES = "appendEntries";

  private final Probation probation;

  VotingRpcFactory(Parameters parameters, Probation probation) {
    super(parameters);
    this.probation = probation;
  }

  /** Sets what is asked of this server by candidates and leaders under control. */
  static void control(Parameters parameters, Probation probation, LeaderWatch watch) {
    ServerInterceptor refusal = new Refusal(probation);
    ServerInterceptor streams = new Streams(watch);
    GrpcConfigKeys.Server.setServicesCustomizer(
        parameters, (builder, types) -> builder.intercept(refusal).intercept(streams));
  }

  @Override
  public GrpcServices newRaftServerRpc(RaftServer server) {
    return new VotingRpc(super.newRaftServerRpc(server), probation);
  }

  @Override
  public LogAppender newLogAppender(
      RaftServer.Division server, LeaderState state, FollowerInfo follower) {
    return new EntryAppender(server, state, follower);
  }

  /** Tells the watch when a leader's stream ends. */
  private record Streams(LeaderWatch watch) implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      ServerCall.Listener<Q> listener = next.startCall(call, headers);
      if (!ENTRIES.equals(call.getMethodDescriptor().getBareMethodName())) {
        return listener;
      }
      return new SimpleForwardingServerCallListener<>(listener) {
        @Override
        public void onCancel() {
          super.onCancel();
          watch.streamEnded();
        }

        @Override
        public void onHalfClose() {
          super.onHalfClose();
          watch.streamEnded();
        }
      };
    }
  }

  private record Refusal(Probation probation) implements ServerInterceptor {
    @Override
    public <Q, R> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
      if (probation.active()
          && ELECTIONS.contains(call.getMethodDescriptor().getBareMethodName())) {
        call.close(
            Status.UNAVAILABLE.withDescription("this master may have lost entries: no vote"),
            new Metadata());
        return new ServerCall.Listener<>() {};
      }
      return next.startCall(call, headers);
    }
  }
}
