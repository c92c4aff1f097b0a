/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import com.google.protobuf.ByteString;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.state.view.PathResolver.Place;
import io.curvine.master.state.view.TimeToLive;
import io.curvine.protocol.proto.Event;
import io.curvine.protocol.proto.ExpireFiles;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobCreated;
import io.curvine.protocol.proto.JobPart;
import io.curvine.protocol.proto.Mount;
import io.curvine.protocol.proto.Policy;
import io.curvine.protocol.proto.TtlAction;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Deletes files, and has cached copies dropped, that are past the time to live of their policy. All
 * is looked at again here, so what has changed since the leader found the files is passed over.
 */
final class ExpireDecider {
  private ExpireDecider() {}

  static void expire(ExpireFiles command, Context context) {
    int deleted = 0;
    for (long id : new LinkedHashSet<>(command.getDeletedList())) {
      Inode file = context.namespace().find(id);
      if (file != null && isDue(file, TtlAction.TTL_DELETE, context) && mayGo(file, context)) {
        delete(file, context);
        deleted++;
      }
    }
    command.getFreedList().forEach(job -> free(job, context));
    context.result().setExpired(deleted);
  }

  private static boolean isDue(Inode file, TtlAction action, Context context) {
    Policy policy = context.policies().effective(file);
    return policy.getTtlAction() == action
        && TimeToLive.isPast(file, policy, context.nowNanos())
        && !context.isDetached(file.getParent());
  }

  private static boolean mayGo(Inode file, Context context) {
    Mount mount = context.mounts().find(file.getMountId());
    return !file.hasLease()
        && !context.mounts().isInTrash(file)
        && (mount == null || Places.isWritable(mount))
        && context.mounts().rootedAt(file) == null;
  }

  private static void delete(Inode file, Context context) {
    Inode parent = context.namespace().require(file.getParent());
    ByteString name = file.getName();
    DeleteDeciders.remove(new Place(parent, name, file), false, context);
  }

  /** Of a job to drop cached copies, those parts that are due. */
  private static void free(Job job, Context context) {
    List<JobPart> due =
        job.getPartsList().stream()
            .filter(
                part -> {
                  Inode file = context.namespace().find(part.getInode());
                  return file != null
                      && NamespaceView.isFile(file)
                      && isDue(file, TtlAction.TTL_FREE, context);
                })
            .toList();
    if (!due.isEmpty()) {
      context.emit(
          Event.newBuilder()
              .setJobCreated(
                  JobCreated.newBuilder()
                      .setJob(
                          Job.newBuilder()
                              .setId(context.newJob())
                              .setKind(job.getKind())
                              .setWorkerId(job.getWorkerId())
                              .addAllParts(due)
                              .setCreatedNanos(context.nowNanos()))));
    }
  }
}
