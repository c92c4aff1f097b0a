/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.vfs;

/**
 * On whose behalf a request is made, as the kernel tells it. Immutable.
 *
 * @param uid of the calling thread, unsigned
 * @param gid of the calling thread, unsigned
 */
public record Caller(int uid, int gid) {
  /** What the mount does on its own account. */
  public static final Caller ROOT = new Caller(0, 0);
}
