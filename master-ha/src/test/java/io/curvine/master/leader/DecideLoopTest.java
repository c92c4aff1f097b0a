/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.leader;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.master.apply.JournalApplier;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.command.DecideEngine;
import io.curvine.master.raft.Consensus;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.JournalEntry;
import io.curvine.protocol.proto.MakeDirectory;
import io.curvine.protocol.proto.OpenSession;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loop against a Raft that does what the test says, one entry at a time. */
@Timeout(60)
class DecideLoopTest {
  private record Proposed(JournalEntry entry, Object known, CompletableFuture<Void> done) {}

  private static final class HandRaft implements Consensus {
    private final BlockingQueue<Proposed> proposed = new LinkedBlockingQueue<>();
    private final BlockingQueue<CompletableFuture<Void>> gates = new LinkedBlockingQueue<>();
    private volatile long term;

    @Override
    public CompletableFuture<Void> submit(byte[] entry, Object known) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      try {
        proposed.add(new Proposed(JournalEntry.parseFrom(entry), known, done));
      } catch (InvalidProtocolBufferException e) {
        throw new UncheckedIOException(e);
      }
      return done;
    }

    @Override
    public CompletableFuture<Void> readGate() {
      CompletableFuture<Void> gate = new CompletableFuture<>();
      gates.add(gate);
      return gate;
    }

