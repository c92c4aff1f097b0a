/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.worker.fill.FillSource;
import io.curvine.worker.store.BlockKey;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
final class Connection extends SimpleChannelInboundHandler<BlockFrame> {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
  private static final int IN_FLIGHT_MAX = 128;
  private static final long IN_FLIGHT_MAX_BYTES = 32 << 20;

  /** Frames that a writer gets carried out before others have the thread. */
  private static final int TURN_MAX = 16;

  private final DataServer server;
  private final Grants grants;
  private final Queue<BlockFrame> writes = new ArrayDeque<>();
  private final Map<BlockKey, WriteSession> sessions = new HashMap<>();
  private ChannelHandlerContext channel;
  private boolean writing;
  private boolean closed;
  private int inFlight;
  private long inFlightBytes;

  Connection(DataServer server) {
    this.server = server;
    this.grants = new Grants(server.store(), server.lease());
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
      case READ -> read(frame);
      case PING -> finish(frame, Reply.ok(frame.header()));
      case GRANT -> grant(frame);
      case RELEASE -> {
        grants.release(key(frame));
        finish(frame, Reply.ok(frame.header()));
      }
      case RENEW -> renew(frame);
      case LOCAL -> finish(frame, Reply.message(frame.header(), server.localAccess()));
      case FREE, OPEN_WRITE, WRITE, SYNC, COMMIT, ABORT -> write(frame);
    }
  }

  // --- bounds ---

  private synchronized void began(BlockFrame frame) {
    inFlight++;
    inFlightBytes += cost(frame);
    if (inFlight >= IN_FLIGHT_MAX || inFlightBytes >= IN_FLIGHT_MAX_BYTES) {
      channel.channel().config().setAutoRead(false);
    }
  }

  private static long cost(BlockFrame frame) {
    BlockHeader header = frame.header();
    return header.op() == BlockOp.READ ? header.length() : header.payloadBytes();
  }

  private void finish(BlockFrame frame, Reply reply) {
    frame.release();
    reply.send(channel.channel(), () -> ended(frame));
  }

  private void ended(BlockFrame frame) {
    synchronized (this) {
      inFlight--;
      inFlightBytes -= cost(frame);
      boolean low = inFlight < IN_FLIGHT_MAX / 2 && inFlightBytes < IN_FLIGHT_MAX_BYTES / 2;
      if (low && !channel.channel().config().isAutoRead()) {
        channel.channel().config().setAutoRead(true);
      }
    }
  }

  private void fail(BlockFrame frame, Throwable failure) {
    CurvineException known = Failures.of(failure);
    if (known.code() == ErrorCode.INTERNAL) {
      LOG.warn("{} of {} failed", frame.header().op(), key(frame), failure);
    }
    finish(frame, Reply.error(frame.header(), known, 0));
  }

  // --- reads ---

  /** On the event loop, where no disk has to be waited for. */
  private void read(BlockFrame frame) {
    try {
      server.lease().check();
      Optional<Reply> now = server.reads().now(frame.header());
      if (now.isPresent()) {
        server.countRead(now.get());
        finish(frame, now.get());
      } else {
        server.executor().execute(() -> readSlowly(frame));
      }
    } catch (RejectedExecutionException e) {
      fail(frame, server.busy(e));
    } catch (IOException | RuntimeException e) {
      fail(frame, e);
    }
  }

  private void readSlowly(BlockFrame frame) {
    try {
      server.lease().check();
      FillSource source = FillSource.of(frame.extra());
      server
          .reads()
          .read(frame.header(), source)
          .whenComplete(
              (reply, failure) -> {
                if (failure == null) {
                  server.countRead(reply);
                  finish(frame, reply);
                } else {
                  fail(frame, failure);
                }
              });
    } catch (IOException | RuntimeException e) {
      fail(frame, e);
    }
  }

  // --- blocks that the client reads by itself ---

  private void grant(BlockFrame frame) {
    try {
      server.executor().execute(() -> grantNow(frame));
    } catch (RejectedExecutionException e) {
      fail(frame, server.busy(e));
    }
  }

  private void grantNow(BlockFrame frame) {
    try {
      finish(frame, Reply.message(frame.header(), grants.grant(key(frame))));
    } catch (IOException | RuntimeException e) {
      fail(frame, e);
    }
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
      } catch (IOException | RuntimeException e) {
        answer.completeExceptionally(e);
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
        server.countWritten(frame.header().payloadBytes());
        if (frame.header().op() == BlockOp.COMMIT || frame.header().op() == BlockOp.ABORT) {
          answer.whenComplete((reply, failure) -> closeSession(key, session));
        }
      }
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
    } else {
      LOG.warn("connection {} closed", ctx.channel().remoteAddress(), cause);
    }
    ctx.close();
  }
}
