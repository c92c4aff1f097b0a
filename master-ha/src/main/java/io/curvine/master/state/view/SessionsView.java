/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.Progress;
import io.curvine.protocol.Limits;
import io.curvine.protocol.proto.CommandOutcome;
import io.curvine.protocol.proto.CommandResult;
import java.util.ArrayList;
import java.util.List;

/** Sessions, what their commands gave, and their write leases. As thread-safe as its reader. */
public final class SessionsView {
  private final KvReader reader;

  SessionsView(KvReader reader) {
    this.reader = reader;
  }

  public boolean exists(long session) {
    return reader.get(ColumnFamily.SESSIONS, Keys.of(session)) != null;
  }

  /**
   * What a command gave, or null where no outcome is kept.
   *
   * @param seq of the last {@link Limits#SESSION_WINDOW_MAX_COMMANDS} that the session has used
   */
  public CommandResult result(long session, long seq) {
    if (seq > progress(session).lastSeq()) {
      return null;
    }
    CommandOutcome outcome = reader.get(ColumnFamily.RESULTS, slot(session, seq));
    return outcome == null || outcome.getSeq() != seq ? null : outcome.getResult();
  }

  /** Where the outcome of a command is kept. */
  public static Key slot(long session, long seq) {
    return Keys.of(session, (int) (seq % Limits.SESSION_WINDOW_MAX_COMMANDS));
  }

  /** How far the session is; a session that is not open is at the beginning. */
  public Progress progress(long session) {
    Progress progress = reader.get(ColumnFamily.PROGRESS, Keys.of(session));
    return progress == null ? Progress.NONE : progress;
  }

  /** Inodes that the session holds a write lease of. */
  public List<Long> leases(long session) {
    List<Long> found = new ArrayList<>();
    Key prefix = Keys.of(session);
    reader.scan(
        ColumnFamily.LEASES, prefix, Keys.after(prefix), (key, value) -> found.add(key.longAt(8)));
    return found;
  }

  public List<Long> all() {
    List<Long> found = new ArrayList<>();
    reader.scan(ColumnFamily.SESSIONS, Keys.EMPTY, null, (key, value) -> found.add(key.longAt(0)));
    return found;
  }
}
