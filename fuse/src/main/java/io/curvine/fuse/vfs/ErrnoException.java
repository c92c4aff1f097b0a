/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

import java.io.IOException;

/** A failure that the mount itself decides on, with the number that the kernel gets. */
public final class ErrnoException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  public ErrnoException(int errno, String message) {
    super(message);
    this.errno = errno;
  }

  public ErrnoException(int errno, String message, Throwable cause) {
    super(message, cause);
    this.errno = errno;
  }

  /** A positive Linux error number. */
  public int errno() {
    return errno;
  }
}
