/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

/**
 * The inode of which the kernel is being told that its content has changed, so that reads meanwhile
 * can be told apart. Thread-safe; one inode at a time.
 *
 * <p>A kernel that is told so while a READ is under way takes the length that it has for the right
 * one, even where the answer ends before it: programs would get zeros for the rest. It waits for
 * the pages of that READ before it is done with forgetting, so whoever answers the READ finds it
 * here.
 */
final class Forgetting {
  private static final Content NONE = new Content(0, 0);

  private volatile Content content = NONE;

  /**
   * A content that has changed.
   *
   * @param lengthBytes that it had for those who read it; 0: not known
   */
  private record Content(long inode, long lengthBytes) {}

  void begin(long inode, long lengthBytes) {
    content = new Content(inode, lengthBytes);
  }

  void end() {
    content = NONE;
  }

  /**
   * Whether an answer that ends there, before what was asked for, ends too early for the kernel.
   */
  boolean isCutShort(long inode, long end) {
    Content now = content;
    return now.inode == inode && (now.lengthBytes == 0 || end < now.lengthBytes);
  }
}
