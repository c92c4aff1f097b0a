/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.ufs.kafka;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.Objects;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;

/** Gives the failures of a consumer their codes. Pure. */
final class KafkaErrors {
  private KafkaErrors() {}

  /**
   * @param what is being read
   */
  static CurvineException of(String what, KafkaException failure) {
    // The consumer's constructor wraps what it fails by.
    Throwable cause = failure.getCause() instanceof KafkaException inner ? inner : failure;
    String message =
        Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName())
            .replaceAll("\\s+", " ");
    if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
      return new CurvineException(ErrorCode.UFS_DENIED, what + ": " + message, failure);
    }
    boolean unresolved =
        cause instanceof ConfigException && message.startsWith("No resolvable bootstrap");
    if (cause instanceof RetriableException || unresolved) {
      return new CurvineException(
          ErrorCode.UFS_UNREACHABLE, what + " cannot be reached: " + message, failure);
    }
    return new CurvineException(ErrorCode.UFS_ERROR, what + ": " + message, failure);
  }
}
