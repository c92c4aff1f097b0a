/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.TermConfirmed;
import io.curvine.protocol.rpc.RpcClient;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asks masters over real connections; what they answer is the test's. */
@Timeout(60)
class TermQuorumTest {
  private static final MasterResponse SILENCE = MasterResponse.getDefaultInstance();

  private final Map<String, RpcServer> servers = new TreeMap<>();
  private final Map<String, MasterResponse> answers = new ConcurrentHashMap<>();
  private final Set<String> gone = new TreeSet<>();
  private final RpcClient client = new RpcClient(Duration.ofSeconds(1));

  private Optional<HostPort> address(String id) {
    if (gone.contains(id)) {
      return Optional.empty();
    }
    try {
      RpcServer server = servers.get(id);
      if (server == null) {
        server =
            RpcServer.start(
                new HostPort("127.0.0.1", 0),
                1,
                (request, responder) -> {
                  assertThat(request.getConfirmTerm().getGroup()).isEqualTo("g");
                  MasterResponse answer = answers.get(id);
                  if (!answer.equals(SILENCE)) {
                    responder.respond(answer);
                  }
                });
        servers.put(id, server);
      }
      return Optional.of(new HostPort("127.0.0.1", server.port()));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void answers(String id, long term) {
    answers(id, id, term);
  }

  private void answers(String id, String as, long term) {
    answers.put(
        id,
        MasterResponse.newBuilder()
            .setTermConfirmed(TermConfirmed.newBuilder().setNodeId(as).setTerm(term))
            .build());
  }

  private CompletableFuture<Void> confirm(long term, Set<String> voters) {
    return confirm(term, List.of(voters));
  }

  private CompletableFuture<Void> confirm(long term, List<Set<String>> voters) {
    return new TermQuorum("m1", () -> "g", () -> voters, this::address, client).confirm(term);
  }

  @AfterEach
  void close() {
    client.close();
    servers.values().forEach(RpcServer::close);
  }

  @Test
  void countsItselfAndWhoeverConfirms() throws Exception {
    answers("m2", 4);
    answers.put("m3", SILENCE);
    confirm(4, Set.of("m1", "m2", "m3")).get(30, TimeUnit.SECONDS);
    assertThat(confirm(4, Set.of("m1"))).isCompleted();
  }

  @Test
  void takesNoOtherTermForAConfirmation() {
    answers("m2", 5);
    answers("m3", 3);
    CompletableFuture<Void> outcome = confirm(4, Set.of("m1", "m2", "m3"));
    assertThatThrownBy(() -> outcome.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("m2 is in term 5")
        .hasMessageContaining("m3 is in term 3");
  }

  @Test
  void takesNoOtherMasterForTheOneItAsked() {
    answers("m2", "m3", 4);
    answers.put(
        "m3",
        MasterResponse.newBuilder()
            .setCode(ErrorCode.INVALID_ARGUMENT)
            .setMessage("group is 'g'; allowed: another")
            .build());
    CompletableFuture<Void> outcome = confirm(4, Set.of("m1", "m2", "m3"));
    assertThatThrownBy(() -> outcome.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("m2 is master 'm3'")
        .hasMessageContaining("m3 answers INVALID_ARGUMENT, group is 'g'");
  }

  @Test
  void wantsAMajorityOfTheFormerVotersTooWhileTheyChange() throws Exception {
    answers("m2", 4);
    answers("m3", 9);
    answers("m4", 9);
    answers("m5", 4);
    confirm(4, List.of(Set.of("m1", "m2", "m3"), Set.of("m1", "m5", "m4")))
        .get(30, TimeUnit.SECONDS);
    CompletableFuture<Void> outcome =
        confirm(4, List.of(Set.of("m1", "m2", "m3"), Set.of("m1", "m3", "m4")));
    assertThatThrownBy(() -> outcome.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("no majority of the masters confirms term 4");
  }

  @Test
  void whoHasJustLeftDoesNotConfirm() throws Exception {
    answers("m2", 4);
    gone.add("m3");
    confirm(4, Set.of("m1", "m2", "m3")).get(30, TimeUnit.SECONDS);
    gone.add("m2");
    CompletableFuture<Void> outcome = confirm(4, Set.of("m1", "m2", "m3"));
    assertThatThrownBy(() -> outcome.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("m2 is no member any more");
  }

  @Test
  void doesNotCountItselfWhereItIsNoVoter() {
    answers("m2", 4);
    answers("m3", 9);
    CompletableFuture<Void> outcome = confirm(4, Set.of("m2", "m3"));
    assertThatThrownBy(() -> outcome.get(30, TimeUnit.SECONDS))
        .hasMessageContaining("m1 is no voter");
  }
}
