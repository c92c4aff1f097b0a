/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import java.util.concurrent.CompletableFuture;

/**
 * What the caller of a command is told.
 *
 * @param result set where the code is OK
 * @param retryAfterMs with BUSY
 */
public record Reply(ErrorCode code, String message, CommandResult result, int retryAfterMs) {
  private static final int BUSY_RETRY_MS = 50;

  static Reply ok(CommandResult result) {
    return new Reply(ErrorCode.OK, "", result, 0);
  }

  /** Refused for good. */
  public static Reply refused(ErrorCode code, String message) {
    return new Reply(code, message, null, 0);
  }

  static Reply busy(int waiting) {
    return new Reply(
        ErrorCode.BUSY, waiting + " commands are waiting already", null, BUSY_RETRY_MS);
  }

  static Reply notLeader() {
    return refused(ErrorCode.NOT_LEADER, "this master does not lead");
  }

  static Reply unknownOutcome() {
    return refused(
        ErrorCode.UNKNOWN_OUTCOME, "leadership was lost with the command in flight; ask again");
  }

  /** The result, or the failure, for what comes next. */
  public CompletableFuture<CommandResult> accepted() {
    return code == ErrorCode.OK
        ? CompletableFuture.completedFuture(result)
        : CompletableFuture.failedFuture(toException());
  }

  /** The failure as callers inside the master see it. */
  public CurvineException toException() {
    return new CurvineException(code, message);
  }
}
