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
import java.nio.charset.StandardCharsets;

/** Writes the workers that registered. */
public final class WorkersMutator {
  private final KvWriter writer;
  private final MetaMutator meta;

  WorkersMutator(KvWriter writer, MetaMutator meta) {
    this.writer = writer;
    this.meta = meta;
  }

  public void put(WorkerRecord worker) {
    writer.put(ColumnFamily.WORKERS, Keys.of(worker.getId()), worker.toByteArray());
    writer.put(
        ColumnFamily.WORKER_UUIDS,
        worker.getUuid().getBytes(StandardCharsets.UTF_8),
        Keys.of(worker.getId()));
    meta.raise(Counter.LAST_WORKER, worker.getId());
  }
}
