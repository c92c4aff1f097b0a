/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import java.nio.ByteBuffer;

/** A range that was asked for before the reader came to it. Its window's lock guards it. */
final class AheadRequest {
  private final long position;
  private final int length;
  private final ReadLane lane;

  /** What came, where it was not read into its reader's own buffer. */
  private ByteBuffer content;

  private boolean unwanted;

  AheadRequest(long position, int length, ReadLane lane) {
    this.position = position;
    this.length = length;
    this.lane = lane;
  }

  /** In the file. */
  long position() {
    return position;
  }

  int length() {
    return length;
  }

  long end() {
    return position + length;
  }

  ReadLane lane() {
    return lane;
  }

  /** Null: it is still to come. */
  ByteBuffer content() {
    return content;
  }

  void setContent(ByteBuffer bytes) {
    content = bytes;
  }

  /** The reader went past it: what comes is thrown away. */
  boolean unwanted() {
    return unwanted;
  }

  void setUnwanted() {
    unwanted = true;
  }
}
