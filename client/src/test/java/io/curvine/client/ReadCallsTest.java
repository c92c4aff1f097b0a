/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Consistency;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.proto.Query;
import io.curvine.protocol.proto.QueryResult;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who is asked, and for what, by clients set to read from one or from all. */
@Timeout(60)
class ReadCallsTest {
  private final List<Answering> masters = new ArrayList<>();
  private final List<CurvineClient> clients = new ArrayList<>();

  /** A master that answers every query as the test says, and notes it. */
  private static final class Answering {
    private final List<Query> asked = Collections.synchronizedList(new ArrayList<>());
    private final RpcServer server;
    private volatile Function<Query, MasterResponse> answer = query -> found(0);

    Answering() throws IOException {
      server =
          RpcServer.start(
              new HostPort("127.0.0.1", 0),
              1,
              (request, responder) -> {
                asked.add(request.getQuery());
                responder.respond(answer.apply(request.getQuery()));
              });
    }

    HostPort address() {
      return new HostPort("127.0.0.1", server.port());
    }
  }

  private static MasterResponse found(long offset) {
    return MasterResponse.newBuilder()
        .setQuery(
            QueryResult.newBuilder()
                .setOffset(offset)
                .setEntry(Entry.newBuilder().setInode(Inode.newBuilder().setId(5))))
        .build();
  }

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 3; i++) {
      masters.add(new Answering());
    }
  }

  @AfterEach
  void stop() {
    clients.forEach(CurvineClient::close);
    masters.forEach(master -> master.server.close());
  }

  private Namespace reading(ReadFrom from) {
    List<HostPort> addresses = masters.stream().map(Answering::address).toList();
    CurvineClient client =
        CurvineClient.connect(
            FakeCluster.config(addresses).withReadFrom(from, Duration.ofMillis(70)));
    clients.add(client);
    return client.namespace();
  }

  private void leaderIs(int leader) {
    String address = masters.get(leader).address().toString();
    for (int i = 0; i < 3; i++) {
      if (i != leader) {
        masters.get(i).answer =
            query ->
                query.getConsistency() == Consistency.AT_LEADER
                    ? MasterResponse.newBuilder()
                        .setCode(ErrorCode.NOT_LEADER)
                        .setLeaderRpc(address)
                        .build()
                    : found(0);
      }
    }
  }

  @Test
  void readsFromTheLeaderUnlessItIsSetOtherwise() throws IOException {
    leaderIs(1);
    Namespace namespace = reading(ReadFrom.LEADER);
    for (int i = 0; i < 6; i++) {
      assertThat(namespace.inode(Refs.path("/a"), false).getId()).isEqualTo(5);
    }
    assertThat(masters.get(1).asked).hasSize(6);
    assertThat(masters.get(1).asked.get(0).getConsistency()).isEqualTo(Consistency.AT_LEADER);
    assertThat(masters.get(2).asked).isEmpty();
  }

  @Test
  void readsFromAllInTurn() throws IOException {
    leaderIs(1);
    Namespace namespace = reading(ReadFrom.ANY);
    for (int i = 0; i < 6; i++) {
      assertThat(namespace.inode(Refs.path("/a"), false).getId()).isEqualTo(5);
    }
    assertThat(masters).allSatisfy(master -> assertThat(master.asked).hasSize(2));
    assertThat(masters.get(0).asked.get(0).getConsistency())
        .isEqualTo(Consistency.LINEARIZABLE_ANY);
  }

  @Test
  void saysHowFarBehindAnAnswerMayBeAndWhatItHasSeen() throws IOException {
    Namespace namespace = reading(ReadFrom.STALE);
    masters.get(0).answer = query -> found(40);
    masters.get(1).answer =
        query ->
            MasterResponse.newBuilder()
                .setCode(ErrorCode.NOT_FOUND)
                .setQuery(QueryResult.newBuilder().setOffset(41))
                .build();
    assertThat(namespace.inode(Refs.path("/a"), false).getId()).isEqualTo(5);
    assertThatThrownBy(() -> namespace.inode(Refs.path("/a"), false))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThat(namespace.inode(Refs.path("/a"), false).getId()).isEqualTo(5);
    Query first = masters.get(0).asked.get(0);
    assertThat(first.getConsistency()).isEqualTo(Consistency.BOUNDED_STALE);
    assertThat(first.getMaxStalenessMs()).isEqualTo(70);
    assertThat(first.getMinOffset()).isZero();
    assertThat(masters.get(1).asked.get(0).getMinOffset()).isEqualTo(40);
    assertThat(masters.get(2).asked.get(0).getMinOffset()).isEqualTo(41);
  }

  @Test
  void asksTheLeaderForWhatAnotherCannotAnswer() throws IOException {
    String address = masters.get(2).address().toString();
    for (int i = 0; i < 2; i++) {
      masters.get(i).answer =
          query ->
              MasterResponse.newBuilder()
                  .setCode(ErrorCode.NOT_LEADER)
                  .setLeaderRpc(address)
                  .build();
    }
    Namespace namespace = reading(ReadFrom.ANY);
    for (int i = 0; i < 3; i++) {
      assertThat(namespace.inode(Refs.path("/a"), false).getId()).isEqualTo(5);
    }
    assertThat(masters.get(2).asked).hasSize(3);
  }

  @Test
  void leavesOneOutThatFailsAndOneThatIsBehind() throws IOException {
    masters.get(0).server.close();
    masters.get(1).answer =
        query -> MasterResponse.newBuilder().setCode(ErrorCode.NOT_READY).build();
    Namespace namespace = reading(ReadFrom.STALE);
    for (int i = 0; i < 20; i++) {
      assertThat(namespace.inode(Refs.path("/a"), false).getId()).isEqualTo(5);
    }
    assertThat(masters.get(1).asked).as("once in turn, once as a leader").hasSizeBetween(1, 3);
    assertThat(masters.get(2).asked).hasSize(20);
  }

  @Test
  void refusesABatchOfNoneOrTooMany() {
    Namespace namespace = reading(ReadFrom.LEADER);
    assertThatThrownBy(() -> namespace.stat(List.of(), false))
        .hasMessage("count of entries is 0; allowed: 1 to 1000");
    assertThatThrownBy(() -> namespace.stat(Collections.nCopies(1_001, Refs.path("/a")), false))
        .hasMessage("count of entries is 1001; allowed: 1 to 1000");
  }
}
