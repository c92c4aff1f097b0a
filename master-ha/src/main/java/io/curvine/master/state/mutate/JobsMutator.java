/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.state.mutate;

import com.google.protobuf.ByteString;
import io.curvine.master.state.Codec.Member;
import io.curvine.master.state.ColumnFamily;
import io.curvine.master.state.Counter;
import io.curvine.master.state.Key;
import io.curvine.master.state.Keys;
import io.curvine.master.state.KvReader;
import io.curvine.master.state.KvWriter;
import io.curvine.master.state.Overlay;
import io.curvine.master.state.view.JobsView;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import java.util.ArrayList;
import java.util.List;

/** Writes jobs and the index of the paths that they touch. */
public final class JobsMutator {
  /** Jobs that failed for good are kept for operators up to this count, then the oldest go. */
  private static final int FAILED_JOBS_MAX = 1_000;

  private final KvReader reader;
  private final KvWriter writer;
  private final JobsView view;
  private final MetaMutator meta;

  JobsMutator(Overlay overlay, JobsView view, MetaMutator meta) {
    this.reader = overlay;
    this.writer = overlay;
    this.view = view;
    this.meta = meta;
  }

  public void add(Job job) {
    put(job);
    for (ByteString path : paths(job)) {
      writer.put(
          ColumnFamily.JOB_PATHS, Keys.jobPath(job.getMountId(), path, job.getId()), Member.MEMBER);
    }
    meta.raise(Counter.LAST_JOB, job.getId());
    meta.add(Counter.JOB_COUNT, 1);
  }

  /** Replaces an unfinished job; its paths stay. */
  public void put(Job job) {
    writer.put(ColumnFamily.JOBS, Keys.of(job.getId()), job);
  }

  /** Takes a finished job away. */
  public void remove(Job job) {
    if (view.find(job.getId()) == null) {
      throw new IllegalStateException("job " + job.getId() + " is not unfinished");
    }
    writer.delete(ColumnFamily.JOBS, Keys.of(job.getId()));
    for (ByteString path : paths(job)) {
      writer.delete(ColumnFamily.JOB_PATHS, Keys.jobPath(job.getMountId(), path, job.getId()));
    }
    meta.add(Counter.JOB_COUNT, -1);
  }

  /** Keeps a job that failed for good where it can be seen. */
  public void keepFailed(Job job) {
    writer.put(ColumnFamily.FAILED_JOBS, Keys.of(job.getId()), job);
    meta.add(Counter.FAILED_JOB_COUNT, 1);
    if (meta.count(Counter.FAILED_JOB_COUNT) > FAILED_JOBS_MAX) {
      List<Key> oldest = new ArrayList<>();
      reader.scan(
          ColumnFamily.FAILED_JOBS,
          Keys.EMPTY,
          null,
          (key, value) -> {
            oldest.add(key);
            return false;
          });
      writer.delete(ColumnFamily.FAILED_JOBS, oldest.get(0));
      meta.add(Counter.FAILED_JOB_COUNT, -1);
    }
  }

  /** Loading a file changes nothing at the UFS: it waits for no other job, and none for it. */
  private static List<ByteString> paths(Job job) {
    if (job.getKind() == JobKind.LOAD_FILE) {
      return List.of();
    }
    return job.getKind() == JobKind.UFS_RENAME
        ? List.of(job.getUfsPath(), job.getUfsTargetPath())
        : List.of(job.getUfsPath());
  }
}
