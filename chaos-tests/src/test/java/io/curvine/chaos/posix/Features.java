/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

/** What the mount is asked to do. What it cannot do yet is off: one line each turns it on. */
final class Features {
  /** mknod(2) of FIFOs and sockets; an open of a FIFO waits for its other end, for ever here. */
  static final boolean SPECIAL_FILES = Boolean.getBoolean("curvine.posix-special-files");

  private Features() {}
}
