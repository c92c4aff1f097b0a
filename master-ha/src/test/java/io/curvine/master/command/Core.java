/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.journal.JournalConfig;
import io.curvine.journal.JournalLog;
import io.curvine.master.apply.ApplyOutcome;
import io.curvine.master.apply.JournalApplier;
import io.curvine.master.apply.SealedEntry;
import io.curvine.master.state.view.StateView;
import io.curvine.master.store.StateStore;
import io.curvine.master.store.StoreSettings;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.proto.ClaimLeadership;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.EntryRef;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.OpenSession;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

/** The core of a master without Raft: what is sealed is applied at once, or when a test says so. */
final class Core implements AutoCloseable {
  /** So many of the newest commands may be asked again. */
  static final int UNSEEN_RESULTS = 1_000;

  private final Path directory;
  private final Consumer<SealedEntry> log;
  private StateStore store;
  private JournalLog journal;
  private JournalApplier applier;
  private DecideEngine engine;
  private long clock = 1_000;
  private long entryId;
  private long raftIndex;
  private long session;
  private long seq;

  Core(Path directory) throws IOException {
    this(directory, entry -> {});
  }

  /**
   * @param log takes every entry in the order of the log
   */
  Core(Path directory, Consumer<SealedEntry> log) throws IOException {
    this.directory = directory;
    this.log = log;
    open();
    lead();
    session =
        accepted(
                Command.newBuilder().setOpenSession(OpenSession.newBuilder().setClientName("test")))
            .getSessionId();
  }

  private void open() throws IOException {
    journal = JournalLog.open(directory.resolve("journal"), JournalConfig.defaults());
    store = StateStore.open(directory.resolve("db"), StoreSettings.small(), this::flushJournal);
    applier = new JournalApplier(store, journal);
    engine = new DecideEngine(store, () -> ++clock);
    raftIndex = applier.appliedIndex();
  }

  private void flushJournal() {
    try {
      journal.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins a leadership. */
  void lead() {
    engine.reset();
    engine.beginEntry(++entryId);
    engine.decide(
        Command.newBuilder()
            .setClaimLeadership(
                ClaimLeadership.newBuilder().setNodeId("m1").setProposedClusterId("cluster"))
            .build());
    apply(engine.seal());
  }

  /** Lets time go by. */
  void pass(Duration time) {
    clock += time.toNanos();
  }

  /** What the next command is decided after. */
  long nowNanos() {
    return clock;
  }

  /** Closes and opens what is on disk, then leads again. */
  void restart() throws IOException {
    store.close();
    journal.close();
    open();
    lead();
  }

  /** Decides in an entry of its own and applies that. */
  Decision run(Command.Builder command) {
    engine.beginEntry(++entryId);
    Decision decision = engine.decide(numbered(command));
    SealedEntry entry = engine.seal();
    if (entry != null) {
      apply(entry);
    }
    return decision;
  }

  /** Adds session and sequence number where the command has none. */
  Command numbered(Command.Builder command) {
    if (Deciders.needsSession(command.buildPartial()) && command.getSeq() == 0) {
      command.setSessionId(session).setSeq(++seq).setAckedBelow(Math.max(1, seq - UNSEEN_RESULTS));
    }
    return command.build();
  }

  /** A file whose bytes are at worker 1 already, under the next number. */
  Command written(String path, int length) {
    Command.Builder create = numbered(Ask.create(path)).toBuilder();
    create
        .getCreateFileBuilder()
        .getContentBuilder()
        .setInode(InodeNumbers.ofCommand(create.getSessionId(), create.getSeq()))
        .setLengthBytes(length)
        .addWorkerIds(1);
    return create.build();
  }

  ApplyOutcome apply(SealedEntry entry) {
    try {
      log.accept(entry);
      ApplyOutcome outcome = applier.apply(1, ++raftIndex, entry);
      if (outcome.applied()) {
        engine.entryApplied(entry.id());
      }
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CommandResult accepted(Command.Builder command) {
    Decision decision = run(command);
    if (decision instanceof Decision.Accepted accepted) {
      return accepted.result();
    }
    throw new AssertionError("not accepted: " + decision + " for " + command);
  }

  Decision.Refused refused(Command.Builder command) {
    long before = applier.nextOffset();
    Decision decision = run(command);
    if (decision instanceof Decision.Refused refused && applier.nextOffset() == before) {
      return refused;
    }
    throw new AssertionError("not refused, or changed something: " + decision);
  }

  Inode at(String path) {
    try {
      return view().resolver().entry(ref(path), false);
    } catch (io.curvine.master.state.view.Refused | io.curvine.master.state.view.NeedsUfs e) {
      throw new AssertionError(path + ": " + e.getMessage(), e);
    }
  }

  /** Names in a directory. */
  int names(String path) {
    int[] count = {0};
    view()
        .namespace()
        .children(
            at(path).getId(),
            ByteString.EMPTY,
            (name, inode) -> {
              count[0]++;
              return true;
            });
    return count[0];
  }

  StateView view() {
    return store.view();
  }

  StateStore store() {
    return store;
  }

  JournalLog journal() {
    return journal;
  }

  JournalApplier applier() {
    return applier;
  }

  DecideEngine engine() {
    return engine;
  }

  long nextEntryId() {
    return ++entryId;
  }

  long session() {
    return session;
  }

  static EntryRef ref(String path) {
    return EntryRef.newBuilder().setPath(ByteString.copyFromUtf8(path)).build();
  }

  @Override
  public void close() throws IOException {
    store.close();
    journal.close();
  }
}
