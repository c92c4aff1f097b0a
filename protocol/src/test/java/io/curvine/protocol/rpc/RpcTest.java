/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.OpenSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class RpcTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final BlockingQueue<RpcResponder> waiting = new LinkedBlockingQueue<>();
  private RpcServer server;
  private RpcClient client;
  private HostPort address;

  @BeforeEach
  void start() throws IOException {
    server = RpcServer.start(new HostPort("127.0.0.1", 0), 1, this::handle);
    address = new HostPort("127.0.0.1", server.port());
    client = new RpcClient(Duration.ofSeconds(5));
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  /** Echoes the session's name; "wait" is answered by the test, "fail" throws. */
  private void handle(MasterRequest request, RpcResponder responder) {
    String name = request.getCommand().getOpenSession().getClientName();
    switch (name) {
      case "wait" -> waiting.add(responder);
      case "fail" -> throw new IllegalStateException("a bug");
      default -> responder.respond(MasterResponse.newBuilder().setMessage(name).build());
    }
  }

  private static MasterRequest request(String name) {
    MasterRequest.Builder request = MasterRequest.newBuilder();
    request.getCommandBuilder().setOpenSession(OpenSession.newBuilder().setClientName(name));
    return request.build();
  }

  @Test
  void answersComeInAnyOrderToTheRightCalls() throws InterruptedException {
    CompletableFuture<MasterResponse> late = client.call(address, request("wait"), LONG);
    List<CompletableFuture<MasterResponse>> calls = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      calls.add(client.call(address, request("n" + i), LONG));
    }
    for (int i = 0; i < calls.size(); i++) {
      assertThat(calls.get(i).join().getMessage()).isEqualTo("n" + i);
    }
    assertThat(late).isNotDone();
    waiting.take().respond(MasterResponse.newBuilder().setMessage("late").build());
    assertThat(late.join().getMessage()).isEqualTo("late");
  }

  @Test
  void aBugOfTheHandlerIsAnAnswer() {
    assertThat(client.call(address, request("fail"), LONG).join().getCode())
        .isEqualTo(ErrorCode.INTERNAL);
  }

  @Test
  void aCallEndsWhenTheConnectionBreaksAndTheNextConnectsAgain() throws Exception {
    CompletableFuture<MasterResponse> open = client.call(address, request("wait"), LONG);
    waiting.take();
    server.close();
    assertThatThrownBy(open::join).hasCauseInstanceOf(IOException.class);
    server = RpcServer.start(address, 1, this::handle);
    assertThat(client.call(address, request("again"), LONG).join().getMessage()).isEqualTo("again");
  }

  @Test
  void aCallEndsInTime() {
    assertThatThrownBy(client.call(address, request("wait"), Duration.ofMillis(50))::join)
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining("no answer");
  }

  @Test
  void nobodyListeningIsAnErrorThatNamesTheAddress() {
    server.close();
    assertThatThrownBy(client.call(address, request("x"), LONG)::join)
        .hasCauseInstanceOf(IOException.class)
        .hasMessageContaining(address.toString());
  }

  @Test
  void aTakenPortIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> RpcServer.start(address, 1, this::handle))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(address.toString());
  }

  @Test
  void aBrokenConnectionEndsAllThatWaitOnIt() throws Exception {
    List<CompletableFuture<MasterResponse>> open = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      open.add(client.call(address, request("wait"), LONG));
      waiting.take();
    }
    server.close();
    for (CompletableFuture<MasterResponse> call : open) {
      assertThatThrownBy(call::join)
          .hasCauseInstanceOf(IOException.class)
          .cause()
          .isNotInstanceOf(NotSentException.class);
    }
  }

  @Test
  void whatCannotBeSentSaysSo() {
    server.close();
    assertThatThrownBy(client.call(address, request("x"), LONG)::join)
        .hasCauseInstanceOf(NotSentException.class);
    client.close();
    assertThatThrownBy(client.call(address, request("x"), LONG)::join)
        .hasCauseInstanceOf(NotSentException.class);
  }

  @Test
  void theEndOfTheClientEndsItsCalls() throws InterruptedException {
    CompletableFuture<MasterResponse> open = client.call(address, request("wait"), LONG);
    waiting.take();
    client.close();
    assertThatThrownBy(open::join).hasMessageContaining("the client is closed");
  }

  @Test
  void aRequestThatIsTooLongFailsAloneAndSaysWhatIsAllowed() {
    String tooLong = "x".repeat(Limits.RPC_FRAME_MAX_BYTES);
    assertThatThrownBy(client.call(address, request(tooLong), LONG)::join)
        .hasCauseInstanceOf(CurvineException.class)
        .hasMessageContaining("allowed: up to");
    assertThat(client.call(address, request("next"), LONG).join().getMessage()).isEqualTo("next");
  }

  @Test
  void aLongMessageComesThroughWhole() {
    String text = "0123456789".repeat(300_000);
    assertThat(client.call(address, request(text), LONG).join().getMessage()).isEqualTo(text);
  }

  @Test
  void severalConnectionsShareTheCalls() throws Exception {
    try (RpcClient several = new RpcClient(Duration.ofSeconds(5), 3);
        ServerSocket listening = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      HostPort there = new HostPort("127.0.0.1", listening.getLocalPort());
      for (int i = 0; i < 6; i++) {
        several.call(there, request("x"), LONG);
      }
      for (int i = 0; i < 3; i++) {
        try (Socket accepted = listening.accept()) {
          byte[] header = accepted.getInputStream().readNBytes(Integer.BYTES);
          assertThat(header).isEqualTo(new byte[] {0, 0, 0, 15});
        }
      }
    }
  }

  /**
   * The server's one loop has had many turns when the other client has got its answers; without a
   * limit it would have taken every request in the first.
   */
  @Test
  void aClientThatDoesNotReadIsNotReadFromEither() throws Exception {
    int requests = 2_000;
    int answerBytes = 64 << 10;
    AtomicInteger handled = new AtomicInteger();
    MasterResponse large = MasterResponse.newBuilder().setMessage("y".repeat(answerBytes)).build();
    RpcHandler handler =
        (request, responder) -> {
          if (request.getCommand().getOpenSession().getClientName().equals("large")) {
            handled.incrementAndGet();
            responder.respond(large);
          } else {
            responder.respond(MasterResponse.getDefaultInstance());
          }
        };
    try (RpcServer bounded = RpcServer.start(new HostPort("127.0.0.1", 0), 1, handler);
        Socket socket = new Socket()) {
      socket.setReceiveBufferSize(64 << 10);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), bounded.port()));
      ByteBuf frames = Unpooled.buffer();
      for (int i = 0; i < requests; i++) {
        RpcFrames.append(frames, i, request("large"));
      }
      frames.readBytes(socket.getOutputStream(), frames.readableBytes());
      HostPort there = new HostPort("127.0.0.1", bounded.port());
      for (int i = 0; i < 200; i++) {
        client.call(there, request("small"), LONG).join();
      }
      assertThat(handled.get()).isBetween(1, requests / 4);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      for (int i = 0; i < requests; i++) {
        int length = in.readInt();
        assertThat(in.readLong()).isEqualTo(i);
        in.skipNBytes(length - RpcFrames.CALL_ID_BYTES);
      }
      assertThat(handled).hasValue(requests);
    }
  }
}
