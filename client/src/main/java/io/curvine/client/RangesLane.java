/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import io.curvine.client.VectoredRead.Part;
import io.curvine.client.block.BlockConnection;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Requests for ranges to one worker on one connection, a few of them open at a time: a worker whose
 * answers nobody takes takes no more requests. What fails is left. For one thread.
 */
final class RangesLane implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RangesLane.class);
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int OPEN_MAX = 8;

  private final DataPlane data;
  private final HostPort worker;
  private final Queue<RangesRequest> unsent = new ArrayDeque<>();
  private final Map<Long, RangesRequest> open = new HashMap<>();
  private final List<Part> left = new ArrayList<>();

  /** Null: none yet, or it broke. */
  private BlockConnection connection;

  RangesLane(DataPlane data, HostPort worker) {
    this.data = data;
    this.worker = worker;
  }

  void add(RangesRequest request) {
    unsent.add(request);
  }

  /** Sends as many requests as may be open. */
  void send() {
    try {
      while (open.size() < OPEN_MAX && !unsent.isEmpty()) {
        connection = connection == null ? data.connections().take(worker) : connection;
        RangesRequest next = unsent.remove();
        long id = connection.nextRequestId();
        open.put(id, next);
        connection.send(next.header(id), next.extra(), NOTHING);
      }
    } catch (IOException e) {
      broke(e);
    }
  }

  /** Some answer is still to come. */
  boolean awaits() {
    return !open.isEmpty();
  }

  /** Receives the next answer, if one is to come. */
  void receive() {
    if (open.isEmpty()) {
      return;
    }
    try {
      receiveNext();
    } catch (IOException e) {
      broke(e);
    }
  }

  private void receiveNext() throws IOException {
    BlockHeader header = connection.receiveHeader();
    RangesRequest request = open.get(header.requestId());
    if (request == null) {
      throw connection.broken(new IOException("an answer to what was not asked"));
    }
    boolean right;
    if (header.status() == ErrorCode.OK.getNumber()) {
      if (header.payloadBytes() != request.bytes()) {
        throw connection.broken(new IOException("an answer of another length"));
      }
      right = receivePayload(header, request);
    } else {
      String refusal = connection.receiveRefusal(header);
      LOG.debug("ranges are read one by one: worker {}: {}", worker, refusal);
      right = false;
    }
    open.remove(header.requestId());
    if (!right) {
      left.addAll(request.parts());
    }
  }

  private boolean receivePayload(BlockHeader header, RangesRequest request) throws IOException {
    if (request.onePart()) {
      ByteBuffer into = request.parts().get(0).target();
      ByteBuffer payload = into.duplicate();
      connection.receivePayload(into, request.bytes());
      return data.matches(header, payload);
    }
    ByteBuffer page = data.pages().take();
    connection.receivePayload(page, request.bytes());
    boolean right = data.matches(header, page.flip());
    if (right) {
      request.give(page);
    }
    data.pages().giveBack(page);
    return right;
  }

  private void broke(IOException cause) {
    LOG.debug("ranges of worker {} are read elsewhere: {}", worker, cause.toString());
    // The worker may have been started anew since the connection was made.
    boolean old = connection != null && connection.reused() && !connection.timedOut();
    if (old) {
      data.connections().dropIdle(worker);
    } else {
      data.suspects().add(worker);
    }
    if (connection != null) {
      connection.close();
      connection = null;
    }
    open.values().forEach(request -> left.addAll(request.parts()));
    unsent.forEach(request -> left.addAll(request.parts()));
    open.clear();
    unsent.clear();
  }

  /** What did not come. */
  List<Part> left() {
    return left;
  }

  @Override
  public void close() {
    if (connection == null) {
      return;
    }
    if (open.isEmpty()) {
      data.connections().giveBack(connection);
    } else {
      connection.close();
    }
  }
}
