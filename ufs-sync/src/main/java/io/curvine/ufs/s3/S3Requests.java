/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;

/** Waits for the answers of asynchronous requests. Thread-safe. */
final class S3Requests {
  private final AwsRequestOverrideConfiguration bounded;

  S3Requests(Duration requestTimeout, int maxAttempts) {
    this.bounded =
        AwsRequestOverrideConfiguration.builder()
            .apiCallAttemptTimeout(requestTimeout)
            .apiCallTimeout(requestTimeout.multipliedBy(maxAttempts))
            .build();
  }

  /**
   * Time limits of a request without a large body; one with a body is limited by the silence on its
   * connection only.
   */
  AwsRequestOverrideConfiguration bounded() {
    return bounded;
  }

  /**
   * The answer.
   *
   * @param what s3:// name, or that of another store, for the message of a failure
   */
  static <T> T await(String what, CompletableFuture<T> answer) throws CurvineException {
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw S3Errors.of(what, e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new CurvineException(ErrorCode.UFS_ERROR, what + ": interrupted", e);
    }
  }
}
