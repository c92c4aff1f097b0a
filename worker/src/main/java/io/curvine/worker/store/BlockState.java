/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.store;

/** What may happen to a block. The codes are in files: numbered for ever. */
public enum BlockState {
  /** The UFS has it: it may be evicted, and a page that is missing can be filled. */
  CACHED(1),
  /** A client writes it. */
  WRITING(2),
  /** A client wrote it and the UFS does not have it: it stays. */
  PINNED(3),
  /**
   * A replica that its pipeline left behind: the file was committed without it. It is not served; a
   * later commit may name it again.
   */
  STALE(4),
  /** A copy on its way to another directory, which does not count until it is whole. */
  COPYING(5);

  private final int code;

  BlockState(int code) {
    this.code = code;
  }

  /** All of its pages have checksums. */
  public boolean sealed() {
    return this == CACHED || this == PINNED;
  }

  int code() {
    return code;
  }

  static BlockState ofCode(int code) {
    for (BlockState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    return null;
  }
}
