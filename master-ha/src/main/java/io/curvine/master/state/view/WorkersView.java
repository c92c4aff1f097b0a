/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.WorkerRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Workers as they registered. As thread-safe as its reader. */
public final class WorkersView {
  private final KvReader reader;

  WorkersView(KvReader reader) {
    this.reader = reader;
  }

  /** The worker, or null. */
  public WorkerRecord find(int id) {
    return Protos.parse(WorkerRecord.parser(), reader.get(ColumnFamily.WORKERS, Keys.of(id)));
  }

  /** The worker that made this name for itself, or null. */
  public WorkerRecord findByUuid(String uuid) {
    byte[] id = reader.get(ColumnFamily.WORKER_UUIDS, uuid.getBytes(StandardCharsets.UTF_8));
    return id == null ? null : find(Keys.intAt(id, 0));
  }

  public List<WorkerRecord> all() {
    List<WorkerRecord> workers = new ArrayList<>();
    reader.scan(
        ColumnFamily.WORKERS,
        Keys.NOTHING,
        null,
        (key, value) -> workers.add(Protos.parse(WorkerRecord.parser(), value)));
    return workers;
  }
}
