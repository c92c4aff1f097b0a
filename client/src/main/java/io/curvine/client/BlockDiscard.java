/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnection;
import io.curvine.client.block.BlockConnections;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.BlockTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops what replaced workers have of a block: it bears the same name as the one that goes on
 * elsewhere, and is not the same any more. As far as they can be told.
 */
final class BlockDiscard {
  private static final Logger LOG = LoggerFactory.getLogger(BlockDiscard.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private BlockDiscard() {}

  /** At those of the earlier workers that are not among those of now, nor known to be silent. */
  static void at(BlockTargets before, BlockTargets now, WriteContext file, int index) {
    List<Integer> kept = now.ids();
    for (BlockTarget target : before.workers()) {
      HostPort worker = BlockConnections.dataPort(target.getAddress());
      if (!kept.contains(target.getWorkerId()) && !file.data().suspects().contains(worker)) {
        discard(file, index, worker);
      }
    }
  }

  private static void discard(WriteContext file, int index, HostPort worker) {
    try (BlockConnection connection = file.data().connections().connect(worker)) {
      for (WriteFrame frame : List.of(WriteFrame.open(0, file.ack(), false), WriteFrame.abort())) {
        frame.send(connection, file.block(index), BlockRequestExtra.getDefaultInstance());
        connection.receive(NOTHING).orThrow();
      }
    } catch (IOException e) {
      LOG.debug(
          "block {} of inode {} stays at {}: {}", index, file.inode(), worker, e.getMessage());
    }
  }
}
