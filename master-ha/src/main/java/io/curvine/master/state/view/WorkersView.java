/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.protocol.proto.WorkerRecord;
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
    return reader.get(ColumnFamily.WORKERS, Keys.of(id));
  }

  /** The worker that made this name for itself, or null. */
  public WorkerRecord findByUuid(String uuid) {
    Integer id = reader.get(ColumnFamily.WORKER_UUIDS, Keys.of(uuid));
    return id == null ? null : find(id);
  }

  public List<WorkerRecord> all() {
    List<WorkerRecord> workers = new ArrayList<>();
    reader.scan(ColumnFamily.WORKERS, Keys.EMPTY, null, (key, worker) -> workers.add(worker));
    return workers;
  }
}
