/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.cli.command;

import io.curvine.cli.Action;
import io.curvine.cli.CliException;
import io.curvine.cli.output.Json;
import io.curvine.client.CurvineClient;
import io.curvine.client.Namespace;
import io.curvine.client.Refs;
import io.curvine.protocol.proto.Entry;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.InodeType;
import io.curvine.protocol.proto.JobState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code curvine load}: fills the cache before somebody reads. */
@Command(
    name = "load",
    description = "Fill the cache with files, and wait until they are there.",
    mixinStandardHelpOptions = true)
public final class LoadCommand extends Action {
  /** Jobs of this command that are unfinished at a time. */
  private static final int JOBS_MAX = 256;

  private static final Duration POLL = Duration.ofSeconds(10);

  @Option(
      names = "--replicas",
      paramLabel = "N",
      defaultValue = "1",
      description = "Workers that each get a copy; default: ${DEFAULT-VALUE}.")
  private int replicas;

  @Option(names = "--no-wait", description = "Return when the work is ordered.")
  private boolean noWait;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "Files, or directories with all below.")
  private List<String> paths;

  private final Set<Long> pending = new TreeSet<>();
  private long files;
  private long bytes;
  private long failed;

  @Override
  protected void run() throws IOException {
    try (CurvineClient client = connect()) {
      Namespace namespace = client.namespace();
      for (String path : paths) {
        load(namespace, namespace.get(Refs.path(path), true).getInode());
      }
      while (!noWait && !pending.isEmpty()) {
        await(namespace);
      }
    }
    String what = noWait ? "ordered " : "loaded ";
    print(
        Json.object().put("files", files).put("bytes", bytes).put("failed", failed),
        what + (files - failed) + " files, " + io.curvine.cli.config.Units.showBytes(bytes) + "\n");
    if (failed > 0) {
      throw new CliException(failed + " of " + files + " files could not be loaded");
    }
  }

  private void load(Namespace namespace, Inode inode) throws IOException {
    if (inode.getType() == InodeType.DIRECTORY) {
      for (Entry entry : namespace.entries(Refs.inode(inode.getId()))) {
        load(namespace, entry.getInode());
      }
    } else if (inode.getType() == InodeType.FILE) {
      files++;
      bytes += inode.getLengthBytes();
      pending.addAll(namespace.load(inode.getId(), replicas));
      while (!noWait && pending.size() >= JOBS_MAX) {
        await(namespace);
      }
    }
  }

  /** Until some of the pending jobs are finished, or a while has gone. */
  private void await(Namespace namespace) throws IOException {
    List<Long> oldest = new ArrayList<>(pending).subList(0, Math.min(pending.size(), JOBS_MAX / 2));
    for (JobState job : namespace.jobs(oldest, POLL)) {
      if (job.getFinished()) {
        pending.remove(job.getJobId());
        if (!job.getSucceeded() && !job.getError().isEmpty()) {
          failed++;
          problem(new CliException("job " + job.getJobId() + ": " + job.getError()));
        }
      }
    }
  }
}
