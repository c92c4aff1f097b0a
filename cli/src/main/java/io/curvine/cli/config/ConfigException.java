/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.config;

/**
 * A configuration that cannot be used. The message is one line: where it was written, which key,
 * what was wrong, what is allowed.
 */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** With the whole message. */
  public ConfigException(String message) {
    super(message);
  }

  /** With the whole message and what it was made from. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
  }
}