    @Override
    public long leadingTerm() {
      return term;
    }
  }

  @TempDir Path directory;
  private final HandRaft raft = new HandRaft();
  private final AtomicLong clock = new AtomicLong(1);
  private final BlockingQueue<Boolean> leadership = new LinkedBlockingQueue<>();
  private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
  private JournalLog journal;
  private StateStore store;
  private JournalApplier applier;
  private DecideLoop loop;
  private long index;

  @BeforeEach
  void open() throws IOException {
    journal = JournalLog.open(directory.resolve("journal"), JournalConfig.defaults());
    store = StateStore.open(directory.resolve("db"), StoreSettings.small(), () -> {});
    applier = new JournalApplier(store, journal);
    loop =
        new DecideLoop(
            "m1",
            new DecideLoop.Limits(16, 4, 1 << 20),
            new DecideLoop.Partners(
                raft,
                () -> new DecideEngine(store, clock::incrementAndGet),
                command -> command,
                directories -> CompletableFuture.completedFuture(null),
                leadership::add,
                failed::complete),
            new DecideMetrics(new SimpleMeterRegistry()));
    loop.start();
  }

  @AfterEach
  void close() throws IOException {
    loop.close();
    store.close();
    journal.close();
    assertThat(failed).isNotDone();
  }

  private Proposed next() throws InterruptedException {
    Proposed next = raft.proposed.poll(20, TimeUnit.SECONDS);
    assertThat(next).as("a proposal").isNotNull();
    return next;
  }

  private void apply(Proposed proposed) throws IOException {
    JournalEntry entry = proposed.entry;
    SealedEntry sealed =
        proposed.known == null ? SealedEntry.fromLog(entry) : (SealedEntry) proposed.known;
    loop.applied(entry.getEntryId(), applier.apply(raft.term, ++index, sealed));
    proposed.done.complete(null);
  }

  private void lead(long term) throws InterruptedException, IOException {
    raft.term = term;
    loop.wake();
    Proposed claim = next();
    assertThat(SealedEntry.fromLog(claim.entry).events())
        .anyMatch(stored -> stored.event().hasLeadershipClaimed());
    apply(claim);
    assertThat(leadership.poll(20, TimeUnit.SECONDS)).isTrue();
  }

  private CompletableFuture<Reply> ask(Command.Builder command) {
    return loop.propose(command.build());
  }

  private CompletableFuture<Reply> mkdir(long session, long seq, String path) {
    return ask(
        Command.newBuilder()
            .setSessionId(session)
            .setSeq(seq)
            .setMakeDirectory(
                MakeDirectory.newBuilder()
                    .setAt(EntryRef.newBuilder().setPath(ByteString.copyFromUtf8(path)))
                    .setMode(0755)));
  }

  private long openSession() throws InterruptedException, IOException {
    CompletableFuture<Reply> opened =
        ask(Command.newBuilder().setOpenSession(OpenSession.newBuilder().setClientName("t")));
    apply(next());
    return opened.join().result().getSessionId();
  }

  @Test
  void answersWhenTheEntryIsAppliedAndGathersTheNextMeanwhile() throws Exception {
    assertThat(mkdir(1, 1, "/a").join().code()).isEqualTo(ErrorCode.NOT_LEADER);
    lead(1);
    long session = openSession();
    CompletableFuture<Reply> first = mkdir(session, 1, "/a");
    Proposed entry = next();
    CompletableFuture<Reply> below = mkdir(session, 2, "/a/b");
    CompletableFuture<Reply> again = mkdir(session, 3, "/a");
    assertThat(first).isNotDone();
    apply(entry);
    assertThat(first.join().code()).isEqualTo(ErrorCode.OK);
    Proposed second = next();
    assertThat(below).isNotDone();
    assertThat(again).as("a refusal waits too").isNotDone();
    apply(second);
    assertThat(below.join().code()).isEqualTo(ErrorCode.OK);
    Reply refused = again.join();
    assertThat(refused.code()).isEqualTo(ErrorCode.ALREADY_EXISTS);
  }

  @Test
  void aRefusalAloneWaitsForTheReadGate() throws Exception {
    lead(1);
    long session = openSession();
    CompletableFuture<Reply> refused = mkdir(session, 1, "/x/y");
    CompletableFuture<Void> gate = raft.gates.poll(20, TimeUnit.SECONDS);
    assertThat(gate).isNotNull();
    assertThat(refused).isNotDone();
    gate.complete(null);
    assertThat(refused.join().code()).isEqualTo(ErrorCode.NOT_FOUND);
    CompletableFuture<Reply> deposed = mkdir(session, 2, "/x/y");
    gate = raft.gates.poll(20, TimeUnit.SECONDS);
    raft.term = 2;
    gate.complete(null);
    assertThat(deposed.join().code()).isEqualTo(ErrorCode.NOT_LEADER);
    apply(next());
  }

  @Test
  void aVoidOrLostEntryIsAnUnknownOutcomeAndTheLeadershipIsClaimedAnew() throws Exception {
    lead(1);
    long session = openSession();
    CompletableFuture<Reply> lost = mkdir(session, 1, "/a");
    next().done.completeExceptionally(new IOException("no majority"));
    assertThat(lost.join().code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    assertThat(leadership.poll(20, TimeUnit.SECONDS)).isFalse();
    CompletableFuture<Reply> retried = mkdir(session, 1, "/a");
    apply(next());
    assertThat(leadership.poll(20, TimeUnit.SECONDS)).isTrue();
    Proposed entry = next();
    // Another leadership has come in between: the entry does not fit any more.
    Proposed stale = new Proposed(entry.entry.toBuilder().setEpoch(99).build(), null, entry.done);
    apply(stale);
    assertThat(retried.join().code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    apply(next());
    CompletableFuture<Reply> third = mkdir(session, 1, "/a");
    apply(next());
    assertThat(third.join().code()).isEqualTo(ErrorCode.OK);
  }

  @Test
  void aFullQueueIsBusyAndALostLeadershipEmptiesIt() throws Exception {
    lead(1);
    long session = openSession();
    CompletableFuture<Reply> flying = mkdir(session, 1, "/f");
    next();
    CompletableFuture<?>[] many = new CompletableFuture<?>[30];
    for (int i = 0; i < many.length; i++) {
      many[i] = mkdir(session, 2 + i, "/d" + i);
    }
    long busy = 0;
    for (CompletableFuture<?> each : many) {
      if (each.isDone() && ((Reply) each.join()).code() == ErrorCode.BUSY) {
        busy++;
      }
    }
    // The queue takes 16, the open entry up to 4 of them.
    assertThat(busy).isBetween(10L, 14L);
    raft.term = 0;
    loop.wake();
    assertThat(flying.join().code()).isEqualTo(ErrorCode.UNKNOWN_OUTCOME);
    for (CompletableFuture<?> each : many) {
      assertThat(((Reply) each.join()).code()).isIn(ErrorCode.BUSY, ErrorCode.NOT_LEADER);
    }
  }
}
