/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

/**
 * The inode that the kernel is being told to forget, so that reads meanwhile can be told apart.
 * Thread-safe; one inode at a time.
 *
 * <p>A kernel that is told so while a READ is under way takes the length that it has for the right
 * one, even where the answer ends before it: programs would get zeros for the rest. It waits for
 * the pages of that READ before it is done with forgetting, so whoever answers the READ finds it
 * here.
 */
final class Forgetting {
  private static final long NONE = 0;

  private volatile long inode = NONE;

  void begin(long forgotten) {
    inode = forgotten;
  }

  void end() {
    inode = NONE;
  }

  boolean is(long asked) {
    return inode == asked;
  }
}
