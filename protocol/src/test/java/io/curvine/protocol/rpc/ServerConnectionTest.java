/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.OpenSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server's side of a connection, without a network. */
final class ServerConnectionTest {
  private final List<RpcResponder> asked = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private boolean answerAtOnce;
  private int flushes;
  private EmbeddedChannel channel;

  @BeforeEach
  void connect() {
    channel = new EmbeddedChannel();
    channel
        .pipeline()
        .addLast(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void flush(ChannelHandlerContext ctx) {
                flushes++;
                ctx.flush();
              }
            },
            new ServerConnection(channel, this::handle));
  }

  @AfterEach
  void disconnect() {
    channel.finishAndReleaseAll();
  }

  private void handle(MasterRequest request, RpcResponder responder) {
    asked.add(responder);
    names.add(request.getCommand().getOpenSession().getClientName());
    if (answerAtOnce) {
      responder.respond(MasterResponse.getDefaultInstance());
    }
  }

  private static ByteBuf requests(int from, int to) {
    ByteBuf frames = Unpooled.buffer();
    for (int id = from; id < to; id++) {
      MasterRequest.Builder request = MasterRequest.newBuilder();
      request.getCommandBuilder().setOpenSession(OpenSession.newBuilder().setClientName("n" + id));
      RpcFrames.append(frames, id, request.build());
    }
    return frames;
  }

  /** Call ids of all that was written, in order. */
  private List<Long> answered() throws IOException {
    List<Long> ids = new ArrayList<>();
    for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
      while (out.isReadable()) {
        int length = out.readInt();
        ids.add(out.readLong());
        MasterResponse unused =
            RpcFrames.read(out, length - RpcFrames.CALL_ID_BYTES, MasterResponse.parser());
      }
      out.release();
    }
    return ids;
  }

  private void answer(int from, int to) {
    for (int i = from; i < to; i++) {
      asked.get(i).respond(MasterResponse.newBuilder().setMessage("m" + i).build());
    }
  }

  @Test
  void answersMadeWhileReadingGoOutWithOneFlush() throws IOException {
    answerAtOnce = true;
    channel.writeInbound(requests(0, 500));
    assertThat(answered()).hasSize(500).startsWith(0L, 1L).endsWith(499L);
    assertThat(flushes).isEqualTo(1);
  }

  @Test
  void answersMadeLaterGatherUntilTheLoopRuns() throws IOException {
    channel.writeInbound(requests(0, 100));
    assertThat(answered()).isEmpty();
    answer(50, 100);
    answer(0, 50);
    channel.runPendingTasks();
    assertThat(answered()).hasSize(100).startsWith(50L).endsWith(49L);
    assertThat(flushes).isEqualTo(1);
  }

  @Test
  void framesAreCutWhereverTheNetworkCutThem() {
    ByteBuf all = requests(0, 20);
    while (all.isReadable()) {
      channel.writeInbound(all.readRetainedSlice(Math.min(7, all.readableBytes())));
    }
    all.release();
    assertThat(names).hasSize(20).startsWith("n0", "n1").endsWith("n19");
  }

  @Test
  void tooManyOpenCallsAreNotTakenUntilSomeAreAnswered() throws IOException {
    int max = Limits.RPC_CONNECTION_OPEN_MAX_CALLS;
    channel.writeInbound(requests(0, max + 10));
    assertThat(asked).hasSize(max);
    assertThat(channel.config().isAutoRead()).isFalse();
    answer(0, 3);
    channel.runPendingTasks();
    assertThat(asked).hasSize(max + 3);
    assertThat(channel.config().isAutoRead()).isFalse();
    answer(3, 100);
    channel.runPendingTasks();
    assertThat(names).hasSize(max + 10).endsWith("n" + (max + 9));
    assertThat(channel.config().isAutoRead()).isTrue();
    answer(100, max + 10);
    channel.runPendingTasks();
    assertThat(answered()).hasSize(max + 10).doesNotHaveDuplicates();
  }

  @Test
  void aSecondAnswerIsDropped() throws IOException {
    channel.writeInbound(requests(0, 2));
    answer(0, 1);
    answer(0, 1);
    answer(1, 2);
    channel.runPendingTasks();
    assertThat(answered()).containsExactly(0L, 1L);
  }

  @Test
  void aLongerFrameThanAllowedEndsTheConnection() {
    channel.writeInbound(
        Unpooled.buffer().writeInt(Limits.RPC_FRAME_MAX_BYTES + 1).writeLong(1).writeInt(0));
    assertThat(channel.isOpen()).isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void whatIsNotARequestEndsTheConnection() {
    channel.writeInbound(
        Unpooled.buffer().writeInt(Long.BYTES + 2).writeLong(1).writeShort(0x7fff));
    assertThat(channel.isOpen()).isFalse();
    assertThat(asked).isEmpty();
  }

  @Test
  void anAnswerThatIsTooLongBecomesAnErrorOfItsOwn() throws IOException {
    channel.writeInbound(requests(0, 1));
    String tooLong = "x".repeat(Limits.RPC_FRAME_MAX_BYTES);
    asked.get(0).respond(MasterResponse.newBuilder().setMessage(tooLong).build());
    channel.runPendingTasks();
    ByteBuf out = channel.readOutbound();
    int length = out.readInt();
    assertThat(out.readLong()).isZero();
    MasterResponse answer =
        RpcFrames.read(out, length - RpcFrames.CALL_ID_BYTES, MasterResponse.parser());
    out.release();
    assertThat(answer.getMessage()).contains("allowed: up to " + Limits.RPC_FRAME_MAX_BYTES);
  }
}
