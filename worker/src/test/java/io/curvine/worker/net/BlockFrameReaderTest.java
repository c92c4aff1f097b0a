/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.block.BlockHeader;
import io.curvine.protocol.block.BlockOp;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockFrameReaderTest {
  private final UnpooledByteBufAllocator buffers = new UnpooledByteBufAllocator(true, true);
  private final List<String> frames = new ArrayList<>();
  private int wanted = Integer.MAX_VALUE;
  private Throwable failure;
  private final BlockFrameReader reader = new BlockFrameReader();
  private final EmbeddedChannel channel = channel();

  private EmbeddedChannel channel() {
    EmbeddedChannel made = new EmbeddedChannel();
    made.config().setAllocator(buffers);
    made.pipeline().addLast(reader, new Taker());
    return made;
  }

  /** Takes so many frames as are wanted, and then stops the channel. */
  private final class Taker extends SimpleChannelInboundHandler<BlockFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, BlockFrame frame) {
      frames.add(frame.header() + ByteBufUtil.hexDump(frame.payload()));
      frame.release();
      wanted--;
      if (wanted <= 0) {
        ctx.channel().config().setAutoRead(false);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      failure = cause;
    }
  }

  @AfterEach
  void nothingIsHeld() {
    channel.finishAndReleaseAll();
    assertThat(buffers.metric().usedDirectMemory()).isZero();
    assertThat(buffers.metric().usedHeapMemory()).isZero();
  }

  private static ByteBuffer frame(long id, int payloadBytes) {
    ByteBuffer frame = ByteBuffer.allocate(BlockHeader.BYTES + payloadBytes);
    new BlockHeader(BlockOp.WRITE, 0, 0, id, 1, 1, 0, 0, 0, 0, 0, payloadBytes).writeTo(frame);
    while (frame.hasRemaining()) {
      frame.put((byte) id);
    }
    return frame.flip();
  }

  private void receive(ByteBuffer bytes) {
    channel.writeInbound(Unpooled.wrappedBuffer(bytes));
  }

  @Test
  void cutsFramesHoweverTheyAreSplitAndHoweverManyAreWanted() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    ByteBuffer stream = ByteBuffer.allocate(4 << 20);
    int count = 400;
    for (int id = 0; id < count; id++) {
      stream.put(frame(id, random.nextInt(4) == 0 ? random.nextInt(40_000) : random.nextInt(3)));
    }
    stream.flip();
    channel.writeInbound(Unpooled.wrappedBuffer(stream.duplicate()));
    List<String> atOnce = List.copyOf(frames);
    assertThat(atOnce).hasSize(count);
    frames.clear();
    wanted = random.nextInt(5);
    while (stream.hasRemaining() || frames.size() < count) {
      int piece = Math.min(stream.remaining(), random.nextInt(random.nextBoolean() ? 100 : 60_000));
      byte[] bytes = new byte[piece];
      stream.get(bytes);
      receive(ByteBuffer.wrap(bytes));
      if (wanted <= 0) {
        int before = frames.size();
        receive(ByteBuffer.allocate(0));
        assertThat(frames).as("seed %s", seed).hasSize(before);
        wanted = 1 + random.nextInt(5);
        channel.config().setAutoRead(true);
      }
    }
    assertThat(frames).as("seed %s", seed).isEqualTo(atOnce);
  }

  @Test
  void framesThatHaveComeWaitUntilTheyAreWanted() {
    wanted = 2;
    ByteBuffer stream = ByteBuffer.allocate(64 * 100);
    for (int id = 0; id < 100; id++) {
      stream.put(frame(id, 0));
    }
    receive(stream.flip());
    assertThat(frames).hasSize(2);
    wanted = 3;
    channel.config().setAutoRead(true);
    assertThat(frames).hasSize(5);
    wanted = 1_000;
    channel.config().setAutoRead(true);
    assertThat(frames).hasSize(100);
  }

  @Test
  void aHeaderAloneTakesLittle() {
    byte[] frame = frame(1, BlockHeader.MAX_PAYLOAD_BYTES).array();
    receive(ByteBuffer.wrap(Arrays.copyOf(frame, BlockHeader.BYTES + 10)));
    assertThat(reader.awaitsRest()).isTrue();
    assertThat(buffers.metric().usedDirectMemory()).isLessThanOrEqualTo(1 << 20);
    receive(ByteBuffer.wrap(frame, BlockHeader.BYTES + 10, frame.length - BlockHeader.BYTES - 10));
    assertThat(frames).hasSize(1);
    assertThat(reader.awaitsRest()).isFalse();
  }

  @Test
  void afterWhatIsNoFrameNothingIsOne() {
    byte[] bad = frame(2, 5).array().clone();
    bad[2] = 9;
    receive(frame(1, 5));
    receive(ByteBuffer.wrap(bad));
    receive(frame(3, 5));
    assertThat(frames).hasSize(1);
    assertThat(failure).isInstanceOf(IllegalArgumentException.class);
  }
}
