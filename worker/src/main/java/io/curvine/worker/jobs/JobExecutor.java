/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.worker.jobs;

import com.google.protobuf.ByteString;
import io.curvine.protocol.CurvineException;
import io.curvine.protocol.proto.ErrorCode;
import io.curvine.protocol.proto.FileLayout;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.JobOrder;
import io.curvine.ufs.UnderFileSystem;
import io.curvine.worker.fill.UfsDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out one job. Thread-safe. Every job may be carried out twice. */
final class JobExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(JobExecutor.class);

  private final UfsDirectory ufsOf;
  private final FileContent content;
  private final PartRunner parts;

  JobExecutor(UfsDirectory ufsOf, FileContent content, PartRunner parts) {
    this.ufsOf = ufsOf;
    this.content = content;
    this.parts = parts;
  }

  Outcome run(JobOrder order) {
    Job job = order.getJob();
    try {
      return switch (job.getKind()) {
        case EXPORT_FILE -> export(order);
        case UFS_MAKE_DIRECTORY -> Outcome.done(ufs(job).makeDirectory(path(job)));
        case UFS_DELETE -> UfsChanges.delete(ufs(job), job);
        case UFS_RENAME -> UfsChanges.rename(ufs(job), order);
        case UFS_SYMLINK -> symlink(job);
        case LOAD_FILE -> parts.load(List.of(layout(order)), job);
        case LOAD_PARTS -> parts.load(layouts(order), job);
        case FREE_PARTS -> parts.free(job);
        case JOB_UNSPECIFIED, UNRECOGNIZED ->
            Outcome.failed("this worker does not know jobs of kind " + job.getKindValue());
      };
    } catch (IOException | RuntimeException e) {
      LOG.warn("job {} ({} {}) failed", job.getId(), job.getKind(), path(job), e);
      return Outcome.of(e);
    }
  }

  private UnderFileSystem ufs(Job job) throws IOException {
    return ufsOf.of(job.getMountId());
  }

  private static String path(Job job) {
    return job.getUfsPath().toStringUtf8();
  }

  private static FileLayout layout(JobOrder order) throws IOException {
    FileLayout layout = FileLayout.parseFrom(order.getLayout());
    if (!layout.hasInode()) {
      throw new CurvineException(
          ErrorCode.NOT_FOUND, "inode " + order.getJob().getInode() + " is gone");
    }
    return layout;
  }

  private static List<FileLayout> layouts(JobOrder order) throws IOException {
    List<FileLayout> layouts = new ArrayList<>();
    for (ByteString layout : order.getLayoutsList()) {
      layouts.add(FileLayout.parseFrom(layout));
    }
    return layouts;
  }

  private Outcome export(JobOrder order) throws IOException {
    FileLayout layout = layout(order);
    UfsChanges.Content whole =
        new UfsChanges.Content() {
          @Override
          public long lengthBytes() {
            return layout.getInode().getLengthBytes();
          }

          @Override
          public InputStream open() {
            return new FileContentStream(content, layout);
          }
        };
    return UfsChanges.export(ufs(order.getJob()), order, whole);
  }

  private Outcome symlink(Job job) throws IOException {
    if (!ufs(job).capabilities().symlinks()) {
      return Outcome.done();
    }
    return Outcome.done(ufs(job).makeSymlink(path(job), job.getSymlinkTarget().toStringUtf8()));
  }
}
