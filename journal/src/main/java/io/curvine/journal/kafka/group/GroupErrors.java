/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.journal.kafka.group;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.util.concurrent.CompletionException;
import org.apache.kafka.common.protocol.Errors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in Kafka's words why the journal did not take something. */
final class GroupErrors {
  private static final Logger LOG = LoggerFactory.getLogger(GroupErrors.class);

  private GroupErrors() {}

  /**
   * Of a failure, {@link Errors#NONE} of null. What may pass if it is asked again is an error that
   * consumers ask again after.
   */
  static Errors of(Throwable failure) {
    if (failure == null) {
      return Errors.NONE;
    }
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    Errors error =
        cause instanceof CurvineException refusal
            ? of(refusal.code())
            : Errors.UNKNOWN_SERVER_ERROR;
    if (error == Errors.UNKNOWN_SERVER_ERROR) {
      LOG.error("the journal failed a consumer group", cause);
    }
    return error;
  }

  private static Errors of(ErrorCode code) {
    return switch (code) {
      case OK -> Errors.NONE;
      // A commit or a save that took effect all the same takes effect again when it is repeated.
      case NOT_LEADER, UNKNOWN_OUTCOME -> Errors.NOT_COORDINATOR;
      case BUSY, NOT_READY, NO_SPACE -> Errors.COORDINATOR_LOAD_IN_PROGRESS;
      case FENCED -> Errors.ILLEGAL_GENERATION;
      case NOT_EMPTY -> Errors.NON_EMPTY_GROUP;
      case NOT_FOUND -> Errors.GROUP_ID_NOT_FOUND;
      default -> Errors.UNKNOWN_SERVER_ERROR;
    };
  }
}
