/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.block.BlockConnection;
import io.curvine.client.block.BlockReply;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A window's requests to one worker, on one connection. Its window's lock guards it. */
final class ReadLane {
  private final DataPlane data;
  private final BlockConnection connection;
  private final Map<Long, AheadRequest> open = new HashMap<>();
  private final List<BlockHeader> unsent = new ArrayList<>();

  ReadLane(DataPlane data, BlockConnection connection) {
    this.data = data;
    this.connection = connection;
  }

  /** Takes a request along with the next {@link #send}. */
  void add(AheadRequest request, FileContent.Spot spot) {
    long id = connection.nextRequestId();
    open.put(id, request);
    unsent.add(
        BlockReads.request(BlockOp.READ, id, spot.source(), spot.offset(), request.length(), 0));
  }

  /** Sends what was added, which is all of one block. */
  void send(BlockReads.Source source) throws IOException {
    connection.sendAll(unsent, BlockReads.extra(source));
    unsent.clear();
  }

  /**
   * Receives answers until that of one request has come; others are kept for later.
   *
   * @param into gets its bytes
   */
  void receive(AheadRequest wanted, ByteBuffer into) throws IOException {
    AheadRequest received = null;
    while (received != wanted) {
      received = receiveNext(wanted, into);
    }
  }

  private AheadRequest receiveNext(AheadRequest wanted, ByteBuffer into) throws IOException {
    BlockHeader header = connection.receiveHeader();
    AheadRequest request = open.remove(header.requestId());
    if (request == null) {
      throw connection.broken(new IOException("an answer to what was not asked"));
    }
    if (header.status() != ErrorCode.OK.getNumber()) {
      throw new BlockReply(connection.worker(), header, connection.receiveRefusal(header))
          .exception();
    }
    if (header.payloadBytes() != request.length()) {
      throw connection.broken(new IOException("an answer of another length"));
    }
    ByteBuffer target = request == wanted ? into : data.pages().take();
    ByteBuffer payload = target.duplicate();
    connection.receivePayload(target, request.length());
    payload.limit(payload.position() + request.length());
    check(header, payload);
    if (request == wanted) {
      return request;
    }
    if (request.unwanted()) {
      data.pages().giveBack(target);
    } else {
      request.setContent(target.flip());
    }
    return request;
  }

  private void check(BlockHeader header, ByteBuffer payload) throws CurvineException {
    if (!data.matches(header, payload)) {
      throw new CurvineException(
          ErrorCode.CORRUPT, "worker " + connection.worker() + " sent wrong bytes");
    }
  }

  /** Nothing is awaited any more: others may use the connection, unless answers are on the way. */
  void close() {
    if (open.isEmpty()) {
      data.connections().giveBack(connection);
    } else {
      connection.close();
    }
  }
}
