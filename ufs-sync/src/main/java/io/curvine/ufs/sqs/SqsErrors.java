/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.sqs;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Gives the failures of SQS requests their codes. Pure. */
final class SqsErrors {
  private SqsErrors() {}

  /**
   * @param what failed, as a queue's name
   */
  static CurvineException of(String what, Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message =
        Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName())
            .replaceAll("\\s+", " ");
    if (cause instanceof AwsServiceException answer) {
      return new CurvineException(code(answer), what + ": " + message, cause);
    }
    if (message.startsWith("Unable to load credentials")) {
      return new CurvineException(
          ErrorCode.UFS_DENIED,
          what
              + ": no credentials; give "
              + SqsSourceConfig.ACCESS_KEY
              + " and "
              + SqsSourceConfig.SECRET_KEY,
          cause);
    }
    return cause instanceof SdkClientException
        ? new CurvineException(
            ErrorCode.UFS_UNREACHABLE, what + " cannot be reached: " + message, cause)
        : new CurvineException(ErrorCode.UFS_ERROR, what + ": " + message, cause);
  }

  private static ErrorCode code(AwsServiceException answer) {
    String code =
        answer.awsErrorDetails() == null
            ? ""
            : Objects.requireNonNullElse(answer.awsErrorDetails().errorCode(), "");
    if (code.contains("AccessDenied")
        || code.contains("InvalidClientTokenId")
        || code.contains("SignatureDoesNotMatch")
        || answer.statusCode() == 401
        || answer.statusCode() == 403) {
      return ErrorCode.UFS_DENIED;
    }
    return answer.isThrottlingException() || answer.statusCode() >= 502
        ? ErrorCode.UFS_UNREACHABLE
        : ErrorCode.UFS_ERROR;
  }
}
