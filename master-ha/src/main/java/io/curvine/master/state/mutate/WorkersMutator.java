/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvWriter;
import io.curvine.protocol.proto.WorkerRecord;

/** Writes which workers have registered. */
public final class WorkersMutator {
  private final KvWriter writer;
  private final MetaMutator meta;

  WorkersMutator(KvWriter writer, MetaMutator meta) {
    this.writer = writer;
    this.meta = meta;
  }

  public void put(WorkerRecord worker) {
    writer.put(ColumnFamily.WORKERS, Keys.of(worker.getId()), worker);
    writer.put(ColumnFamily.WORKER_UUIDS, Keys.of(worker.getUuid()), worker.getId());
    meta.raise(Counter.LAST_WORKER, worker.getId());
  }

  /** Its id is not given to another. */
  public void remove(WorkerRecord worker) {
    writer.delete(ColumnFamily.WORKERS, Keys.of(worker.getId()));
    writer.delete(ColumnFamily.WORKER_UUIDS, Keys.of(worker.getUuid()));
  }
}
