/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state;

import java.nio.ByteBuffer;

/**
 * How far a session is.
 *
 * @param ackedBelow its client has the results of all smaller numbers
 * @param lastSeq the highest number with a recorded outcome
 */
public record Progress(long ackedBelow, long lastSeq) {
  /** Of a session that was just opened. */
  public static final Progress NONE = new Progress(0, 0);

  static Codec<Progress> codec() {
    return new Codec<>(
        progress ->
            ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(progress.ackedBelow)
                .putLong(progress.lastSeq)
                .array(),
        (bytes, offset, length) -> {
          ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
          return new Progress(buffer.getLong(), buffer.getLong());
        });
  }
}
