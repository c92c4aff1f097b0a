/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.Counter;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.view.FloorsView;
import io.curvine.master.state.view.GroupsView;
import io.curvine.master.state.view.JobTarget;
import io.curvine.master.state.view.JobsView;
import io.curvine.master.state.view.MetaView;
import io.curvine.master.state.view.MountsView;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.PathResolver;
import io.curvine.master.state.view.PoliciesView;
import io.curvine.master.state.view.QuotasView;
import io.curvine.master.state.view.ReapView;
import io.curvine.master.state.view.SessionsView;
import io.curvine.master.state.view.StateView;
import io.curvine.master.state.view.SyncView;
import io.curvine.master.state.view.WorkersView;
import io.curvine.protocol.InodeNumbers;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.Principal;
import io.curvine.protocol.proto.WritePolicy;
import java.util.ArrayList;
import java.util.List;

/**
 * What a decider decides on, and where it puts what it decided. Made for one command; gives out the
 * numbers that its events will have.
 */
final class Context {
  private final KvReader rows;
  private final StateView state;
  private final long nowNanos;
  private final long sessionId;
  private final long seq;
  private final Principal principal;
  private final List<Event.Builder> events = new ArrayList<>();
  private final CommandResult.Builder result = CommandResult.newBuilder();
  private long inodesGiven;
  private long jobsGiven;
  private boolean entryRequired;

  /**
   * @param rows what the state's parts are read from
   * @param command who asks, and with which number
   */
  Context(KvReader rows, StateView state, long nowNanos, Command command) {
    this.rows = rows;
    this.state = state;
    this.nowNanos = nowNanos;
    this.sessionId = command.getSessionId();
    this.seq = command.getSeq();
    this.principal = command.getPrincipal();
  }

  /** All of it, row by row. */
  KvReader rows() {
    return rows;
  }

  NamespaceView namespace() {
    return state.namespace();
  }

  MountsView mounts() {
    return state.mounts();
  }

  JobsView jobs() {
    return state.jobs();
  }

  SessionsView sessions() {
    return state.sessions();
  }

  WorkersView workers() {
    return state.workers();
  }

  MetaView meta() {
    return state.meta();
  }

  ReapView reap() {
    return state.reap();
  }

  GroupsView groups() {
    return state.groups();
  }

  FloorsView floors() {
    return state.floors();
  }

  SyncView sync() {
    return state.sync();
  }

  PoliciesView policies() {
    return state.policies();
  }

  QuotasView quotas() {
    return state.quotas();
  }

  /** Which name of its file a job is for. */
  JobTarget target(Job job, Inode file, Mount mount) {
    return JobTarget.of(job, file, mount, state);
  }

  /** Whether a directory is in a tree that was deleted. */
  boolean isDetached(long directory) {
    return state.isDetached(directory);
  }

  PathResolver resolver() {
    return state.resolver();
  }

  long nowNanos() {
    return nowNanos;
  }

  long sessionId() {
    return sessionId;
  }

  /** The number of the file that this command creates where it says so itself. */
  long inodeOfCommand() {
    return InodeNumbers.ofCommand(sessionId, seq);
  }

  Principal principal() {
    return principal;
  }

  /** An inode number that was never given. */
  long newInode() {
    return meta().get(Counter.LAST_INODE) + ++inodesGiven;
  }

  /** A number of a job, or of a job on a tree, that was never given. */
  long newJob() {
    return meta().get(Counter.LAST_JOB) + ++jobsGiven;
  }

  /**
   * A version for content that the next event makes: one more than its offset, so it is never given
   * twice and grows.
   */
  long newVersion() {
    return nextOffset() + 1;
  }

  /** The offset that the next event will have. */
  long nextOffset() {
    return meta().nextOffset() + events.size();
  }

  void emit(Event.Builder event) {
    events.add(event);
  }

  /** Work at a UFS that follows from the events before; the caller waits for it under THROUGH. */
  void emitJob(Mount mount, Job.Builder job) {
    long id = newJob();
    job.setId(id).setMountId(mount.getId()).setCreatedNanos(nowNanos);
    emit(
        Event.newBuilder()
            .setJobCreated(io.curvine.protocol.proto.JobCreated.newBuilder().setJob(job)));
    if (mount.getWritePolicy() == WritePolicy.THROUGH) {
      result.addJobIds(id);
    }
  }

  /** Goes through Raft even where no event is emitted. */
  void requireEntry() {
    entryRequired = true;
  }

  boolean entryRequired() {
    return entryRequired;
  }

  CommandResult.Builder result() {
    return result;
  }

  List<Event.Builder> events() {
    return events;
  }
}
