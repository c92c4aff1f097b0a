/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.io;

import java.nio.ByteBuffer;

/**
 * Direct buffers that begin at a page of memory: reading a file into others runs at a third of the
 * speed. Stateless.
 */
public final class AlignedBuffers {
  private static final int ALIGNMENT_BYTES = 4096;

  private AlignedBuffers() {}

  /** A buffer of exactly so many bytes, all of them to be filled. */
  public static ByteBuffer allocate(int bytes) {
    ByteBuffer whole = ByteBuffer.allocateDirect(bytes + ALIGNMENT_BYTES);
    int past = whole.alignmentOffset(0, ALIGNMENT_BYTES);
    return whole.slice(past == 0 ? 0 : ALIGNMENT_BYTES - past, bytes);
  }
}
