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

/**
 * How a job ended. Immutable.
 *
 * @param retry it may succeed another time
 * @param code of the failure
 * @param filesDone of the parts of a tree, where not all are done
 * @param bytesDone likewise
 * @param other another object was moved than the one that the masters know
 */
record Outcome(
    boolean succeeded,
    boolean retry,
    String error,
    ErrorCode code,
    UfsBinding ufs,
    long filesDone,
    long bytesDone,
    boolean other) {
  /** What will be refused again however often it is tried. */
  private static final Set<ErrorCode> FINAL =
      Set.of(
          ErrorCode.NOT_FOUND,
          ErrorCode.INVALID_ARGUMENT,
          ErrorCode.UNSUPPORTED,
          ErrorCode.NAME_TOO_LONG,
          ErrorCode.NOT_A_DIRECTORY,
          ErrorCode.IS_A_DIRECTORY,
          ErrorCode.NOT_EMPTY,
          ErrorCode.ALREADY_EXISTS,
          ErrorCode.UFS_CONFLICT,
          ErrorCode.PERMISSION_DENIED,
          ErrorCode.READ_ONLY);

  static Outcome done() {
    return new Outcome(true, false, "", ErrorCode.OK, null, 0, 0, false);
  }

  static Outcome done(UfsStatus status) {
    UfsBinding ufs =
        UfsBinding.newBuilder()
            .setVersion(status.version())
            .setLengthBytes(status.lengthBytes())
            .setMtimeNanos(status.mtimeNanos())
            .build();
    return new Outcome(true, false, "", ErrorCode.OK, ufs, 0, 0, false);
  }

  static Outcome failed(String error) {
    return new Outcome(false, false, error, ErrorCode.UNSUPPORTED, null, 0, 0, false);
  }

  /** A failure; whether it may pass is told by its code. */
  static Outcome of(Exception failure) {
    return of(failure, 0, 0);
  }

  /** The same where some of the work is done. */
  static Outcome of(Exception failure, long filesDone, long bytesDone) {
    ErrorCode code = failure instanceof CurvineException known ? known.code() : ErrorCode.INTERNAL;
    String error = code + ": " + failure.getMessage();
    return new Outcome(
        false, !FINAL.contains(code), error, code, null, filesDone, bytesDone, false);
  }

  /** The same, after an object that was in the way was kept elsewhere. */
  Outcome noting(String kept) {
    return new Outcome(
        succeeded, retry, kept, ErrorCode.UFS_CONFLICT, ufs, filesDone, bytesDone, other);
  }

  /** The same of another object than the known one. */
  Outcome ofAnother() {
    return new Outcome(succeeded, retry, error, code, ufs, filesDone, bytesDone, true);
  }

  FinishJob toProto(long jobId) {
    FinishJob.Builder finish =
        FinishJob.newBuilder()
            .setJobId(jobId)
            .setSucceeded(succeeded)
            .setRetry(retry)
            .setError(error)
            .setCode(code)
            .setOtherContent(other)
            .setFilesDone(filesDone)
            .setBytesDone(bytesDone);
    if (ufs != null) {
      finish.setUfs(ufs);
    }
    return finish.build();
  }
}
