/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.Progress;
import io.curvine.master.state.view.SessionsView;
import io.curvine.protocol.proto.CommandOutcome;
import io.curvine.protocol.proto.OpenSession;

/** Writes sessions and the results that their retries get. */
public final class SessionsMutator {
  private final KvWriter writer;
  private final SessionsView view;
  private final MetaMutator meta;

  SessionsMutator(KvWriter writer, SessionsView view, MetaMutator meta) {
    this.writer = writer;
    this.view = view;
    this.meta = meta;
  }

  public void open(long session, String clientName) {
    writer.put(
        ColumnFamily.SESSIONS,
        Keys.of(session),
        OpenSession.newBuilder().setClientName(clientName).build());
    meta.raise(Counter.LAST_SESSION, session);
  }

  /** Forgets the session with its results. */
  public void close(long session) {
    if (!view.exists(session)) {
      throw new IllegalStateException("session " + session + " is not open");
    }
    if (view.progress(session).lastSeq() > 0) {
      writer.deleteRange(ColumnFamily.RESULTS, Keys.of(session), Keys.after(Keys.of(session)));
      writer.delete(ColumnFamily.PROGRESS, Keys.of(session));
    }
    writer.delete(ColumnFamily.SESSIONS, Keys.of(session));
  }

  /** Keeps what a command gave, where its session still is. */
  public void record(CommandOutcome outcome) {
    long session = outcome.getSessionId();
    if (!view.exists(session)) {
      return;
    }
    writer.put(ColumnFamily.RESULTS, SessionsView.slot(session, outcome.getSeq()), outcome);
    Progress before = view.progress(session);
    writer.put(
        ColumnFamily.PROGRESS,
        Keys.of(session),
        new Progress(
            Math.max(before.ackedBelow(), outcome.getAckedBelow()),
            Math.max(before.lastSeq(), outcome.getSeq())));
  }
}
