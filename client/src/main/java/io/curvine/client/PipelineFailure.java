/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;

/** A write pipeline broke; says who is to blame and whether the same workers may be tried again. */
final class PipelineFailure extends IOException {
  private static final long serialVersionUID = 1L;

  private final int workerId;
  private final boolean again;

  private PipelineFailure(IOException cause, int workerId, boolean again) {
    super(cause.getMessage(), cause);
    this.workerId = workerId;
    this.again = again;
  }

  /** The connection to the head broke, or could not be made, or its worker was silent. */
  static PipelineFailure broken(IOException cause, int workerId, boolean again) {
    return new PipelineFailure(cause, workerId, again);
  }

  /** A worker refused. */
  static PipelineFailure refused(CurvineException refusal, int workerId) {
    boolean again =
        switch (refusal.code()) {
          case LEASE_LOST, CORRUPT, BUSY -> true;
          default -> false;
        };
    return new PipelineFailure(refusal, workerId, again);
  }

  int workerId() {
    return workerId;
  }

  boolean again() {
    return again;
  }

  /** The connection is what failed: no worker refused. */
  boolean isBreak() {
    return !(getCause() instanceof CurvineException);
  }

  /** Other workers would refuse too. */
  boolean hopeless() {
    return switch (code()) {
      case INVALID_ARGUMENT, UNSUPPORTED -> true;
      default -> false;
    };
  }

  /** The same worker may do it a little later. */
  boolean passing() {
    return switch (code()) {
      case NOT_READY, BUSY, FENCED, LEASE_LOST, CORRUPT -> true;
      default -> false;
    };
  }

  /** The cause as a code; NOT_READY for what is not a refusal. */
  ErrorCode code() {
    return getCause() instanceof CurvineException refusal ? refusal.code() : ErrorCode.NOT_READY;
  }
}
