/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
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

  /** What the command gave, or null where it has no recorded result. */
  public CommandResult result(long session, long seq) {
    return Protos.parse(
        CommandResult.parser(), reader.get(ColumnFamily.RESULTS, Keys.of(session, seq)));
  }

  /** Sequence numbers below {@code below} whose results are still kept. */
  public List<Long> resultsBelow(long session, long below) {
    List<Long> found = new ArrayList<>();
    reader.scan(
        ColumnFamily.RESULTS,
        Keys.of(session, ackedBelow(session)),
        Keys.of(session, below),
        (key, value) -> found.add(Keys.longAt(key, 8)));
    return found;
  }

  /** Results of sequence numbers below this are forgotten. */
  public long ackedBelow(long session) {
    byte[] acked = reader.get(ColumnFamily.ACKED, Keys.of(session));
    return acked == null ? 0 : Keys.longAt(acked, 0);
  }

  /** Inodes that the session holds a write lease of. */
  public List<Long> leases(long session) {
    List<Long> found = new ArrayList<>();
    byte[] prefix = Keys.of(session);
    reader.scan(
        ColumnFamily.LEASES,
        prefix,
        Keys.after(prefix),
        (key, value) -> found.add(Keys.longAt(key, 8)));
    return found;
  }

  public List<Long> all() {
    List<Long> found = new ArrayList<>();
    reader.scan(
        ColumnFamily.SESSIONS, Keys.NOTHING, null, (key, value) -> found.add(Keys.longAt(key, 0)));
    return found;
  }
}
