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
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobStatus;
import java.util.ArrayList;
import java.util.List;

/** Writes jobs and the index of the paths that they touch. */
public final class JobsMutator {
  /** Jobs of trees that have ended are kept up to this count, then the oldest go. */
  private static final int ENDED_TREES_MAX = 1_000;

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
    for (ByteString path : JobsView.paths(job)) {
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
    for (ByteString path : JobsView.paths(job)) {
      writer.delete(ColumnFamily.JOB_PATHS, Keys.jobPath(job.getMountId(), path, job.getId()));
    }
    meta.add(Counter.JOB_COUNT, -1);
  }

  /** Keeps a job that failed for good until somebody says what is to become of it. */
  public void keepFailed(Job job) {
    writer.put(ColumnFamily.FAILED_JOBS, Keys.of(job.getId()), job);
    meta.add(Counter.FAILED_JOB_COUNT, 1);
  }

  /** Forgets a job that failed for good; an older version forgot some by itself. */
  public void dropFailed(long id) {
    if (view.failed(id) == null) {
      return;
    }
    writer.delete(ColumnFamily.FAILED_JOBS, Keys.of(id));
    meta.add(Counter.FAILED_JOB_COUNT, -1);
  }

  /** Adds the job of a tree, or has it begin anew; the oldest of many that have ended goes. */
  public void start(TreeJob job) {
    put(job);
    meta.raise(Counter.LAST_JOB, job.getId());
    List<Key> ended = new ArrayList<>();
    int[] count = {0};
    reader.scan(
        ColumnFamily.TREE_JOBS,
        Keys.EMPTY,
        null,
        (key, value) -> {
          if (value.getStatus() != TreeJobStatus.RUNNING) {
            count[0]++;
            if (ended.isEmpty()) {
              ended.add(key);
            }
          }
          return count[0] <= ENDED_TREES_MAX;
        });
    if (count[0] > ENDED_TREES_MAX) {
      writer.delete(ColumnFamily.TREE_JOBS, ended.get(0));
    }
  }

  /** Replaces the job of a tree. */
  public void put(TreeJob job) {
    writer.put(ColumnFamily.TREE_JOBS, Keys.of(job.getId()), job);
  }
}
