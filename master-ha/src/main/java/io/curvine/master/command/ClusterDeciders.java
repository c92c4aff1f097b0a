/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import io.curvine.master.state.Counter;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.Refused;
import io.curvine.protocol.proto.ClaimLeadership;
import io.curvine.protocol.proto.ClusterFormed;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.ForgetWorker;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.LeadershipClaimed;
import io.curvine.protocol.proto.RegisterWorker;
import io.curvine.protocol.proto.SetWorkerLeaving;
import io.curvine.protocol.proto.WorkerForgotten;
import io.curvine.protocol.proto.WorkerLeavingSet;
import io.curvine.protocol.proto.WorkerRecord;
import io.curvine.protocol.proto.WorkerRegistered;

/** Commands of the cluster itself. */
final class ClusterDeciders {
  private static final int ROOT_MODE = 0755;

  private ClusterDeciders() {}

  static void claim(ClaimLeadership command, Context context) {
    if (context.meta().clusterId().isEmpty()) {
      context.emit(
          Event.newBuilder()
              .setClusterFormed(
                  ClusterFormed.newBuilder()
                      .setClusterId(command.getProposedClusterId())
                      .setRoot(root(context.nowNanos()))));
    }
    context.emit(
        Event.newBuilder()
            .setLeadershipClaimed(
                LeadershipClaimed.newBuilder()
                    .setEpoch(context.meta().get(Counter.EPOCH) + 1)
                    .setNodeId(command.getNodeId())));
  }

  private static Inode root(long nowNanos) {
    return Inode.newBuilder()
        .setId(NamespaceView.ROOT)
        .setParent(NamespaceView.ROOT)
        .setType(InodeType.DIRECTORY)
        .setMode(ROOT_MODE)
        .setNlink(2)
        .setAtimeNanos(nowNanos)
        .setMtimeNanos(nowNanos)
        .setCtimeNanos(nowNanos)
        .build();
  }

  static void register(RegisterWorker command, Context context) throws Refused {
    if (command.getUuid().isEmpty() || command.getAddress().getHost().isEmpty()) {
      throw new Refused(
          ErrorCode.INVALID_ARGUMENT, "a worker registers with its uuid and its address");
    }
    WorkerRecord known = context.workers().findByUuid(command.getUuid());
    int id = known == null ? (int) context.meta().get(Counter.LAST_WORKER) + 1 : known.getId();
    WorkerRecord worker =
        (known == null ? WorkerRecord.newBuilder() : known.toBuilder())
            .setId(id)
            .setUuid(command.getUuid())
            .setAddress(command.getAddress())
            .build();
    context.result().setWorkerId(id).setClusterId(context.meta().clusterId());
    if (!worker.equals(known)) {
      context.emit(
          Event.newBuilder().setWorkerRegistered(WorkerRegistered.newBuilder().setWorker(worker)));
    }
  }

  /** Asked twice, it is done once: one that was a worker is none any more. */
  static void forget(ForgetWorker command, Context context) throws Refused {
    long id = Integer.toUnsignedLong(command.getWorkerId());
    WorkerRecord known = context.workers().find(command.getWorkerId());
    if (known == null) {
      if (id > 0 && id <= context.meta().get(Counter.LAST_WORKER)) {
        return;
      }
      throw unknown(command.getWorkerId(), context);
    }
    context.emit(
        Event.newBuilder().setWorkerForgotten(WorkerForgotten.newBuilder().setWorker(known)));
  }

  static void setLeaving(SetWorkerLeaving command, Context context) throws Refused {
    WorkerRecord known = context.workers().find(command.getWorkerId());
    if (known == null) {
      throw unknown(command.getWorkerId(), context);
    }
    if (known.getLeaving() != command.getLeaving()) {
      context.emit(
          Event.newBuilder()
              .setWorkerLeavingSet(
                  WorkerLeavingSet.newBuilder()
                      .setWorker(known.toBuilder().setLeaving(command.getLeaving()))));
    }
  }

  private static Refused unknown(int id, Context context) {
    return new Refused(
        ErrorCode.NOT_FOUND,
        "there is no worker "
            + Integer.toUnsignedLong(id)
            + "; the workers are "
            + context.workers().all().stream().map(WorkerRecord::getId).toList());
  }
}
