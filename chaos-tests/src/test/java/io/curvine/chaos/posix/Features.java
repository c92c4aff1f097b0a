/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.chaos.posix;

/** What the mount is asked to do. What it cannot do yet is off: one line each turns it on. */
final class Features {
  /** mknod(2) of FIFOs and sockets; an open of a FIFO waits for its other end, for ever here. */
  static final boolean SPECIAL_FILES = Boolean.getBoolean("curvine.posix-special-files");

  /**
   * Times of files, as they follow writes. For now they move on once more when what was written is
   * published, at a close, an fsync or a read; a change of attributes does not show in ctime while
   * writes are not published; and O_TRUNC of an empty file leaves an mtime that was set.
   */
  static final boolean TIMES_OF_FILES = Boolean.getBoolean("curvine.posix-file-times");

  /** Extended attributes of files whose last name is gone while they are open. */
  static final boolean XATTRS_OF_NAMELESS = Boolean.getBoolean("curvine.posix-nameless-xattrs");

  /** Attributes of directories that are removed while they are open. */
  static final boolean REMOVED_DIRECTORIES =
      Boolean.getBoolean("curvine.posix-removed-directories");

  /** Times of files whose last name is gone while they are open, which do not follow changes. */
  static final boolean TIMES_OF_NAMELESS = Boolean.getBoolean("curvine.posix-nameless-times");

  private Features() {}
}
