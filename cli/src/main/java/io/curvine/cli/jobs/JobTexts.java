/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.curvine.cli.config.Units;
import io.curvine.cli.output.Json;
import io.curvine.cli.output.Printable;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobState;
import io.curvine.protocol.proto.TreeJob;
import io.curvine.protocol.proto.TreeJobKind;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Jobs as people and programs read them. Stateless. */
final class JobTexts {
  private JobTexts() {}

  /** What has become of the job of a tree, in a line. */
  static String line(TreeJob job) {
    String done =
        switch (job.getKind()) {
          case LOAD -> "loaded ";
          case EXPORT -> "exported ";
          default -> "freed ";
        };
    StringBuilder text = new StringBuilder(done).append(files(job.getFilesDone()));
    if (job.getKind() != TreeJobKind.FREE) {
      text.append(", ").append(Units.showBytes(job.getBytesDone()));
    }
    if (job.getFilesSkipped() > 0) {
      text.append("; ").append(skipped(job));
    }
    return text.append(" (job ").append(job.getId()).append(')').toString();
  }

  private static String skipped(TreeJob job) {
    String files = files(job.getFilesSkipped());
    return switch (job.getKind()) {
      case EXPORT -> "the UFS has " + files + " already";
      case FREE -> "pinned, and kept: " + files;
      default -> "the UFS does not have " + files;
    };
  }

  static String files(long count) {
    return count + (count == 1 ? " file" : " files");
  }

  /** Why it is not done. */
  static String failure(TreeJob job) {
    String what =
        switch (job.getStatus()) {
          case CANCELLED -> "job " + job.getId() + " was cancelled";
          default ->
              job.getFilesFailed() > 0
                  ? job.getFilesFailed()
                      + " of "
                      + files(job.getFiles())
                      + " of job "
                      + job.getId()
                      + " failed"
                  : "job " + job.getId() + " failed";
        };
    return job.getErrorsCount() == 0 ? what : what + ": " + Printable.of(job.getErrors(0));
  }

  static ObjectNode json(TreeJob job) {
    ObjectNode json =
        Json.object()
            .put("id", job.getId())
            .put("kind", lower(job.getKind()))
            .put("path", job.getPath().toStringUtf8())
            .put("status", lower(job.getStatus()))
            .put("user", job.getUser())
            .put("created", time(job.getCreatedNanos()))
            .put("ended", job.getEndedNanos() == 0 ? null : time(job.getEndedNanos()))
            .put("walked", job.getWalked())
            .put("files", job.getFiles())
            .put("bytes", job.getBytes())
            .put("filesDone", job.getFilesDone())
            .put("bytesDone", job.getBytesDone())
            .put("filesFailed", job.getFilesFailed())
            .put("filesSkipped", job.getFilesSkipped())
            .put("openJobs", job.getOpenJobs());
    if (job.getKind() == TreeJobKind.LOAD) {
      json.put("replicas", job.getReplicas());
    }
    job.getErrorsList().forEach(json.putArray("errors")::add);
    return json;
  }

  static ObjectNode json(JobState state) {
    if (state.hasTree()) {
      return json(state.getTree());
    }
    Job job = state.getJob();
    return Json.object()
        .put("id", state.getJobId())
        .put("kind", lower(job.getKind()))
        .put("status", status(state))
        .put("mount", job.getMountId())
        .put("inode", job.getInode())
        .put("path", job.getUfsPath().toStringUtf8())
        .put("target", job.getUfsTargetPath().toStringUtf8())
        .put("created", time(job.getCreatedNanos()))
        .put("attempts", job.getAttempts())
        .put("error", state.getError())
        .put("treeJob", job.getTreeJob());
  }

  static String status(JobState state) {
    return state.getFinished() ? "failed" : "pending";
  }

  /** What a job touches, in few words. */
  static String target(Job job) {
    return switch (job.getKind()) {
      case LOAD_PARTS, FREE_PARTS ->
          job.getPartsCount() + " parts for worker " + Integer.toUnsignedString(job.getWorkerId());
      case UFS_RENAME ->
          Printable.of(job.getUfsPath()) + " to " + Printable.of(job.getUfsTargetPath());
      default -> Printable.of(job.getUfsPath());
    };
  }

  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static String time(long nanos) {
    return Instant.EPOCH.plusNanos(nanos).truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
