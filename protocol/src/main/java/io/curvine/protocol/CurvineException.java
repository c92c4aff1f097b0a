/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol;

import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;

/**
 * A refusal or failure with its code. The message says what was wrong and what is allowed, in one
 * line.
 */
public final class CurvineException extends IOException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /** A failure known by its code alone. */
  public CurvineException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  /** A failure with what caused it. */
  public CurvineException(ErrorCode code, String message, Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Why it failed; never {@code OK}. */
  public ErrorCode code() {
    return code;
  }
}
