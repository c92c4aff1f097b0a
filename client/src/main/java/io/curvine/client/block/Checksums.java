/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client.block;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC32C, as frames of the data protocol carry it. */
public final class Checksums {
  private Checksums() {}

  /** Of the bytes from the position to the limit, which stay as they are. */
  public static int of(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes.duplicate());
    return (int) checksum.getValue();
  }
}
