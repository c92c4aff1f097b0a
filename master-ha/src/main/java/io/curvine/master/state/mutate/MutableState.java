/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import io.curvine.master.state.Counter;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.StateView;

/**
 * The state as appliers change it: reads see what was written. Only appliers may use this package.
 * Not thread-safe.
 */
public final class MutableState {
  private final StateView view;
  private final MetaMutator meta;
  private final QuotasMutator quotas;
  private final PoliciesMutator policies;
  private final NamespaceMutator namespace;
  private final SessionsMutator sessions;
  private final MountsMutator mounts;
  private final JobsMutator jobs;
  private final WorkersMutator workers;
  private final ReapMutator reap;
  private final GroupsMutator groups;
  private final FloorsMutator floors;
  private final SyncMutator sync;
  private final RowsMutator rows;

  public MutableState(Overlay overlay) {
    this.view = new StateView(overlay);
    this.meta = new MetaMutator(overlay, view.meta());
    this.quotas = new QuotasMutator(overlay, view.quotas(), meta);
    this.policies = new PoliciesMutator(overlay, view.policies(), meta);
    this.namespace = new NamespaceMutator(overlay, view.namespace(), meta, quotas, policies);
    this.sessions = new SessionsMutator(overlay, view.sessions(), meta);
    this.mounts = new MountsMutator(overlay, meta);
    this.jobs = new JobsMutator(overlay, view.jobs(), meta);
    this.workers = new WorkersMutator(overlay, meta);
    this.reap = new ReapMutator(overlay, view.reap(), meta);
    this.groups = new GroupsMutator(overlay);
    this.floors = new FloorsMutator(overlay);
    this.sync = new SyncMutator(overlay);
    this.rows = new RowsMutator(overlay);
  }

  public StateView view() {
    return view;
  }

  public MetaMutator meta() {
    return meta;
  }

  public NamespaceMutator namespace() {
    return namespace;
  }

  public SessionsMutator sessions() {
    return sessions;
  }

  public MountsMutator mounts() {
    return mounts;
  }

  public JobsMutator jobs() {
    return jobs;
  }

  public WorkersMutator workers() {
    return workers;
  }

  public ReapMutator reap() {
    return reap;
  }

  public GroupsMutator groups() {
    return groups;
  }

  public FloorsMutator floors() {
    return floors;
  }

  public SyncMutator sync() {
    return sync;
  }

  public PoliciesMutator policies() {
    return policies;
  }

  public QuotasMutator quotas() {
    return quotas;
  }

  public RowsMutator rows() {
    return rows;
  }

  /** Passes over events that are lost; the state is as if they had changed nothing. */
  public void skipped(long events) {
    meta.add(Counter.NEXT_OFFSET, events);
  }

  /** Counts one event: its offset and its time. */
  public void passed(long timeNanos) {
    meta.add(Counter.NEXT_OFFSET, 1);
    meta.raise(Counter.LAST_TIME_NANOS, timeNanos);
  }
}
