/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.master.apply.ApplyOutcome;
import io.curvine.master.apply.JournalApplier;
import io.curvine.master.command.DecideEngine;
import io.curvine.master.command.Decision;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.ClaimLeadership;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Heartbeat;
import io.curvine.protocol.proto.JobOrder;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.MountMode;
import io.curvine.protocol.proto.MountUfs;
import io.curvine.protocol.proto.OpenSession;
import io.curvine.protocol.proto.PollJobs;
import io.curvine.protocol.proto.PollJobsReply;
import io.curvine.protocol.proto.WritePolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobDispatcherTest {
  @TempDir Path directory;
  private final AtomicLong clock = new AtomicLong();
  private final WorkerRegistry workers =
      new WorkerRegistry(Duration.ofSeconds(10), id -> false, clock::get);
  private JournalLog journal;
  private StateStore store;
  private JournalApplier applier;
  private DecideEngine engine;
  private JobDispatcher jobs;
  private long entry;
  private long session;
  private long seq;

  @BeforeEach
  void open() throws IOException {
    journal = JournalLog.open(directory.resolve("journal"), JournalConfig.defaults());
    store = StateStore.open(directory.resolve("db"), StoreSettings.small(), () -> {});
    applier = new JournalApplier(store, journal);
    engine = new DecideEngine(store, () -> 1);
    QueryEngine queries = new QueryEngine(store, workers, option -> true);
    jobs =
        new JobDispatcher(
            () -> queries,
            workers,
            new JobDispatcher.Patience(
                Duration.ofMinutes(1), Duration.ofSeconds(1), Duration.ofSeconds(4)),
            Runnable::run,
            clock::get);
    decide(
        Command.newBuilder()
            .setClaimLeadership(
                ClaimLeadership.newBuilder().setNodeId("m1").setProposedClusterId("c")));
    session =
        decide(Command.newBuilder().setOpenSession(OpenSession.newBuilder().setClientName("t")))
            .getSessionId();
    decide(
        Command.newBuilder()
            .setMountUfs(
                MountUfs.newBuilder()
                    .setMount(
                        Mount.newBuilder()
                            .setPath("/m")
                            .setUri("file:///x")
                            .setMode(MountMode.FS)
                            .setWritePolicy(WritePolicy.BACK))));
    beat(1, "run-1");
    beat(2, "run-1");
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    journal.close();
  }

  private CommandResult decide(Command.Builder command) throws IOException {
    engine.beginEntry(++entry);
    Command whole = command.setSessionId(session).setSeq(session == 0 ? 0 : ++seq).build();
    Decision decision = engine.decide(whole);
    assertThat(decision).isInstanceOf(Decision.Accepted.class);
    ApplyOutcome outcome = applier.apply(1, entry, engine.seal());
    engine.entryApplied(entry);
    outcome.events().forEach(jobs::observe);
    return ((Decision.Accepted) decision).result();
  }

  private void mkdir(String path) throws IOException {
    decide(
        Command.newBuilder()
            .setMakeDirectory(
                MakeDirectory.newBuilder()
                    .setAt(EntryRef.newBuilder().setPath(ByteString.copyFromUtf8(path)))
                    .setMode(0755)));
  }

  private void finish(long job, boolean succeeded) throws IOException {
    long kept = session;
    session = 0;
    decide(
        Command.newBuilder()
            .setFinishJob(
                FinishJob.newBuilder()
                    .setJobId(job)
                    .setSucceeded(succeeded)
                    .setRetry(!succeeded)
                    .setError(succeeded ? "" : "unreachable")));
    session = kept;
  }

  private void beat(int worker, String incarnation) {
    boolean unused =
        workers.heartbeat(
            Heartbeat.newBuilder().setWorkerId(worker).setIncarnation(incarnation).build());
  }

  private void seconds(int count) {
    clock.addAndGet(TimeUnit.SECONDS.toNanos(count));
    beat(1, "run-1");
    beat(2, "run-1");
    jobs.tick();
  }

  private CompletableFuture<PollJobsReply> poll(int worker, int limit) {
    CompletableFuture<PollJobsReply> reply = new CompletableFuture<>();
    jobs.poll(
        PollJobs.newBuilder().setWorkerId(worker).setLimit(limit).setWaitMs(5_000).build(),
        reply::complete);
    return reply;
  }

  private static List<Long> ids(CompletableFuture<PollJobsReply> reply) {
    assertThat(reply).isDone();
    return reply.join().getJobsList().stream().map(JobOrder::getJob).map(j -> j.getId()).toList();
  }

  @Test
  void aWaitingWorkerGetsAJobWhenThereIsOneAndNobodyElseDoes() throws IOException {
    CompletableFuture<PollJobsReply> first = poll(1, 5);
    assertThat(first).isNotDone();
    mkdir("/m/a");
    assertThat(ids(first)).hasSize(1);
    CompletableFuture<PollJobsReply> second = poll(2, 5);
    assertThat(second).isNotDone();
    seconds(6);
    assertThat(ids(second)).isEmpty();
  }

  @Test
  void aJobBehindAnotherWaitsForItAndOthersDoNot() throws IOException {
    mkdir("/m/a");
    mkdir("/m/a/b");
    mkdir("/m/c");
    List<Long> given = ids(poll(1, 5));
    assertThat(given).hasSize(2);
    CompletableFuture<PollJobsReply> next = poll(2, 5);
    assertThat(next).isNotDone();
    finish(given.get(0), true);
    assertThat(ids(next)).hasSize(1);
  }

  @Test
  void aJobOfADeadOrRestartedWorkerGoesToAnother() throws IOException {
    mkdir("/m/a");
    List<Long> given = ids(poll(1, 1));
    beat(1, "run-2");
    assertThat(ids(poll(2, 1))).isEqualTo(given);
  }

  @Test
  void aFailedJobIsGivenAgainAfterAWhile() throws IOException {
    mkdir("/m/a");
    List<Long> given = ids(poll(1, 1));
    finish(given.get(0), false);
    CompletableFuture<PollJobsReply> again = poll(2, 1);
    assertThat(again).isNotDone();
    seconds(1);
    assertThat(ids(again)).isEqualTo(given);
  }

  @Test
  void aSecondPollOfAWorkerEndsTheFirst() {
    CompletableFuture<PollJobsReply> first = poll(1, 1);
    CompletableFuture<PollJobsReply> second = poll(1, 1);
    assertThat(ids(first)).isEmpty();
    assertThat(second).isNotDone();
    jobs.reset();
    assertThat(ids(second)).isEmpty();
    assertThat(poll(9, 1)).isNotDone();
  }
}
