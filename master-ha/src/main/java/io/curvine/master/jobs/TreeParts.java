/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.jobs;

import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobKind;
import io.curvine.protocol.proto.JobPart;
import io.curvine.protocol.proto.TreeJob;
import java.util.ArrayList;
import java.util.List;

/**
 * Divides files into jobs of about the same size: many small ones in one, a large one in several,
 * so that all workers have something to do. For one thread.
 */
final class TreeParts {
  private static final long JOB_BYTES = 256L << 20;
  private static final int JOB_PARTS = 256;

  /** Of one file; one that is larger than so many times {@link #JOB_BYTES} has larger runs. */
  private static final int FILE_JOBS_MAX = 1_000;

  private final TreeJob tree;
  private final List<Job.Builder> jobs = new ArrayList<>();

  TreeParts(TreeJob tree) {
    this.tree = tree;
  }

  /** How many jobs a load of a file is about, besides a share of one. */
  static int jobsOf(Inode file) {
    return (int) Math.min(FILE_JOBS_MAX, file.getLengthBytes() / JOB_BYTES);
  }

  /** All blocks of a file that has some. */
  void load(Inode file) {
    int blockBytes = file.getBlockSizeBytes();
    int blocks = (int) ((file.getLengthBytes() - 1) / blockBytes + 1);
    long runBytes = Math.max(JOB_BYTES, file.getLengthBytes() / FILE_JOBS_MAX);
    int run = (int) Math.max(1, runBytes / blockBytes);
    for (int first = 0; first < blocks; first += run) {
      int count = Math.min(run, blocks - first);
      long begin = (long) first * blockBytes;
      long end = Math.min(file.getLengthBytes(), begin + (long) count * blockBytes);
      Job.Builder job = roomFor(JobKind.LOAD_PARTS, end - begin);
      boolean last = first + count == blocks; // it may have grown until it is loaded
      job.addParts(part(file).setFirstBlock(first).setBlocks(last ? 0 : count))
          .setTier(tree.getTier())
          .setFiles(job.getFiles() + (last ? 1 : 0))
          .setBytes(job.getBytes() + end - begin);
    }
  }

  /** Whatever workers have of a file. */
  void free(Inode file) {
    Job.Builder job = roomFor(JobKind.FREE_PARTS, 0);
    job.addParts(part(file)).setFiles(job.getFiles() + 1);
  }

  private static JobPart.Builder part(Inode file) {
    return JobPart.newBuilder().setInode(file.getId());
  }

  private Job.Builder roomFor(JobKind kind, long bytes) {
    Job.Builder last = jobs.isEmpty() ? null : jobs.get(jobs.size() - 1);
    if (last == null
        || last.getPartsCount() == JOB_PARTS
        || (last.getPartsCount() > 0 && last.getBytes() + bytes > JOB_BYTES)) {
      last = Job.newBuilder().setKind(kind);
      jobs.add(last);
    }
    return last;
  }

  /** The jobs, for no worker yet. */
  List<Job.Builder> jobs() {
    return jobs;
  }
}
