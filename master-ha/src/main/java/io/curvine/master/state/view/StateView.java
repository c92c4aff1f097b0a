/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.view;

import io.curvine.master.state.KvReader;

/**
 * The state as it can be read, whatever it is read from: the committed state, a snapshot of it, or
 * either with changes over it. As thread-safe as its reader.
 */
public final class StateView {
  private final MetaView meta;
  private final NamespaceView namespace;
  private final SessionsView sessions;
  private final MountsView mounts;
  private final JobsView jobs;
  private final WorkersView workers;
  private final ReapView reap;
  private final GroupsView groups;
  private final FloorsView floors;
  private final SyncView sync;
  private final QuotasView quotas;
  private final PoliciesView policies;

  public StateView(KvReader reader) {
    this.meta = new MetaView(reader);
    this.namespace = new NamespaceView(reader);
    this.sessions = new SessionsView(reader);
    this.mounts = new MountsView(reader, namespace);
    this.jobs = new JobsView(reader);
    this.workers = new WorkersView(reader);
    this.reap = new ReapView(reader, meta);
    this.groups = new GroupsView(reader);
    this.floors = new FloorsView(reader, groups);
    this.sync = new SyncView(reader);
    this.policies = new PoliciesView(reader, meta, namespace);
    this.quotas = new QuotasView(reader, meta, namespace, reap);
  }

  public MetaView meta() {
    return meta;
  }

  public NamespaceView namespace() {
    return namespace;
  }

  public SessionsView sessions() {
    return sessions;
  }

  public MountsView mounts() {
    return mounts;
  }

  public JobsView jobs() {
    return jobs;
  }

  public WorkersView workers() {
    return workers;
  }

  public ReapView reap() {
    return reap;
  }

  public GroupsView groups() {
    return groups;
  }

  public FloorsView floors() {
    return floors;
  }

  public SyncView sync() {
    return sync;
  }

  public QuotasView quotas() {
    return quotas;
  }

  public PoliciesView policies() {
    return policies;
  }

  /**
   * Whether a directory is in a tree that was deleted and is not wholly reaped yet: nothing is made
   * there any more, and no path leads there.
   */
  public boolean isDetached(long directory) {
    return reap.count() > 0 && !namespace.isAttached(directory);
  }

  /** Resolves paths in this state. */
  public PathResolver resolver() {
    return resolver(directory -> {});
  }

  /** Resolves paths in this state, as far as a guard allows. */
  public PathResolver resolver(PathResolver.Guard guard) {
    return new PathResolver(this, guard);
  }
}
