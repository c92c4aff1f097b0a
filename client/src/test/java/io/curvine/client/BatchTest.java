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
import io.curvine.protocol.proto.CommandBatch;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.MasterResponse;
import io.curvine.protocol.rpc.RpcServer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchTest {
  private FakeCluster cluster;
  private FakeMaster master;
  private Namespace namespace;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(0);
    master = cluster.master;
    namespace = cluster.client().namespace();
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  private Batch files(String prefix, int count) throws IOException {
    Batch batch = namespace.batch();
    for (int i = 0; i < count; i++) {
      batch.createEmpty(Refs.path(prefix + i), 0640);
    }
    return batch;
  }

  private List<CommandBatch> batches() {
    return master.batches();
  }

  private static MasterResponse code(ErrorCode code) {
    return FakeMaster.refusal(code, "told to answer " + code);
  }

  /** These answers in turn to batches, and then the real ones. */
  private void answerBatches(MasterResponse... answers) {
    AtomicInteger asked = new AtomicInteger();
    master.instead =
        request -> {
          if (!request.hasCommandBatch()) {
            return null;
          }
          int turn = asked.getAndIncrement();
          return turn < answers.length ? answers[turn] : null;
        };
  }

  @Test
  void eachChangeHasItsOutcomeInOrder() throws IOException {
    List<Outcome> outcomes =
        namespace
            .batch()
            .createEmpty(Refs.path("/a"), 0640)
            .createEmpty(Refs.path("/a"), 0640)
            .makeDirectory(Refs.path("/d"), 0755)
            .delete(Refs.path("/a"), InodeType.FILE, false)
            .delete(Refs.path("/a"), InodeType.FILE, false)
            .run();
    assertThat(outcomes)
        .extracting(Outcome::code)
        .containsExactly(
            ErrorCode.OK,
            ErrorCode.ALREADY_EXISTS,
            ErrorCode.OK,
            ErrorCode.OK,
            ErrorCode.NOT_FOUND);
    assertThat(outcomes.get(0).orThrow().getType()).isEqualTo(InodeType.FILE);
    assertThat(outcomes.get(2).inode().getType()).isEqualTo(InodeType.DIRECTORY);
    assertThatThrownBy(outcomes.get(1)::orThrow)
        .hasMessage("refused with ALREADY_EXISTS")
        .isInstanceOfSatisfying(
            CurvineException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_EXISTS));
    assertThat(batches()).hasSize(1);
    CommandBatch sent = batches().get(0);
    assertThat(sent.getFirstSeq()).isEqualTo(1);
    assertThat(sent.getPrincipal().getUser()).isNotEmpty();
    assertThat(sent.getCommands(0).getCreateFile().getComplete()).isTrue();
    assertThat(sent.getCommandsList()).noneMatch(Command::hasPrincipal);
  }

  @Test
  void aRetryRepeatsTheNumbersOfAllAndTakesEffectOnce() throws IOException {
    MasterResponse elsewhere =
        MasterResponse.newBuilder()
            .setCode(ErrorCode.NOT_LEADER)
            .setLeaderRpc(master.address().toString())
            .build();
    AtomicInteger lost = new AtomicInteger(2);
    master.after =
        request ->
            request.hasCommandBatch() && lost.getAndDecrement() > 0
                ? code(ErrorCode.UNKNOWN_OUTCOME)
                : null;
    List<Outcome> outcomes;
    try (RpcServer follower =
        RpcServer.start(
            new HostPort("127.0.0.1", 0),
            1,
            (request, responder) -> responder.respond(elsewhere))) {
      var address = new HostPort("127.0.0.1", follower.port());
      namespace =
          cluster.client(FakeCluster.config(List.of(address, master.address()))).namespace();
      namespace.mkdir(Refs.path("/before"), 0755, false);
      outcomes = files("/f", 3).run();
      namespace.mkdir(Refs.path("/after"), 0755, false);
    }
    assertThat(outcomes).allMatch(Outcome::ok);
    assertThat(batches()).hasSize(3);
    assertThat(batches()).allMatch(batch -> batch.getFirstSeq() == 2 && batch.getAckedBelow() == 2);
    assertThat(batches()).extracting(CommandBatch::getSessionId).containsOnly(1L);
    List<Command> single = master.commands();
    assertThat(single.get(single.size() - 1).getSeq()).isEqualTo(5);
    assertThat(single.get(single.size() - 1).getAckedBelow()).isEqualTo(5);
  }

  @Test
  void moreThanARequestHoldsGoesInSeveralOneAfterTheOther() throws IOException {
    int count = 2 * Limits.BATCH_MAX_COMMANDS + 1;
    List<Outcome> outcomes = files("/f", count).run();
    assertThat(outcomes).hasSize(count).allMatch(Outcome::ok);
    assertThat(outcomes).extracting(outcome -> outcome.inode().getId()).isSorted();
    assertThat(batches())
        .extracting(CommandBatch::getCommandsCount)
        .containsExactly(Limits.BATCH_MAX_COMMANDS, Limits.BATCH_MAX_COMMANDS, 1);
    assertThat(batches()).extracting(CommandBatch::getFirstSeq).containsExactly(1L, 1001L, 2001L);
    assertThat(batches()).extracting(CommandBatch::getAckedBelow).containsExactly(1L, 1001L, 2001L);
  }

  @Test
  void batchesAndSingleChangesShareTheWindow() throws IOException {
    int calls = 20;
    List<CompletableFuture<List<Outcome>>> batches = new ArrayList<>();
    List<CompletableFuture<?>> singles = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      batches.add(files("/b" + i + "-", Limits.BATCH_MAX_COMMANDS).submit());
      singles.add(
          namespace.submit(
              Command.newBuilder()
                  .setMakeDirectory(MakeDirectory.newBuilder().setAt(Refs.path("/s" + i)))));
    }
    batches.forEach(batch -> assertThat(batch.join()).allMatch(Outcome::ok));
    singles.forEach(CompletableFuture::join);
    // On a busy machine one can be sent twice.
    assertThat(batches().stream().map(CommandBatch::getFirstSeq).distinct()).hasSize(calls);
    assertThat(batches())
        .allMatch(
            batch ->
                batch.getFirstSeq() + batch.getCommandsCount() - batch.getAckedBelow()
                    <= Limits.SESSION_WINDOW_MAX_COMMANDS);
  }

  @Test
  void wrongChangesAreRefusedWithTheirPlaceBeforeAnythingIsSent() throws IOException {
    Batch batch = files("/f", 7);
    assertThatThrownBy(() -> batch.createEmpty(Refs.path("f"), 0644))
        .hasMessage(
            "change 7 of the batch: file 'f' is not absolute; allowed: a path that begins with '/'");
    assertThatThrownBy(() -> batch.makeDirectory(Refs.path("/d"), 010000))
        .hasMessage("change 7 of the batch: mode is 010000; allowed: 0 to 07777");
    assertThatThrownBy(() -> batch.delete(Refs.inode(5), InodeType.FILE, false))
        .hasMessageStartingWith("change 7 of the batch: entry is an inode number");
    assertThatThrownBy(() -> batch.setAttributes(Refs.path("/f"), AttributeChange.none()))
        .hasMessage("change 7 of the batch: no attribute is named; allowed: at least one");
    assertThatThrownBy(() -> batch.rename(Refs.path("/f"), Refs.inode(5), true))
        .hasMessageStartingWith("change 7 of the batch: target is an inode number");
    assertThat(batch.size()).isEqualTo(7);
    assertThat(batches()).isEmpty();
    assertThat(namespace.batch().run()).isEmpty();
    assertThat(batches()).isEmpty();
  }

  @Test
  void anExpiredSessionIsReplacedWhereNoneWasDone() throws IOException {
    namespace.mkdir(Refs.path("/a"), 0755, false);
    master.expireSessions();
    assertThat(files("/f", 3).run()).allMatch(Outcome::ok);
    assertThat(batches()).extracting(CommandBatch::getSessionId).containsExactly(1L, 2L);
  }

  @Test
  void anExpiredSessionLeavesItOpenWhereSomeMayHaveBeenDone() throws IOException {
    MasterResponse busy =
        code(ErrorCode.BUSY).toBuilder().setRetryAfterMs(1).setInPart(true).build();
    answerBatches(busy, code(ErrorCode.SESSION_EXPIRED));
    List<Outcome> outcomes = files("/f", 2).run();
    assertThat(outcomes)
        .hasSize(2)
        .allMatch(outcome -> outcome.code() == ErrorCode.UNKNOWN_OUTCOME)
        .allMatch(outcome -> outcome.message().contains("a batch of 2 commands"));
    assertThat(batches()).hasSize(2);
  }

  @Test
  void whatWasAnsweredIsKeptWhereALaterRequestFails() throws IOException {
    namespace =
        cluster
            .client(
                FakeCluster.config(List.of(master.address()))
                    .withRequestTimeout(Duration.ofMillis(300)))
            .namespace();
    AtomicInteger asked = new AtomicInteger();
    master.instead =
        request ->
            request.hasCommandBatch() && asked.getAndIncrement() > 0
                ? code(ErrorCode.UNKNOWN_OUTCOME)
                : null;
    int size = Limits.BATCH_MAX_COMMANDS;
    List<Outcome> outcomes = files("/f", 2 * size + 5).run();
    assertThat(outcomes.subList(0, size)).allMatch(Outcome::ok);
    assertThat(outcomes.subList(size, 2 * size))
        .allMatch(outcome -> outcome.code() == ErrorCode.UNKNOWN_OUTCOME)
        .allMatch(outcome -> outcome.message().contains("a batch of 1000 commands"));
    assertThat(outcomes.subList(2 * size, 2 * size + 5))
        .allMatch(outcome -> outcome.code() == ErrorCode.NOT_READY)
        .allMatch(outcome -> outcome.message().startsWith("not sent"));
  }

  @Test
  void aMasterThatLosesAnAnswerIsNotBelieved() throws IOException {
    answerBatches(MasterResponse.getDefaultInstance());
    assertThat(files("/f", 1).run().get(0).message())
        .isEqualTo("the master gave 0 answers to a batch of 1 commands; allowed: one each");
  }

  @Test
  void theUnderStoreIsWaitedForAndItsRefusalBelongsToItsChange() throws IOException {
    JobState done = JobState.newBuilder().setJobId(7).setFinished(true).setSucceeded(true).build();
    JobState refused =
        JobState.newBuilder().setJobId(8).setFinished(true).setError("disk is full").build();
    master.jobs = Map.of(7L, done.toBuilder().setFinished(false).build(), 8L, refused);
    AtomicInteger polls = new AtomicInteger();
    master.after =
        request -> {
          if (request.hasQuery() && polls.incrementAndGet() == 2) {
            master.jobs = Map.of(7L, done, 8L, refused);
          }
          return null;
        };
    master.jobsOfChanges = List.of(7L);
    List<Outcome> fine = namespace.batch().makeDirectory(Refs.path("/a"), 0755).run();
    assertThat(polls).hasValue(3);
    assertThat(fine).allMatch(Outcome::ok);
    master.jobsOfChanges = List.of(7L, 8L);
    List<Outcome> both =
        namespace
            .batch()
            .makeDirectory(Refs.path("/b"), 0755)
            .makeDirectory(Refs.path("/b"), 0755)
            .run();
    assertThat(both.get(0).code()).isEqualTo(ErrorCode.UFS_ERROR);
    assertThat(both.get(0).message()).contains("job 8").contains("disk is full");
    assertThat(both.get(0).inode().getId()).isPositive();
    assertThat(both.get(1).code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
  }
}
