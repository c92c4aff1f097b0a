/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnection;
import io.curvine.client.block.BlockConnections;
import io.curvine.client.block.BlockReply;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Has workers make durable what readers of a file get from them. A block that the UFS has needs
 * none. For one thread.
 *
 * <p>A block counts as durable when one of its holders says so and none says that it has no such
 * block: a holder that is away, or cannot now, is one that the masters replace.
 */
final class BlockForce {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int LAYOUT_BLOCKS = 16;

  /** What others may not read any more is named elsewhere, or not at all, in a later layout. */
  private static final int REFUSALS_MAX = 16;

  private final long inode;
  private final Namespace namespace;
  private final DataPlane data;

  private BlockForce(long inode, Namespace namespace, DataPlane data) {
    this.inode = inode;
    this.namespace = namespace;
    this.data = data;
  }

  /**
   * Returns when everything that is published of the file is durable.
   *
   * @throws IOException where no holder of some block could do that, within the patience for one
   *     request
   */
  static void force(EntryRef file, Namespace namespace, DataPlane data) throws IOException {
    FileLayout first = namespace.layout(file, 0, 1);
    long blockSize = Integer.toUnsignedLong(first.getInode().getBlockSizeBytes());
    long inode = first.getInode().getId();
    for (long at = 0; at < first.getInode().getLengthBytes(); at += LAYOUT_BLOCKS * blockSize) {
      new BlockForce(inode, namespace, data).forcePart(at, LAYOUT_BLOCKS * blockSize);
    }
  }

  private void forcePart(long at, long length) throws IOException {
    long deadline = System.nanoTime() + data.config().requestTimeout().toNanos();
    Backoff backoff = new Backoff();
    for (int round = 1; true; round++) {
      FileLayout layout = namespace.layout(Refs.inode(inode), at, length);
      IOException failure = new Round(layout).run();
      if (failure == null) {
        return;
      }
      boolean gone =
          failure instanceof CurvineException refusal
              && refusal.code() == ErrorCode.BLOCK_NOT_FOUND
              && round >= REFUSALS_MAX;
      if (gone || data.pauses().isClosed() || System.nanoTime() - deadline > 0) {
        throw failure;
      }
      data.pauses().await(backoff.nextNanos());
    }
  }

  /** All holders of one layout, one after the other, each for all that it holds. */
  private final class Round {
    private final List<BlockLayout> blocks = new ArrayList<>();
    private final Map<HostPort, List<BlockLayout>> held = new HashMap<>();
    private final Set<Integer> durable = new HashSet<>();
    private IOException failure;

    Round(FileLayout layout) {
      for (BlockLayout block : layout.getBlocksList()) {
        if (block.getFillable() || block.getValidBytes() == 0) {
          continue;
        }
        blocks.add(block);
        for (BlockLocation location : block.getLocationsList()) {
          if (location.getHolds()) {
            HostPort worker = BlockConnections.dataPort(location.getAddress());
            held.computeIfAbsent(worker, any -> new ArrayList<>()).add(block);
          }
        }
      }
    }

    /** Gives why something is not durable; null: all is. */
    IOException run() {
      boolean refused = false;
      for (Map.Entry<HostPort, List<BlockLayout>> each : held.entrySet()) {
        try {
          ask(each.getKey(), each.getValue());
        } catch (IOException e) {
          boolean gone =
              e instanceof CurvineException refusal && refusal.code() == ErrorCode.BLOCK_NOT_FOUND;
          failure = refused && !gone ? failure : e;
          refused |= gone;
        }
      }
      if (refused) {
        return failure;
      }
      for (BlockLayout block : blocks) {
        if (!durable.contains(block.getIndex())) {
          return failure != null ? failure : nobody(block);
        }
      }
      return null;
    }

    private CurvineException nobody(BlockLayout block) {
      return new CurvineException(
          ErrorCode.BLOCK_NOT_FOUND,
          "block " + block.getIndex() + " of inode " + inode + " has no holder");
    }

    private void ask(HostPort worker, List<BlockLayout> wanted) throws IOException {
      BlockConnection connection = data.connections().take(worker);
      try {
        askOn(connection, wanted);
      } catch (CurvineException e) {
        throw e;
      } catch (IOException e) {
        if (!connection.reused() || connection.timedOut()) {
          throw e;
        }
        // The worker may have been started anew since the connection was made.
        data.connections().dropIdle(worker);
        askOn(data.connections().connect(worker), wanted);
      }
    }

    private void askOn(BlockConnection connection, List<BlockLayout> wanted) throws IOException {
      List<BlockHeader> requests = new ArrayList<>();
      for (BlockLayout block : wanted) {
        requests.add(
            BlockHeader.request(
                BlockOp.FORCE,
                0,
                connection.nextRequestId(),
                inode,
                block.getVersion(),
                block.getIndex(),
                0,
                0));
      }
      connection.sendAll(requests, BlockRequestExtra.getDefaultInstance());
      BlockReply refusal = null;
      for (int i = 0; i < wanted.size(); i++) {
        BlockReply reply = connection.receiveFollowed(NOTHING.duplicate());
        if (reply.ok()) {
          durable.add(reply.header().index());
        } else {
          refusal = reply;
        }
      }
      data.connections().giveBack(connection);
      if (refusal != null) {
        throw refusal.exception();
      }
    }
  }
}
