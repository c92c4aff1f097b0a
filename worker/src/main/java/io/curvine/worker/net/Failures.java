/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Makes a code of whatever went wrong. */
final class Failures {
  /** What the system says of a peer that has gone. */
  private static final List<String> OF_PEERS =
      List.of("reset", "broken pipe", "timed out", "closed", "aborted", "not connected");

  private Failures() {}

  static Throwable cause(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The peer has gone, or was cut off; else something that was to be sent cannot be read. */
  static boolean ofConnection(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    return failure instanceof ClosedChannelException
        || OF_PEERS.stream().anyMatch(message::contains);
  }

  static CurvineException of(Throwable failure) {
    Throwable cause = cause(failure);
    if (cause instanceof CurvineException known) {
      return known;
    }
    if (cause instanceof PeerConnection.PeerRefusal refusal) {
      return refusal.refusal();
    }
    if (cause instanceof OutOfMemoryError) {
      return new CurvineException(ErrorCode.BUSY, "no memory left: " + cause.getMessage(), cause);
    }
    return new CurvineException(ErrorCode.INTERNAL, String.valueOf(cause.getMessage()), cause);
  }
}
