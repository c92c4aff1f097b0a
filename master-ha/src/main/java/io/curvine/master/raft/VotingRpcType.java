/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;

/**
 * Ratis's gRPC, with elections under the control of {@link Probation}. Public because Ratis makes
 * one by its name.
 */
public final class VotingRpcType implements RpcType {
  private static final String PROBATION = "curvine.probation";

  /** Called by Ratis. */
  public VotingRpcType() {}

  static Parameters parameters(Probation probation, LeaderWatch watch) {
    Parameters parameters = new Parameters();
    parameters.put(PROBATION, probation, Probation.class);
    VotingRpcFactory.control(parameters, probation, watch);
    return parameters;
  }

  @Override
  public String name() {
    return VotingRpcType.class.getName();
  }

  @Override
  public RpcFactory newFactory(Parameters parameters) {
    return new VotingRpcFactory(parameters, parameters.get(PROBATION, Probation.class));
  }
}
