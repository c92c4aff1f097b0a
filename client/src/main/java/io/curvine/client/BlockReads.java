/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnection;
import io.curvine.client.block.BlockConnections;
import io.curvine.client.block.BlockReply;
import io.curvine.client.block.LocalBlocks;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockLayout;
import io.curvine.protocol.proto.BlockLocation;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.UfsSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads ranges of blocks, from one location after the other. Thread-safe. */
final class BlockReads {
  private static final Logger LOG = LoggerFactory.getLogger(BlockReads.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final DataPlane data;

  BlockReads(DataPlane data) {
    this.data = data;
  }

  /**
   * A block to read from.
   *
   * @param ufs null: it cannot be filled
   * @param offsetInFile of its first byte
   * @param cache the worker keeps what it fetches from the UFS
   * @param wasRead something of it was, so a worker may have it that had not before
   */
  record Source(
      long inode,
      BlockLayout block,
      UfsSource ufs,
      long offsetInFile,
      boolean cache,
      AtomicBoolean wasRead) {
    Source(long inode, BlockLayout block, UfsSource ufs, long offsetInFile, boolean cache) {
      this(inode, block, ufs, offsetInFile, cache, new AtomicBoolean());
    }

    /** A worker that keeps nothing is none to go to instead of one that has the block. */
    Source {
      block = cache ? block : holdersFirst(block);
    }

    private static BlockLayout holdersFirst(BlockLayout block) {
      List<BlockLocation> sorted = new ArrayList<>(block.getLocationsList());
      sorted.sort(Comparator.comparing((BlockLocation location) -> !location.getHolds()));
      return block.toBuilder().clearLocations().addAllLocations(sorted).build();
    }
  }

  /**
   * Fills the buffer from the block; the range is within the valid bytes, and no more than one
   * answer can hold.
   *
   * @throws CurvineException of the last location that failed; UFS_CHANGED at once
   * @throws IOException where none could be reached
   */
  void read(Source source, long offset, ByteBuffer into) throws IOException {
    IOException failure = null;
    int start = into.position();
    for (Candidate candidate : inOrder(source.block().getLocationsList())) {
      HostPort worker = candidate.worker();
      try {
        readFrom(candidate, source, offset, into);
        data.suspects().clear(worker);
        source.wasRead().set(true);
        return;
      } catch (CurvineException e) {
        if (e.code() == ErrorCode.UFS_CHANGED) {
          throw e;
        }
        failure = e;
      } catch (IOException e) {
        data.suspects().add(worker);
        failure = e;
      }
      into.position(start);
      LOG.debug("block {} is read elsewhere: {}", source.block().getIndex(), failure.getMessage());
    }
    throw failure != null ? failure : nobodyHas(source);
  }

  private static CurvineException nobodyHas(Source source) {
    return new CurvineException(
        ErrorCode.BLOCK_NOT_FOUND,
        "no worker holds block " + source.block().getIndex() + " of inode " + source.inode());
  }

  private static LocalBlocks.Name name(Source source) {
    return new LocalBlocks.Name(
        source.inode(), source.block().getVersion(), source.block().getIndex());
  }

  /** The block is read from its file, so there is nothing to be asked for ahead. */
  boolean local(Source source) {
    return first(source.block())
        .filter(it -> it.mayHold(source) && data.local().has(it.worker(), name(source)))
        .isPresent();
  }

  /** The worker that is asked first; empty: none is known. */
  Optional<HostPort> worker(BlockLayout block) {
    return first(block).map(Candidate::worker);
  }

  private Optional<Candidate> first(BlockLayout block) {
    return inOrder(block.getLocationsList()).stream().findFirst();
  }

  /** A worker to read from, and whether it had the block when the masters named it. */
  private record Candidate(HostPort worker, boolean held) {
    /** False: it has yet to fetch the block, so it need not be asked for its file. */
    boolean mayHold(Source source) {
      return held || source.wasRead().get();
    }
  }

  private List<Candidate> inOrder(List<BlockLocation> locations) {
    List<Candidate> candidates = new ArrayList<>(locations.size());
    int trusted = 0;
    for (BlockLocation location : locations) {
      HostPort worker = BlockConnections.dataPort(location.getAddress());
      Candidate candidate = new Candidate(worker, location.getHolds());
      if (data.suspects().contains(worker)) {
        candidates.add(candidate);
      } else {
        candidates.add(trusted++, candidate);
      }
    }
    return candidates;
  }

  private void readFrom(Candidate candidate, Source source, long offset, ByteBuffer into)
      throws IOException {
    HostPort worker = candidate.worker();
    boolean whole = into.remaining() == Integer.toUnsignedLong(source.block().getValidBytes());
    if (candidate.mayHold(source) && data.local().read(worker, name(source), offset, into, whole)) {
      return;
    }
    int start = into.position();
    BlockConnection connection = data.connections().take(worker);
    try {
      readOn(connection, source, offset, into);
    } catch (CurvineException e) {
      throw e;
    } catch (IOException e) {
      if (!connection.reused() || connection.timedOut()) {
        throw e;
      }
      // The worker may have been started anew since the connection was made.
      data.connections().dropIdle(worker);
      into.position(start);
      readOn(data.connections().connect(worker), source, offset, into);
    }
  }

  /** Where the bytes are not right, the worker is asked to look at them, and then once more. */
  private void readOn(BlockConnection connection, Source source, long offset, ByteBuffer into)
      throws IOException {
    ByteBuffer payload = into.duplicate();
    BlockReply reply = ask(connection, source, offset, into, 0);
    if (!data.matches(reply.header(), payload)) {
      into.position(payload.position());
      reply = ask(connection, source, offset, into, BlockHeader.FLAG_CHECK);
      if (!data.matches(reply.header(), payload)) {
        connection.close();
        throw wrong(reply, "sent bytes that do not match their checksum");
      }
    }
    data.connections().giveBack(connection);
  }

  private BlockReply ask(
      BlockConnection connection, Source source, long offset, ByteBuffer into, int flags)
      throws IOException {
    int length = into.remaining();
    BlockHeader request =
        request(BlockOp.READ, connection.nextRequestId(), source, offset, length, flags);
    connection.send(request, extra(source), NOTHING);
    BlockReply reply = connection.receive(into);
    if (!reply.ok()) {
      data.connections().giveBack(connection);
      throw reply.exception();
    }
    if (reply.header().payloadBytes() != length) {
      connection.close();
      throw wrong(reply, "sent " + reply.header().payloadBytes() + " bytes of " + length);
    }
    return reply;
  }

  private static CurvineException wrong(BlockReply reply, String what) {
    BlockHeader header = reply.header();
    return new CurvineException(
        ErrorCode.CORRUPT,
        "worker "
            + reply.worker()
            + " "
            + what
            + ", block "
            + header.index()
            + " of inode "
            + header.inode()
            + " at "
            + header.offset());
  }

  static BlockHeader request(
      BlockOp op, long id, Source source, long offset, int length, int flags) {
    BlockLayout block = source.block();
    int all = source.cache() ? flags : flags | BlockHeader.FLAG_NO_CACHE;
    return BlockHeader.request(
        op, all, id, source.inode(), block.getVersion(), block.getIndex(), offset, length);
  }

  static BlockRequestExtra extra(Source source) {
    BlockRequestExtra.Builder extra =
        BlockRequestExtra.newBuilder()
            .setBlockOffsetInFile(source.offsetInFile())
            .setValidBytes(source.block().getValidBytes());
    if (source.ufs() != null && source.block().getFillable()) {
      extra.setUfs(source.ufs());
    }
    return extra.build();
  }
}
