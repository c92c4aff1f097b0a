/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.BlockRequestExtra;
import io.curvine.protocol.proto.UfsSource;
import io.curvine.protocol.rpc.Listener;
import io.curvine.protocol.rpc.NettyLoops;
import io.curvine.worker.MemoryUfs;
import io.curvine.worker.fill.PageFiller;
import io.curvine.worker.store.BlockStore;
import io.curvine.worker.store.StoreFixture;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A worker's data plane over a UFS in memory, for tests; it counts what its connections hold. */
final class DataNode implements AutoCloseable {
  static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  final MemoryUfs ufs = new MemoryUfs();
  final BlockStore store;
  final PageFiller filler;
  final DataServer server;
  final Path path;
  private final Listener listener;

  /** Of frames and headers: it knows to the byte what is in use. */
  private final UnpooledByteBufAllocator frames = new UnpooledByteBufAllocator(true, true);

  private final long copiesBefore = PooledByteBufAllocator.DEFAULT.pinnedDirectMemory();
  private final AtomicInteger connections = new AtomicInteger();

  /** Runs at each look at the lease, on the thread that looks. */
  volatile Runnable onLeaseCheck = () -> {};

  DataNode(Path path, Duration stallTimeout) throws IOException {
    this(path, stallTimeout, 64L << 20);
  }

  DataNode(Path path, Duration stallTimeout, long capacityBytes) throws IOException {
    this.path = path;
    store = StoreFixture.open(path, capacityBytes);
    filler = new PageFiller(mount -> ufs, 2, 8 << 20);
    server = new DataServer(store, filler, this::leaseLeft, 2, Duration.ofSeconds(5), stallTimeout);
    listener =
        Listener.bind(
            new HostPort("127.0.0.1", 0),
            NettyLoops.newGroup(2, "data-net-test"),
            channel -> {
              channel.config().setAllocator(frames);
              channel.pipeline().addLast(new Counter());
              server.serve(channel);
            });
  }

  private long leaseLeft() {
    onLeaseCheck.run();
    return TIMEOUT.toNanos();
  }

  /** Counts connections until the worker has dealt with their end. */
  private final class Counter extends ChannelInboundHandlerAdapter {
    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      connections.incrementAndGet();
      ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ctx.fireChannelInactive();
      connections.decrementAndGet();
    }
  }

  /** So many connections are left. */
  void awaitConnections(int count) {
    await(count + " connections", () -> connections.get() == count);
  }

  HostPort address() {
    return new HostPort("127.0.0.1", listener.port());
  }

  /** Puts an object, and gives what a READ of it says. */
  BlockRequestExtra source(String name, byte[] object) {
    return source(name, ufs.put(name, object), object.length);
  }

  /** The same for an object that is there, or not. */
  static BlockRequestExtra source(String name, String version, int length) {
    return BlockRequestExtra.newBuilder()
        .setValidBytes(length)
        .setUfs(
            UfsSource.newBuilder()
                .setMountId(1)
                .setPath(ByteString.copyFromUtf8(name))
                .setVersion(version)
                .setLengthBytes(length))
        .build();
  }

  /** Bytes of buffers that are in use, in direct memory and on the heap. */
  long heldBytes() {
    return frames.metric().usedDirectMemory()
        + frames.metric().usedHeapMemory()
        + PooledByteBufAllocator.DEFAULT.pinnedDirectMemory()
        - copiesBefore;
  }

  /** Nothing is left of connections that are closed: no buffer, no permit, no open block. */
  void awaitNothingHeld() {
    await(
        "buffers are released",
        () -> heldBytes() == 0 && server.heldReplyBytes() == 0 && writers() == 0);
  }

  private int writers() {
    return StoreFixture.beingWritten(store).size();
  }

  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    server.close();
    filler.close();
    store.close();
  }
}
