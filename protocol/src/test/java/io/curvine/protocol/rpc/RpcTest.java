/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.OpenSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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
}
