/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.io.IOException;

/**
 * What of a file was never written, as its layout tells: of each block, what is past its valid
 * bytes. Stateless beside the content, and as safe for threads as that.
 */
final class Holes {
  /** Blocks that one look goes over; what is past them counts as data. */
  private static final int BLOCKS_MAX = 16_384;

  private final FileContent content;

  Holes(FileContent content) {
    this.content = content;
  }

  /** From a position on, where bytes begin that may be other than zero; -1: nowhere. */
  long data(long position) throws IOException {
    long at = position;
    for (int blocks = 0; blocks < BLOCKS_MAX && at < content.length(); blocks++) {
      if (at < endOfData(at)) {
        return at;
      }
      at = nextBlock(at);
    }
    return at < content.length() ? at : -1;
  }

  /** From a position on, where zeros begin that were never written, or the end; -1: past it. */
  long hole(long position) throws IOException {
    if (position >= content.length()) {
      return -1;
    }
    long at = position;
    for (int blocks = 0; blocks < BLOCKS_MAX && at < content.length(); blocks++) {
      long end = endOfData(at);
      if (end < nextBlock(at)) {
        return Math.min(Math.max(at, end), content.length());
      }
      at = nextBlock(at);
    }
    return content.length();
  }

  /** In the block of a position. */
  private long endOfData(long position) throws IOException {
    long start = position / content.blockSize() * content.blockSize();
    return Math.min(start + content.validBytes(position), content.length());
  }

  private long nextBlock(long position) {
    return (position / content.blockSize() + 1) * content.blockSize();
  }
}
