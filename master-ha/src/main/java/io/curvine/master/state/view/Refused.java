/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.protocol.proto.ErrorCode;

/**
 * How a decider or query ends early with a refusal. Not an error of the program: the engine turns
 * it into a value at its border. Carries no stack trace.
 */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  public Refused(ErrorCode code, String message) {
    super(message, null, false, false);
    this.code = code;
  }

  public ErrorCode code() {
    return code;
  }
}
