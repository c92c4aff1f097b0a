/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.rpc.Listener;
import io.curvine.protocol.rpc.NettyLoops;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.store.BlockStore;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Listens for the data protocol and serves blocks. Thread-safe. */
public final class DataServer implements AutoCloseable {
  private static final int QUEUE_MAX = 8192;
  private static final int LOOPS_MAX = 8;

  private final BlockStore store;
  private final ServingLease lease;
  private final ThreadPoolExecutor executor;
  private final EventLoopGroup loops;
  private final ReadService reads;
  private final WriteSession.Context writeContext;
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder cachedReads = new LongAdder();
  private final LongAdder filledReads = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();
  private Listener listener;

  /** A server that does not listen yet; {@code dataThreads} do the work on files. */
  public DataServer(
      BlockStore store,
      PageFiller filler,
      ServingLease lease,
      int dataThreads,
      Duration peerTimeout) {
    this.store = store;
    this.lease = lease;
    this.executor =
        new ThreadPoolExecutor(
            dataThreads,
            dataThreads,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(QUEUE_MAX),
            new DefaultThreadFactory("data", true));
    this.loops =
        NettyLoops.newGroup(
            Math.max(2, Math.min(LOOPS_MAX, Runtime.getRuntime().availableProcessors())),
            "data-net");
    this.reads = new ReadService(store, filler, executor);
    this.writeContext = new WriteSession.Context(store, loops, peerTimeout);
  }

  /**
   * Binds and serves; port 0 takes a free one.
   *
   * @throws IOException where the address cannot be bound; the message names it
   */
  public void listen(HostPort address) throws IOException {
    listener =
        Listener.bind(
            address,
            loops,
            channel -> {
              channel.config().setKeepAlive(true);
              channel
                  .config()
                  .setRecvByteBufAllocator(new FixedRecvByteBufAllocator(Frames.RECEIVE_BYTES));
              channel.pipeline().addLast(new BlockFrameReader(), new Connection(this));
            });
  }

  /** The port that is listened on. */
  public int port() {
    return listener.port();
  }

  /** Loops that connections to other workers may share. */
  public EventLoopGroup loops() {
    return loops;
  }

  /** Bytes given to readers. */
  public long readBytes() {
    return readBytes.sum();
  }

  /** READs that needed no fill. */
  public long cachedReads() {
    return cachedReads.sum();
  }

  /** READs that waited for a fill. */
  public long filledReads() {
    return filledReads.sum();
  }

  /** Bytes taken from writers. */
  public long writtenBytes() {
    return writtenBytes.sum();
  }

  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    } else {
      loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
    executor.shutdown();
    try {
      executor.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // --- for connections ---

  BlockStore store() {
    return store;
  }

  ServingLease lease() {
    return lease;
  }

  ThreadPoolExecutor executor() {
    return executor;
  }

  ReadService reads() {
    return reads;
  }

  WriteSession.Context writeContext() {
    return writeContext;
  }

  CurvineException busy(RejectedExecutionException cause) {
    return new CurvineException(ErrorCode.BUSY, QUEUE_MAX + " requests are waiting already", cause);
  }

  void countRead(Reply reply) {
    readBytes.add(reply.header().payloadBytes());
    boolean cached = (reply.header().flags() & BlockHeader.FLAG_CACHED) != 0;
    (cached ? cachedReads : filledReads).increment();
  }

  void countWritten(int bytes) {
    writtenBytes.add(bytes);
  }
}
