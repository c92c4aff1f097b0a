/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.ufs.UfsExpected;
import io.curvine.ufs.UfsStatus;
import java.util.Optional;

/**
 * What an object must be at the moment at which it is replaced. A request without it has null for
 * both headers. Immutable.
 *
 * @param ifMatch header; null: none
 * @param ifNoneMatch header; null: none
 */
record S3Condition(String ifMatch, String ifNoneMatch) {
  static final S3Condition NONE = new S3Condition(null, null);

  /** That it is still what was found, which was allowed. */
  static S3Condition of(UfsExpected expected, Optional<UfsStatus> found) {
    if (expected.any()) {
      return NONE;
    }
    return found
        .map(status -> new S3Condition(S3Statuses.quoted(status.version()), null))
        .orElseGet(() -> new S3Condition(null, "*"));
  }

  /** The failure of a request that had it. */
  CurvineException failure(CurvineException failure) {
    if (equals(NONE)) {
      return failure;
    }
    return switch (failure.code()) {
      case UFS_CHANGED ->
          new CurvineException(
              ErrorCode.UFS_CONFLICT,
              failure.getMessage() + "; another than Curvine changed it just now",
              failure);
      // Deleted just now: the next attempt makes it.
      case NOT_FOUND -> new CurvineException(ErrorCode.UFS_CHANGED, failure.getMessage(), failure);
      default -> failure;
    };
  }
}
