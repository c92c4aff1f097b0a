/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.ufs.UfsStatus;
import java.util.Set;

/** How a job ended. Immutable. */
record Outcome(boolean succeeded, boolean retry, String error, UfsBinding ufs) {
  /** What will be refused again however often it is tried. */
  private static final Set<ErrorCode> FINAL =
      Set.of(
          ErrorCode.UFS_DENIED,
          ErrorCode.NOT_FOUND,
          ErrorCode.INVALID_ARGUMENT,
          ErrorCode.UNSUPPORTED,
          ErrorCode.NAME_TOO_LONG,
          ErrorCode.NOT_A_DIRECTORY,
          ErrorCode.IS_A_DIRECTORY,
          ErrorCode.NOT_EMPTY,
          ErrorCode.ALREADY_EXISTS,
          ErrorCode.PERMISSION_DENIED,
          ErrorCode.READ_ONLY);

  static Outcome done() {
    return new Outcome(true, false, "", null);
  }

  static Outcome done(UfsStatus status) {
    UfsBinding ufs =
        UfsBinding.newBuilder()
            .setVersion(status.version())
            .setLengthBytes(status.lengthBytes())
            .setMtimeNanos(status.mtimeNanos())
            .build();
    return new Outcome(true, false, "", ufs);
  }

  static Outcome failed(String error) {
    return new Outcome(false, false, error, null);
  }

  /** A failure; whether it may pass is told by its code. */
  static Outcome of(Exception failure) {
    ErrorCode code = failure instanceof CurvineException known ? known.code() : ErrorCode.INTERNAL;
    String error = code + ": " + failure.getMessage();
    return new Outcome(false, !FINAL.contains(code), error, null);
  }

  FinishJob toProto(long jobId) {
    FinishJob.Builder finish =
        FinishJob.newBuilder()
            .setJobId(jobId)
            .setSucceeded(succeeded)
            .setRetry(retry)
            .setError(error);
    if (ufs != null) {
      finish.setUfs(ufs);
    }
    return finish.build();
  }
}
