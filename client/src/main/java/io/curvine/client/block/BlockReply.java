/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;

/**
 * An answer of a worker. Immutable.
 *
 * @param refusal what an error says; empty where it is none
 */
public record BlockReply(HostPort worker, BlockHeader header, String refusal) {
  public boolean ok() {
    return header.status() == ErrorCode.OK.getNumber();
  }

  /** The worker of the pipeline that failed; 0: the one that answered. */
  public int failedWorkerId() {
    return (int) header.length();
  }

  /** The refusal with the worker's name; INTERNAL for a code that is not known here. */
  public CurvineException exception() {
    ErrorCode code = ErrorCode.forNumber(header.status());
    return new CurvineException(
        code == null || code == ErrorCode.OK ? ErrorCode.INTERNAL : code,
        "worker " + worker + ": " + refusal);
  }

  /** This, where it is no error. */
  public BlockReply orThrow() throws CurvineException {
    if (!ok()) {
      throw exception();
    }
    return this;
  }
}
