/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.rpc.NettyLoops;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A connection to another worker's data port. Thread-safe; requests go in the order of the calls. A
 * call ends with a reply that the caller releases, or exceptionally: a {@link CurvineException}
 * where the worker refused, another {@link IOException} where the connection broke or no answer
 * came in time (the connection is closed then).
 */
final class PeerConnection implements AutoCloseable {
  private final EventLoopGroup loops;
  private final HostPort address;
  private final Duration timeout;
  private final ChannelFuture connected;
  private final AtomicLong requestIds = new AtomicLong();
  private final Map<Long, CompletableFuture<BlockFrame>> pending = new ConcurrentHashMap<>();
  private volatile IOException broken;

  /** Begins to connect; requests wait for it. */
  PeerConnection(EventLoopGroup loops, HostPort address, Duration timeout) {
    this.loops = loops;
    this.address = address;
    this.timeout = timeout;
    this.connected =
        new Bootstrap()
            .group(loops)
            .channel(NettyLoops.channel())
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(2000, timeout.toMillis()))
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(Frames.RECEIVE_BYTES))
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    channel.pipeline().addLast(new BlockFrameReader(), new Replies());
                  }
                })
            .connect(address.resolve());
  }

  /**
   * Sends a request with the operation, name, offset, length, flags and checksum of {@code like}.
   *
   * @param payload consumed
   */
  CompletableFuture<BlockFrame> call(BlockHeader like, BlockRequestExtra extra, ByteBuf payload) {
    long id = requestIds.incrementAndGet();
    CompletableFuture<BlockFrame> answer = new CompletableFuture<>();
    byte[] extraBytes = extra.toByteArray();
    BlockHeader header =
        new BlockHeader(
            like.op(),
            0,
            like.flags(),
            id,
            like.inode(),
            like.version(),
            like.index(),
            like.crc32c(),
            like.offset(),
            like.length(),
            extraBytes.length,
            payload.readableBytes());
    pending.put(id, answer);
    connected.addListener(
        done -> {
          if (done.isSuccess() && broken == null) {
            send(header, extraBytes, payload);
          } else {
            payload.release();
            fail(done.isSuccess() ? broken : new IOException("cannot connect", done.cause()));
          }
        });
    var timer =
        loops.schedule(
            () -> fail(new IOException("no answer in " + timeout.toMillis() + " ms")),
            timeout.toMillis(),
            TimeUnit.MILLISECONDS);
    return answer.whenComplete((reply, failure) -> timer.cancel(false));
  }

  /** It has not broken so far. */
  boolean usable() {
    return broken == null;
  }

  private void send(BlockHeader header, byte[] extra, ByteBuf payload) {
    Channel channel = connected.channel();
    ByteBuf head = Frames.header(channel.alloc(), header);
    ByteBuf start = extra.length == 0 ? head : Unpooled.wrappedBuffer(head, wrap(extra));
    channel.write(start, channel.voidPromise());
    channel.writeAndFlush(payload, channel.voidPromise());
  }

  private static ByteBuf wrap(byte[] extra) {
    return Unpooled.wrappedBuffer(extra);
  }

  private void fail(IOException cause) {
    synchronized (this) {
      if (broken == null) {
        broken = new IOException("worker " + address + ": " + cause.getMessage(), cause);
        connected.channel().close();
      }
    }
    pending.forEach(
        (id, answer) -> {
          pending.remove(id);
          answer.completeExceptionally(broken);
        });
  }

  @Override
  public void close() {
    connected.addListener(
        done -> {
          connected.channel().close();
          fail(new IOException("the connection was closed"));
        });
  }

  private final class Replies extends SimpleChannelInboundHandler<BlockFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, BlockFrame reply) {
      CompletableFuture<BlockFrame> answer = pending.remove(reply.header().requestId());
      if (answer == null) {
        reply.release();
      } else if (reply.header().status() == 0) {
        if (!answer.complete(reply)) {
          reply.release();
        }
      } else {
        ErrorCode code = ErrorCode.forNumber(reply.header().status());
        answer.completeExceptionally(
            new PeerRefusal(
                new CurvineException(
                    code == null ? ErrorCode.INTERNAL : code,
                    "worker " + address + ": " + reply.message()),
                (int) reply.header().length()));
        reply.release();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      fail(new IOException("the connection was closed"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(new IOException(String.valueOf(cause.getMessage()), cause));
    }
  }

  /** A worker refused; {@link #workerId} is who failed, 0 for the one that answered. */
  static final class PeerRefusal extends IOException {
    private static final long serialVersionUID = 1L;
    private final CurvineException refusal;
    private final int workerId;

    PeerRefusal(CurvineException refusal, int workerId) {
      super(refusal.getMessage(), refusal);
      this.refusal = refusal;
      this.workerId = workerId;
    }

    CurvineException refusal() {
      return refusal;
    }

    int workerId() {
      return workerId;
    }
  }
}
