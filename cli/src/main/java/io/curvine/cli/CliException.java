/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli;

import java.io.IOException;

/** A failure whose message says all that a person needs, in one line. */
public final class CliException extends IOException {
  private static final long serialVersionUID = 1L;

  /** With the line. */
  public CliException(String message) {
    super(message);
  }

  /** With the line and what caused it. */
  public CliException(String message, Throwable cause) {
    super(message, cause);
  }
}
