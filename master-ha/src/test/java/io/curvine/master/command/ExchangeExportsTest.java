/*
 * Copyright 2026 The Curvine Authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.curvine.master.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.curvine.master.query.QueryEngine;
import io.curvine.master.state.view.NamespaceView;
import io.curvine.master.workers.WorkerRegistry;
import io.curvine.protocol.proto.Command;
import io.curvine.protocol.proto.CommandResult;
import io.curvine.protocol.proto.FinishJob;
import io.curvine.protocol.proto.Inode;
import io.curvine.protocol.proto.Job;
import io.curvine.protocol.proto.UfsBinding;
import io.curvine.protocol.proto.WritePolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random exchanges, renames and writes under a mount whose UFS is a map, with jobs that are done
 * late and in any order that is allowed. No job meets what it does not expect, and in the end the
 * UFS holds what the namespace does, but for special files.
 */
final class ExchangeExportsTest extends CoreTest {
  private static final int COMMANDS = 8_000;
  private static final String DIRECTORY = "directory";

  /** What the UFS has at a path: a version with the inode whose content it is. */
  private record Held(String version, long inode) {}

  private final TreeMap<String, Held> ufs = new TreeMap<>();
  private Random random;
  private QueryEngine queries;
  private int versions;
  private int exchanged;

  @Test
  void theUfsFollows() {
    long seed = Long.getLong("curvine.seed", new Random().nextLong());
    System.out.println("ExchangeExportsTest: -Dcurvine.seed=" + seed);
    random = new Random(seed);
    queries =
        new QueryEngine(
            core.store(),
            new WorkerRegistry(Duration.ofSeconds(10), id -> false, System::nanoTime),
            option -> false);
    Command.Builder mount = Ask.mount("/", "file:///data");
    mount.getMountUfsBuilder().getMountBuilder().setWritePolicy(WritePolicy.BACK);
    core.accepted(mount);
    core.accepted(Ask.reconcile(1));
    for (int i = 0; i < COMMANDS; i++) {
      String when = "seed " + seed + " command " + i;
      step();
      for (int done = random.nextInt(4); done > 1; done--) {
        doOne(when);
      }
      if (i % 500 == 0) {
        finishAll(when);
      }
    }
    finishAll("seed " + seed + " at the end");
    assertThat(exchanged).as("seed " + seed).isGreaterThan(200);
  }

  private void step() {
    switch (random.nextInt(10)) {
      case 0 -> core.run(Ask.mkdir(path()));
      case 1, 2 -> write(Ask.create(path()));
      case 3 -> write(Ask.open(path(), false));
      case 4 -> core.run(Ask.fifo(path()));
      case 5 -> core.run(Ask.rename(path(), path()));
      case 6 -> core.run(random.nextBoolean() ? Ask.unlink(path()) : Ask.rmdir(path()));
      default -> {
        if (core.run(Ask.exchange(path(), path())) instanceof Decision.Accepted) {
          exchanged++;
        }
      }
    }
  }

  private void write(Command.Builder open) {
    if (core.run(open) instanceof Decision.Accepted accepted) {
      CommandResult file = accepted.result();
      long length = file.getInode().getLengthBytes() + 1;
      core.accepted(Ask.commit(file.getInode().getId(), file.getWriteVersion(), length, true));
    }
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    for (int depth = 1 + random.nextInt(3); depth > 0; depth--) {
      path.append('/').append((char) ('a' + random.nextInt(3)));
    }
    return path.toString();
  }

  /** Does a job that is behind no other; false: there is none. */
  private boolean doOne(String when) {
    List<Job> jobs = queries.runnableJobs(100, job -> false);
    if (jobs.isEmpty()) {
      return false;
    }
    Job job = jobs.get(random.nextInt(jobs.size()));
    String path = job.getUfsPath().toStringUtf8();
    String what = when + " " + job.getKind() + " " + path + " job " + job.getId();
    FinishJob.Builder done = FinishJob.newBuilder().setJobId(job.getId()).setSucceeded(true);
    switch (job.getKind()) {
      case UFS_MAKE_DIRECTORY -> {
        assertThat(ufs.put(path, new Held(DIRECTORY, 0))).as(what).isNull();
        done.setUfs(UfsBinding.getDefaultInstance());
      }
      case EXPORT_FILE -> export(job, path, what, done);
      case UFS_RENAME -> rename(job, path, what, done);
      case UFS_DELETE -> delete(job, path, what);
      default -> throw new AssertionError(what);
    }
    core.accepted(Command.newBuilder().setFinishJob(done));
    return true;
  }

  private void export(Job job, String path, String what, FinishJob.Builder done) {
    requireKnown(job, path, what);
    Held held = new Held("v" + ++versions, job.getInode());
    ufs.put(path, held);
    done.setUfs(UfsBinding.newBuilder().setVersion(held.version()));
  }

  private void rename(Job job, String from, String what, FinishJob.Builder done) {
    String to = job.getUfsTargetPath().toStringUtf8();
    requireKnown(job, from, what);
    Held moved = ufs.remove(from);
    assertThat(moved).as(what).isNotNull();
    requireReplaceable(job, to, what);
    boolean directory = moved.version().equals(DIRECTORY);
    // A store that copies gives the copy a version of its own.
    Held held =
        directory || random.nextBoolean() ? moved : new Held("c" + ++versions, moved.inode());
    TreeMap<String, Held> below = new TreeMap<>(ufs.subMap(from + "/", from + "0"));
    ufs.subMap(from + "/", from + "0").clear();
    ufs.put(to, held);
    below.forEach((path, each) -> ufs.put(to + path.substring(from.length()), each));
    done.setUfs(UfsBinding.newBuilder().setVersion(directory ? "" : held.version()));
  }

  private void delete(Job job, String path, String what) {
    requireReplaceable(job, path, what);
    assertThat(ufs.subMap(path + "/", path + "0")).as(what).isEmpty();
    ufs.remove(path);
  }

  /** The object of the job's file is as the masters say. */
  private void requireKnown(Job job, String path, String what) {
    Optional<String> known = queries.knownVersion(job);
    known.ifPresent(version -> assertThat(versionAt(path)).as(what).isEqualTo(version));
  }

  private void requireReplaceable(Job job, String path, String what) {
    if (job.getChecked()) {
      assertThat(versionAt(path)).as(what).isEqualTo(job.getKnownVersion());
    }
  }

  private String versionAt(String path) {
    Held held = ufs.get(path);
    return held == null ? "" : held.version();
  }

  private void finishAll(String when) {
    while (doOne(when)) {}
    assertThat(queries.unfinishedJobs(1, 0)).as(when).isEmpty();
    TreeMap<String, String> expected = new TreeMap<>();
    walk("", core.at("/"), expected);
    TreeMap<String, String> found = new TreeMap<>();
    ufs.forEach((path, held) -> found.put(path, held.inode() + " " + held.version()));
    assertThat(found).as(when).isEqualTo(expected);
  }

  private void walk(String path, Inode directory, Map<String, String> found) {
    List<Inode> children = new ArrayList<>();
    core.view()
        .namespace()
        .children(
            directory.getId(),
            ByteString.EMPTY,
            (name, id) -> children.add(core.view().namespace().require(id)));
    for (Inode child : children) {
      String at = path + child.getName().toStringUtf8();
      if (NamespaceView.isDirectory(child)) {
        found.put(at, "0 " + DIRECTORY);
        walk(at + "/", child, found);
      } else if (NamespaceView.isFile(child)) {
        found.put(at, child.getId() + " " + child.getUfs().getVersion());
      }
    }
  }
}
