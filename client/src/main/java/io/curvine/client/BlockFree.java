/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnection;
import io.curvine.client.block.BlockConnections;
import io.curvine.client.block.BlockReply;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Asks workers to drop what they have cached of a file. */
final class BlockFree {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private BlockFree() {}

  /** Every block at every holder; goes on after a failure, which is thrown at the end. */
  static void free(FileLayout layout, DataPlane data) throws IOException {
    IOException failure = null;
    for (BlockLayout block : layout.getBlocksList()) {
      for (BlockLocation location : block.getLocationsList()) {
        if (!location.getHolds()) {
          continue;
        }
        try {
          free(layout.getInode().getId(), block, location, data.connections());
        } catch (IOException e) {
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private static void free(
      long inode, BlockLayout block, BlockLocation location, BlockConnections connections)
      throws IOException {
    BlockConnection connection =
        connections.connect(BlockConnections.dataPort(location.getAddress()));
    BlockHeader request =
        BlockHeader.request(
            BlockOp.FREE,
            0,
            connection.nextRequestId(),
            inode,
            block.getVersion(),
            block.getIndex(),
            0,
            0);
    connection.send(request, null, NOTHING);
    BlockReply reply = connection.receive(NOTHING);
    connections.giveBack(connection);
    int status = reply.header().status();
    boolean stays = status == ErrorCode.FILE_BUSY_VALUE;
    boolean gone = status == ErrorCode.BLOCK_NOT_FOUND_VALUE;
    if (!stays && !gone) {
      reply.orThrow();
    }
  }
}
