/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.raft;

/**
 * A place in the Raft log.
 *
 * @param index -1 before the first entry
 */
public record Position(long term, long index) {
  /** Before anything was applied. */
  public static final Position NONE = new Position(0, -1);
}
