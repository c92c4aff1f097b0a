/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.store.BlockKey;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection. Frames arrive on the event loop and are carried out on the data threads:
 * reads side by side, everything that writes one after the other. Past a bound of what is in flight
 * it stops reading from the socket.
 */
final class Connection extends SimpleChannelInboundHandler<BlockFrame>
    implements ConnectionReads.Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /** A request for many ranges is as many. */
  private static final int IN_FLIGHT_MAX = Limits.READ_RANGES_MAX;

  private static final long IN_FLIGHT_MAX_BYTES = 32 << 20;

  /** A parsed extra part takes a multiple of its bytes. */
  private static final int EXTRA_COST_FACTOR = 32;

  /** So many blocks may one client write at a time. */
  private static final int SESSIONS_MAX = 1024;

  /** Frames that a writer gets carried out before others have the thread. */
  private static final int TURN_MAX = 16;

  private final DataServer server;
  private final Grants grants;
  private final ConnectionReads reads;
  private final Queue<BlockFrame> writes = new ArrayDeque<>();
  private final Map<BlockKey, WriteSession> sessions = new HashMap<>();
  private ChannelHandlerContext channel;
  private boolean writing;
  private boolean closed;

  /**
   * Requests that are not answered, or whose answer the client has not taken; on the event loop.
   */
  private int inFlight;

  private long inFlightBytes;

  /** Requests whose answer the client has taken; on the event loop. */
  private long answersTaken;

  Connection(DataServer server) {
    this.server = server;
    this.grants = new Grants(server.store(), server.lease());
    this.reads = new ConnectionReads(server, this);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    channel = ctx;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, BlockFrame frame) {
    began(frame);
    BlockOp op = frame.header().op();
    switch (op) {
      case READ, READ_RANGES -> reads.begin(frame);
      case PING -> finish(frame, Reply.ok(frame.header()));
      case GRANT -> work(frame, () -> Reply.message(frame.header(), grants.grant(key(frame))));
      case RELEASE -> {
        grants.release(key(frame));
        finish(frame, Reply.ok(frame.header()));
      }
      case RENEW -> renew(frame);
      case LOCAL -> finish(frame, Reply.message(frame.header(), server.localAccess()));
      case FORCE -> work(frame, () -> force(frame));
      case FREE, OPEN_WRITE, WRITE, SYNC, COMMIT, ABORT -> write(frame);
    }
  }

  // --- bounds ---

  private void began(BlockFrame frame) {
    inFlight += WantedRanges.count(frame);
    inFlightBytes += cost(frame);
    if (inFlight >= IN_FLIGHT_MAX || inFlightBytes >= IN_FLIGHT_MAX_BYTES) {
      channel.channel().config().setAutoRead(false);
    }
  }

  /** What it takes until it is answered, or its answer will; within the limits of a frame. */
  private static long cost(BlockFrame frame) {
    BlockHeader header = frame.header();
    long asked = WantedRanges.asksForBytes(header) ? header.length() : 0;
    return Math.max(0, Math.min(asked, BlockHeader.MAX_PAYLOAD_BYTES))
        + header.payloadBytes()
        + (long) EXTRA_COST_FACTOR * header.extraBytes();
  }

  /** Answers that the client has taken so far; on the event loop. */
  long answersTaken() {
    return answersTaken;
  }

  @Override
  public void finish(BlockFrame frame, Reply reply) {
    frame.release();
    int held = reply.heldBytes();
    reply.send(
        channel.channel(),
        new Reply.Sending() {
          @Override
          public void ended() {
            Connection.this.ended(frame, held);
          }

          @Override
          public void unreadable(Reply unsent) {
            server.lookAgain(unsent);
          }
        });
  }

  private void ended(BlockFrame frame, int heldBytes) {
    reads.sent(heldBytes);
    answersTaken++;
    inFlight -= WantedRanges.count(frame);
    inFlightBytes -= cost(frame);
    boolean low = inFlight < IN_FLIGHT_MAX / 2 && inFlightBytes < IN_FLIGHT_MAX_BYTES / 2;
    if (low && !channel.channel().config().isAutoRead()) {
      channel.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void fail(BlockFrame frame, Throwable failure) {
    CurvineException known = Failures.of(failure);
    if (known.code() == ErrorCode.INTERNAL) {
      LOG.warn("{} of {} failed", frame.header().op(), key(frame), failure);
    }
    finish(frame, Reply.error(frame.header(), known, 0));
  }

  // --- blocks that the client reads by itself ---

  /** What gives the answer to a request. */
  private interface Work {
    Reply run() throws IOException;
  }

  /** Works for a request beside all others. */
  private void work(BlockFrame frame, Work work) {
    try {
      server.executor().execute(() -> workNow(frame, work));
    } catch (RejectedExecutionException e) {
      fail(frame, server.busy(e));
    }
  }

  private void workNow(BlockFrame frame, Work work) {
    try {
      finish(frame, work.run());
    } catch (IOException | RuntimeException | Error e) {
      fail(frame, e);
    }
  }

  private Reply force(BlockFrame frame) throws IOException {
    server.lease().check();
    server.store().force(key(frame));
    return Reply.ok(frame.header());
  }

  private void renew(BlockFrame frame) {
    try {
      finish(frame, Reply.message(frame.header(), grants.renew()));
    } catch (CurvineException e) {
      fail(frame, e);
    }
  }

  // --- writes, in order ---

  private void write(BlockFrame frame) {
    boolean start;
    synchronized (this) {
      writes.add(frame);
      start = !writing;
      writing = true;
    }
    if (start) {
      nextTurn();
    }
  }

  private void refuseWrites(CurvineException busy) {
    for (BlockFrame frame = nextWrite(); frame != null; frame = nextWrite()) {
      fail(frame, busy);
    }
    if (isClosed()) {
      closeSessions();
    }
  }

  /** Ends the turn of this thread when nothing is left. */
  private synchronized BlockFrame nextWrite() {
    BlockFrame frame = writes.poll();
    writing = frame != null;
    return frame;
  }

  private void writeAll() {
    for (int turn = 0; turn < TURN_MAX; turn++) {
      BlockFrame frame = nextWrite();
      if (frame == null) {
        if (isClosed()) {
          closeSessions();
        }
        return;
      }
      CompletableFuture<Reply> answer = new CompletableFuture<>();
      answer.whenComplete((reply, failure) -> answered(frame, reply, failure));
      try {
        server.lease().check();
        carryOut(frame, answer);
      } catch (IOException | RuntimeException | Error e) {
        answer.completeExceptionally(e); // whatever it is: those behind it go on
      }
    }
    nextTurn();
  }

  private void nextTurn() {
    try {
      server.executor().execute(this::writeAll);
    } catch (RejectedExecutionException e) {
      refuseWrites(server.busy(e));
    }
  }

  private void answered(BlockFrame frame, Reply reply, Throwable failure) {
    if (failure == null) {
      finish(frame, reply);
    } else {
      fail(frame, failure);
    }
  }

  private void carryOut(BlockFrame frame, CompletableFuture<Reply> answer) throws IOException {
    BlockKey key = key(frame);
    switch (frame.header().op()) {
      case FREE -> {
        if (!server.store().dropIfCached(key)) {
          throw new CurvineException(
              ErrorCode.FILE_BUSY, "block " + key + " stays: the UFS does not have it");
        }
        answer.complete(Reply.ok(frame.header()));
      }
      case OPEN_WRITE -> {
        checkSessions();
        WriteSession old = takeSession(key);
        keepSession(key, WriteSession.open(server.writeContext(), frame, old, answer));
      }
      default -> {
        WriteSession session = session(key);
        if (session == null) {
          throw new CurvineException(
              ErrorCode.LEASE_LOST, "block " + key + " is not open on this connection");
        }
        session.carryOut(frame, answer);
        server.countWritten(frame.header());
        if (frame.header().op() == BlockOp.COMMIT || frame.header().op() == BlockOp.ABORT) {
          answer.whenComplete(
              (reply, failure) -> {
                if (failure == null) {
                  closeSession(key, session);
                }
              });
        }
      }
    }
  }

  private synchronized void checkSessions() throws CurvineException {
    if (sessions.size() >= SESSIONS_MAX) {
      throw new CurvineException(
          ErrorCode.BUSY, SESSIONS_MAX + " blocks are being written by this connection");
    }
  }

  private synchronized WriteSession session(BlockKey key) {
    return sessions.get(key);
  }

  private synchronized WriteSession takeSession(BlockKey key) {
    return sessions.remove(key);
  }

  private synchronized void keepSession(BlockKey key, WriteSession session) {
    sessions.put(key, session);
  }

  private void closeSession(BlockKey key, WriteSession session) {
    boolean mine;
    synchronized (this) {
      mine = sessions.remove(key, session);
    }
    if (mine) {
      session.close();
    }
  }

  private synchronized boolean isClosed() {
    return closed && !writing;
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    boolean idle;
    synchronized (this) {
      closed = true;
      idle = !writing;
    }
    reads.close();
    grants.close();
    if (idle) {
      closeSessions();
    }
  }

  private void closeSessions() {
    Map<BlockKey, WriteSession> left;
    synchronized (this) {
      left = Map.copyOf(sessions);
      sessions.clear();
    }
    left.values().forEach(WriteSession::close);
  }

  private static BlockKey key(BlockFrame frame) {
    BlockHeader header = frame.header();
    return new BlockKey(header.inode(), header.version(), header.index());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("connection {} ended: {}", ctx.channel().remoteAddress(), cause.toString());
    } else if (cause instanceof IllegalArgumentException) {
      LOG.warn("connection {} closed: {}", ctx.channel().remoteAddress(), cause.getMessage());
    } else {
      LOG.warn("connection {} closed", ctx.channel().remoteAddress(), cause);
    }
    ctx.close();
  }
}
