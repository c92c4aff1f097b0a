/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.curvine.protocol.net.HostId;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.LocalAccess;
import io.curvine.protocol.rpc.Listener;
import io.curvine.protocol.rpc.NettyLoops;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.store.BlockStore;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for the data protocol and serves blocks. Thread-safe. */
public final class DataServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataServer.class);
  private static final int QUEUE_MAX = 8192;

  /**
   * Of a Unix domain socket, if the system allows it: its default takes less than a request, so
   * that each waits for its reader in the middle.
   */
  private static final int LOCAL_SEND_BYTES = 1 << 20;

  /** {@code sun_path} less the NUL. */
  private static final int SOCKET_PATH_MAX_BYTES = 107;

  private static final int LOOPS_MAX = 8;

  private final BlockStore store;
  private final ServingLease lease;
  private final ThreadPoolExecutor executor;
  private final EventLoopGroup loops;
  private final Duration stallTimeout;
  private final ReadService reads;
  private final WriteSession.Context writeContext;
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder cachedReads = new LongAdder();
  private final LongAdder filledReads = new LongAdder();
  private final LongAdder writtenBytes = new LongAdder();
  private final LongAdder takenOverBytes = new LongAdder();
  private final AtomicLong heldReplyBytes = new AtomicLong();
  private Listener listener;
  private final String instance = UUID.randomUUID().toString();
  private volatile String socket = "";

  /**
   * A server that does not listen yet.
   *
   * @param dataThreads do the work on files
   * @param peerTimeout for one answer of another worker in a pipeline
   * @param stallTimeout after which a client that takes nothing of an answer, or sends nothing more
   *     of half a request, is cut off
   */
  public DataServer(
      BlockStore store,
      PageFiller filler,
      ServingLease lease,
      int dataThreads,
      Duration peerTimeout,
      Duration stallTimeout) {
    this.store = store;
    this.lease = lease;
    this.stallTimeout = stallTimeout;
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
    this.reads = new ReadService(store, filler);
    this.writeContext = new WriteSession.Context(store, loops, peerTimeout);
  }

  /** Who hears from now on of blocks of which more is wanted than a read asks for. */
  public void listen(FillListener hears) {
    reads.listen(hears);
  }

  /**
   * Binds and serves; port 0 takes a free one.
   *
   * @throws IOException where the address cannot be bound; the message names it
   */
  public void listen(HostPort address) throws IOException {
    listener = Listener.bind(address, loops, this::serve);
  }

  /** Sets up a connection that came. */
  void serve(Channel channel) {
    BlockFrameReader frames = new BlockFrameReader();
    Connection connection = new Connection(this);
    channel.config().setRecvByteBufAllocator(frames.receiving());
    if (channel.localAddress() instanceof DomainSocketAddress) {
      channel.config().setOption(ChannelOption.SO_SNDBUF, LOCAL_SEND_BYTES);
    }
    channel.pipeline().addLast(frames, connection);
    StallGuard.watch(
        channel,
        stallTimeout,
        () -> connection.answersTaken() + frames.received(),
        frames::awaitsRest);
  }

  /**
   * Serves on a Unix domain socket too, for clients on this host. Where that cannot be, they use
   * the port.
   */
  public void listenLocally(Path path) {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > SOCKET_PATH_MAX_BYTES) {
      LOG.warn(
          "no socket at {}: a path of a socket has at most {} bytes", path, SOCKET_PATH_MAX_BYTES);
      return;
    }
    try {
      if (listener.listenLocally(path)) {
        socket = path.toAbsolutePath().toString();
      }
    } catch (IOException e) {
      LOG.warn("clients on this host use the port: {}", e.getMessage());
    }
  }

  /** Part of a reply could not be read while it was sent; a disk that failed is not read again. */
  void lookAgain(Reply unsent) {
    for (Object part : unsent.payload()) {
      if (part instanceof Reply.BlockRegion region) {
        try {
          executor.execute(
              () ->
                  store.lookAgain(region.key(), region.range().offset(), region.range().length()));
        } catch (RejectedExecutionException e) {
          LOG.debug("block {} is not looked at again now: {}", region.key(), e.toString());
        }
      }
    }
  }

  /** What clients on this host can use. */
  LocalAccess localAccess() {
    return LocalAccess.newBuilder()
        .setHostId(HostId.own())
        .setSocketPath(socket)
        .setInstance(instance)
        .build();
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

  /** Bytes that writers on this host have put into the files of their blocks themselves. */
  public long takenOverBytes() {
    return takenOverBytes.sum();
  }

  /** Bytes of replies in memory that their clients have not taken yet. */
  public long heldReplyBytes() {
    return heldReplyBytes.get();
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

  ReplyMemory replyMemory(Runnable whenGiven) {
    return new ReplyMemory(heldReplyBytes, whenGiven);
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

  void countWritten(BlockHeader done) {
    if (WriteSession.inFile(done) && done.op() == BlockOp.WRITE) {
      takenOverBytes.add(done.length());
    } else {
      writtenBytes.add(done.payloadBytes());
    }
  }
}
