/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.fuse.kernel;

import com.google.protobuf.ByteString;
import io.curvine.protocol.io.AlignedBuffers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The buffer that one thread builds answers in. Not thread-safe. The data begin on a page, the
 * header (16 bytes) before them, so that one write sends both.
 */
final class Reply {
  private static final int HEADER_BYTES = 16;
  private static final int PAGE_BYTES = 4096;

  private final ByteBuffer whole;
  private final ByteBuffer body;
  private final long address;

  Reply(int maxDataBytes) {
    ByteBuffer aligned = AlignedBuffers.allocate(maxDataBytes + PAGE_BYTES);
    whole =
        aligned
            .slice(PAGE_BYTES - HEADER_BYTES, maxDataBytes + HEADER_BYTES)
            .order(ByteOrder.nativeOrder());
    body = aligned.slice(PAGE_BYTES, maxDataBytes).order(ByteOrder.nativeOrder());
    address = Libc.addressOf(whole);
  }

  long address() {
    return address;
  }

  void clear() {
    body.clear();
  }

  /** Where data go; what lies before its position is sent. */
  ByteBuffer body() {
    return body;
  }

  Reply u32(int value) {
    body.putInt(value);
    return this;
  }

  Reply u64(long value) {
    body.putLong(value);
    return this;
  }

  Reply bytes(ByteString value) {
    value.copyTo(body);
    return this;
  }

  /** Writes the header of what the kernel did not ask for; gives how many bytes to send. */
  int finishNotice(int code) {
    int length = HEADER_BYTES + body.position();
    whole.putInt(0, length).putInt(4, code).putLong(8, 0);
    return length;
  }

  /** Writes the header; gives how many bytes to send. An error drops the body. */
  int finish(long unique, int errno) {
    int length = HEADER_BYTES + (errno == 0 ? body.position() : 0);
    whole.putInt(0, length).putInt(4, -errno).putLong(8, unique);
    return length;
  }
}
