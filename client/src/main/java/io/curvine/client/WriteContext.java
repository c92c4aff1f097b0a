/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.LocalBlocks;
import io.curvine.protocol.block.WriteAck;

/**
 * What the blocks of one writer share.
 *
 * @param version that the blocks are named by
 * @param recovers a block whose pipeline breaks goes on at other workers; otherwise it fails
 */
record WriteContext(
    long inode,
    long version,
    Namespace namespace,
    DataPlane data,
    WriteBuffers buffers,
    boolean recovers) {
  LocalBlocks.Name block(int index) {
    return new LocalBlocks.Name(inode, version, index);
  }

  WriteAck ack() {
    return data.config().writeAck();
  }

  /** Every end of a block makes it durable. */
  boolean fsync() {
    return ack() == WriteAck.FSYNC;
  }
}
