/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.curvine.protocol.CurvineException;
import io.curvine.protocol.Limits;
import io.curvine.protocol.net.HostPort;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.MasterRequest;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MasterCallsTest {
  private FakeCluster cluster;
  private FakeMaster master;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(0);
    master = cluster.master;
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void followsTheHintOfAMasterThatDoesNotLead() throws IOException {
    try (RpcServer follower = answering(notLeader(master.address()))) {
      Namespace namespace = client(address(follower), master.address()).namespace();
      namespace.mkdir(Refs.path("/a"), 0755, false);
      namespace.mkdir(Refs.path("/b"), 0755, false);
    }
    assertThat(made()).containsExactly("/a", "/b");
  }

  @Test
  void goesPastAMasterThatCannotBeReached() throws IOException {
    HostPort gone;
    try (RpcServer closed = answering(notLeader(master.address()))) {
      gone = address(closed);
    }
    client(gone, master.address()).namespace().mkdir(Refs.path("/a"), 0755, false);
    assertThat(made()).containsExactly("/a");
  }

  @Test
  void doesNotRunInCirclesBetweenMastersThatNameEachOther() throws IOException {
    AtomicInteger asked = new AtomicInteger();
    HostPort[] addresses = new HostPort[2];
    try (RpcServer one = circle(addresses, 1, asked);
        RpcServer two = circle(addresses, 0, asked)) {
      addresses[0] = address(one);
      addresses[1] = address(two);
      client(address(one), address(two), master.address())
          .namespace()
          .mkdir(Refs.path("/a"), 0755, false);
    }
    assertThat(made()).containsExactly("/a");
    assertThat(asked.get()).isLessThan(20);
  }

  @Test
  void aRetryRepeatsTheNumberAndTakesEffectOnce() throws IOException {
    master.after = times(3, MasterCallsTest::isMkdir, code(ErrorCode.UNKNOWN_OUTCOME));
    client().namespace().mkdir(Refs.path("/a"), 0755, false);
    List<Command> sent = mkdirs();
    assertThat(sent).hasSize(4);
    assertThat(sent).allMatch(command -> command.getSeq() == sent.get(0).getSeq());
    assertThat(sent).allMatch(command -> command.getSessionId() == sent.get(0).getSessionId());
  }

  @Test
  void waitsAsABusyMasterAsks() throws IOException {
    MasterResponse busy =
        MasterResponse.newBuilder().setCode(ErrorCode.BUSY).setRetryAfterMs(30).build();
    master.instead = times(2, MasterCallsTest::isMkdir, busy);
    client().namespace().mkdir(Refs.path("/a"), 0755, false);
    assertThat(made()).containsExactly("/a", "/a", "/a");
  }

  @Test
  void numbersGrowAndWhatIsAcknowledgedFollows() throws IOException {
    Namespace namespace = client().namespace();
    for (int i = 0; i < 5; i++) {
      namespace.mkdir(Refs.path("/d" + i), 0755, false);
    }
    List<Command> sent = mkdirs();
    for (int i = 0; i < 5; i++) {
      assertThat(sent.get(i).getSeq()).isEqualTo(i + 1);
      assertThat(sent.get(i).getAckedBelow()).isEqualTo(i + 1);
    }
  }

  @Test
  void aRefusalIsThrownWithItsCode() {
    Namespace namespace = client().namespace();
    assertThatThrownBy(
            () -> {
              namespace.mkdir(Refs.path("/a"), 0755, false);
              namespace.mkdir(Refs.path("/a"), 0755, false);
            })
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
    assertThat(mkdirs()).hasSize(2);
  }

  @Test
  void anExpiredSessionIsReplacedForNewCommands() throws IOException {
    Namespace namespace = client().namespace();
    namespace.mkdir(Refs.path("/a"), 0755, false);
    master.expireSessions();
    namespace.mkdir(Refs.path("/b"), 0755, false);
    List<Command> sent = mkdirs();
    assertThat(sent.get(sent.size() - 1).getSessionId()).isGreaterThan(sent.get(0).getSessionId());
  }

  @Test
  void aRetryInAnExpiredSessionHasAnUnknownOutcome() {
    Namespace namespace = client().namespace();
    AtomicInteger attempts = new AtomicInteger();
    master.instead =
        request -> {
          if (!isMkdir(request)) {
            return null;
          }
          return attempts.incrementAndGet() == 1
              ? code(ErrorCode.UNKNOWN_OUTCOME)
              : code(ErrorCode.SESSION_EXPIRED);
        };
    assertThatThrownBy(() -> namespace.mkdir(Refs.path("/a"), 0755, false))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME));
    assertThat(attempts).hasValue(2);
  }

  @Test
  void theEndOfPatienceSaysWhetherItMayHaveHappened() {
    ClientConfig impatient =
        FakeCluster.config(List.of(master.address())).withRequestTimeout(Duration.ofMillis(300));
    Namespace namespace = cluster.client(impatient).namespace();
    master.instead = request -> isMkdir(request) ? code(ErrorCode.NOT_READY) : null;
    assertThatThrownBy(() -> namespace.mkdir(Refs.path("/a"), 0755, false))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_READY));
    master.instead = request -> isMkdir(request) ? code(ErrorCode.UNKNOWN_OUTCOME) : null;
    assertThatThrownBy(() -> namespace.mkdir(Refs.path("/a"), 0755, false))
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME));
  }

  @Test
  void theSessionIsKeptAliveAndClosed() throws Exception {
    CountDownLatch kept = new CountDownLatch(3);
    master.instead =
        request -> {
          if (request.hasKeepAlive()) {
            kept.countDown();
          }
          return null;
        };
    CurvineClient client = client();
    client.namespace().mkdir(Refs.path("/a"), 0755, false);
    assertThat(kept.await(30, TimeUnit.SECONDS)).isTrue();
    client.close();
    assertThat(master.commands().get(master.commands().size() - 1).hasCloseSession()).isTrue();
  }

  @Test
  void waitsForTheUnderStore() throws IOException {
    master.jobsOfChanges = List.of(7L);
    master.jobs = Map.of(7L, job(7).setFinished(false).build());
    AtomicInteger polls = new AtomicInteger();
    master.after =
        request -> {
          if (request.hasQuery() && polls.incrementAndGet() == 2) {
            master.jobs = Map.of(7L, job(7).setFinished(true).setSucceeded(true).build());
          }
          return null;
        };
    client().namespace().mkdir(Refs.path("/a"), 0755, false);
    assertThat(polls).hasValue(3);
  }

  @Test
  void aRefusalOfTheUnderStoreIsTold() {
    master.jobsOfChanges = List.of(7L);
    master.jobs = Map.of(7L, job(7).setFinished(true).setError("disk is full").build());
    assertThatThrownBy(() -> client().namespace().mkdir(Refs.path("/a"), 0755, false))
        .hasMessageContaining("disk is full")
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UFS_ERROR));
  }

  @Test
  void manyCallsAreOpenWithoutAThreadEachAndStayInTheWindow() {
    Namespace namespace = client().namespace();
    int calls = 3 * Limits.SESSION_WINDOW_MAX_COMMANDS;
    master.after = times(50, MasterCallsTest::isMkdir, code(ErrorCode.UNKNOWN_OUTCOME));
    List<CompletableFuture<CommandResult>> answers = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      answers.add(namespace.submit(mkdir("/d" + i)));
    }
    answers.forEach(CompletableFuture::join);
    assertThat(made()).hasSize(calls + 50);
    List<Command> sent = mkdirs();
    assertThat(sent.stream().map(Command::getSeq).distinct()).hasSize(calls);
    assertThat(sent.stream().map(Command::getSessionId).distinct()).hasSize(1);
    assertThat(sent)
        .allMatch(c -> c.getSeq() - c.getAckedBelow() < Limits.SESSION_WINDOW_MAX_COMMANDS);
  }

  @Test
  void anAnswerWithoutAThreadFailsAsTheOthersDo() {
    Namespace namespace = client().namespace();
    namespace.submit(mkdir("/a")).join();
    assertThatThrownBy(namespace.submit(mkdir("/a"))::join)
        .cause()
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
  }

  @Test
  void theEndOfTheClientEndsWhatIsAskedAgain() throws Exception {
    CountDownLatch asked = new CountDownLatch(2);
    master.instead =
        request -> {
          if (!isMkdir(request)) {
            return null;
          }
          asked.countDown();
          return code(ErrorCode.NOT_READY);
        };
    CurvineClient client = client();
    CompletableFuture<CommandResult> answer = client.namespace().submit(mkdir("/a"));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    client.close();
    assertThatThrownBy(answer::join).hasMessageContaining("the client is closed");
  }

  // --- helpers ---

  private static Command.Builder mkdir(String path) {
    return Command.newBuilder().setMakeDirectory(MakeDirectory.newBuilder().setAt(Refs.path(path)));
  }

  private static JobState.Builder job(long id) {
    return JobState.newBuilder().setJobId(id);
  }

  private CurvineClient client(HostPort... masters) {
    return masters.length == 0
        ? cluster.client()
        : cluster.client(FakeCluster.config(List.of(masters)));
  }

  private List<Command> mkdirs() {
    return master.commands().stream().filter(Command::hasMakeDirectory).toList();
  }

  private List<String> made() {
    return mkdirs().stream()
        .map(c -> c.getMakeDirectory().getAt().getPath().toStringUtf8())
        .toList();
  }

  private static boolean isMkdir(MasterRequest request) {
    return request.getCommand().hasMakeDirectory();
  }

  private static MasterResponse code(ErrorCode code) {
    return FakeMaster.refusal(code, "told to answer " + code);
  }

  private static java.util.function.Function<MasterRequest, MasterResponse> times(
      int count, Predicate<MasterRequest> which, MasterResponse answer) {
    AtomicInteger left = new AtomicInteger(count);
    return request -> which.test(request) && left.getAndDecrement() > 0 ? answer : null;
  }

  private static MasterResponse notLeader(HostPort leader) {
    return MasterResponse.newBuilder()
        .setCode(ErrorCode.NOT_LEADER)
        .setLeaderRpc(leader.toString())
        .build();
  }

  private static RpcServer answering(MasterResponse response) throws IOException {
    return RpcServer.start(
        new HostPort("127.0.0.1", 0), 1, (request, responder) -> responder.respond(response));
  }

  private static RpcServer circle(HostPort[] addresses, int named, AtomicInteger asked)
      throws IOException {
    return RpcServer.start(
        new HostPort("127.0.0.1", 0),
        1,
        (request, responder) -> {
          asked.incrementAndGet();
          responder.respond(notLeader(addresses[named]));
        });
  }

  private static HostPort address(RpcServer server) {
    return new HostPort("127.0.0.1", server.port());
  }
}
