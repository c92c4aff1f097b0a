/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.view.SessionsView;
import io.curvine.protocol.proto.CommandResult;
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
        OpenSession.newBuilder().setClientName(clientName).build().toByteArray());
    meta.raise(Counter.LAST_SESSION, session);
  }

  /** Forgets the session with its results. */
  public void close(long session) {
    if (!view.exists(session)) {
      throw new IllegalStateException("session " + session + " is not open");
    }
    deleteResults(session, Long.MAX_VALUE);
    writer.delete(ColumnFamily.ACKED, Keys.of(session));
    writer.delete(ColumnFamily.SESSIONS, Keys.of(session));
  }

  /** Keeps what a command gave, where its session still is. */
  public void record(long session, long seq, CommandResult result) {
    if (view.exists(session)) {
      writer.put(ColumnFamily.RESULTS, Keys.of(session, seq), result.toByteArray());
    }
  }

  /** Forgets the results of sequence numbers below. */
  public void forgetResults(long session, long below) {
    if (below <= view.ackedBelow(session) || !view.exists(session)) {
      return;
    }
    deleteResults(session, below);
    writer.put(ColumnFamily.ACKED, Keys.of(session), Keys.of(below));
  }

  private void deleteResults(long session, long below) {
    for (long seq : view.resultsBelow(session, below)) {
      writer.delete(ColumnFamily.RESULTS, Keys.of(session, seq));
    }
  }
}
