/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.s3;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** Gives the failures of S3 requests their codes. Pure. */
final class S3Errors {
  private S3Errors() {}

  /**
   * What failed, as a failure of the UFS at {@code what}, an s3:// name or that of another store.
   */
  static CurvineException of(String what, Throwable failure) {
    Throwable cause = unwrap(failure);
    if (cause instanceof CurvineException known) {
      return known;
    }
    if (cause instanceof AwsServiceException answer) {
      return new CurvineException(code(answer), what + ": " + describe(answer), cause);
    }
    boolean unreachable = cause instanceof SdkClientException || cause instanceof TimeoutException;
    if (lacksCredentials(cause)) {
      return new CurvineException(
          ErrorCode.UFS_DENIED,
          what + ": no credentials; give s3.access-key and s3.secret-key, or s3.anonymous=true",
          cause);
    }
    if (unreachable || cause instanceof IOException) {
      return new CurvineException(
          ErrorCode.UFS_UNREACHABLE,
          what + " cannot be reached: " + oneLine(message(cause)),
          cause);
    }
    return new CurvineException(ErrorCode.UFS_ERROR, what + ": " + oneLine(message(cause)), cause);
  }

  private static Throwable unwrap(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static ErrorCode code(AwsServiceException answer) {
    return switch (answer.statusCode()) {
      case 401, 403 -> ErrorCode.UFS_DENIED;
      // An upload that somebody aborted is not an object that is missing.
      case 404 -> codeOfMissing(errorCode(answer));
      case 412, 416 -> ErrorCode.UFS_CHANGED;
      case 429, 502, 503, 504 -> ErrorCode.UFS_UNREACHABLE;
      case 501 -> ErrorCode.UNSUPPORTED;
      default -> ErrorCode.UFS_ERROR;
    };
  }

  private static ErrorCode codeOfMissing(String what) {
    return switch (what) {
      case "NoSuchUpload" -> ErrorCode.UFS_ERROR;
      // Not an empty store: the names below it must not go.
      case "NoSuchBucket" -> ErrorCode.UFS_UNREACHABLE;
      default -> ErrorCode.NOT_FOUND;
    };
  }

  private static String describe(AwsServiceException answer) {
    int status = answer.statusCode();
    String code = errorCode(answer);
    if (code.isEmpty()) { // the answer to a HEAD
      return meaning(status) + "HTTP " + status;
    }
    String message =
        code.equals("NoSuchBucket")
            ? "the bucket does not exist"
            : Objects.requireNonNullElse(answer.awsErrorDetails().errorMessage(), "");
    return oneLine(code + ": " + message + " (HTTP " + status + ")");
  }

  private static String meaning(int status) {
    return switch (status) {
      case 401, 403 -> "access denied, or the key is not known: ";
      case 429, 503 -> "asked for too much, or not available: ";
      default -> "";
    };
  }

  /** Empty for an answer without a body. */
  private static String errorCode(AwsServiceException answer) {
    return answer.awsErrorDetails() == null
        ? ""
        : Objects.requireNonNullElse(answer.awsErrorDetails().errorCode(), "");
  }

  private static boolean lacksCredentials(Throwable cause) {
    return cause instanceof SdkClientException
        && message(cause).startsWith("Unable to load credentials");
  }

  private static String message(Throwable cause) {
    return Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").trim();
  }
}
