/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

/** What the mount is asked to do. What it cannot do yet is off: one line each turns it on. */
final class Features {
  /** mknod(2) of FIFOs and sockets. */
  static final boolean SPECIAL_FILES = Boolean.getBoolean("curvine.posix-special-files");

  /** renameat2(2) with RENAME_EXCHANGE. */
  static final boolean EXCHANGE = Boolean.getBoolean("curvine.posix-exchange");

  /**
   * The times of a file stay as they are when what was written is published, at a close, an fsync
   * or a read. For now they move on then, without a change that a program made.
   */
  static final boolean STEADY_TIMES = Boolean.getBoolean("curvine.posix-steady-times");

  /** Extended attributes of files whose last name is gone while they are open. */
  static final boolean XATTRS_OF_NAMELESS = Boolean.getBoolean("curvine.posix-nameless-xattrs");

  /** Attributes of directories that are removed while they are open. */
  static final boolean REMOVED_DIRECTORIES = Boolean.getBoolean("curvine.posix-removed-directories");

  /** O_TRUNC with O_RDONLY, which keeps the file's lease for now. */
  static final boolean TRUNCATE_READ_ONLY = Boolean.getBoolean("curvine.posix-truncate-read-only");

  /** Times of files whose last name is gone while they are open, which do not follow changes. */
  static final boolean TIMES_OF_NAMELESS = Boolean.getBoolean("curvine.posix-nameless-times");

  private Features() {}
}
